using Mayu.Netboot.Net;

namespace Mayu.Netboot.Engines;

/// <summary>Opens the engine that the configuration names.</summary>
internal static class BootEngine
{
    /// <summary>Opens it; its ports are taken and nothing is answered yet.</summary>
    /// <param name="nic">The main interface; null where the engine is external: then nobody here binds the ports of DHCP and TFTP.</param>
    /// <param name="parts">What it works with.</param>
    /// <exception cref="EngineException">It cannot be opened; nothing is left open.</exception>
    public static async ValueTask<IBootEngine> OpenAsync(BootInterface? nic, EngineParts parts) => parts.Settings.Engine switch
    {
        _ when nic is null => new ExternalEngine(parts),
        EngineKind.Dnsmasq => DnsmasqEngine.Open(nic, parts),
        _ => await BuiltinEngine.OpenAsync(nic, parts),
    };
}
