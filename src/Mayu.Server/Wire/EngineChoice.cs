using Mayu.Core.Boot;
using Mayu.Server.Configuration;
using Mayu.Server.Dnsmasq;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>Opens the engine that the configuration names.</summary>
internal static class EngineChoice
{
    /// <summary>Opens it; its ports are taken and nothing is answered yet.</summary>
    /// <param name="nic">The interface; null only where the engine is external: then nobody here binds the ports of DHCP and TFTP.</param>
    /// <param name="configuration">Which engine, and what it is to do.</param>
    /// <param name="decisions">The brain.</param>
    /// <param name="files">What TFTP serves.</param>
    /// <param name="addresses">Is told to ask the engine whose an address is.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs leases and time-outs.</param>
    /// <param name="logs">Makes the logs.</param>
    public static async ValueTask<EngineOpening> OpenAsync(
        BootInterface? nic, MayuConfiguration configuration, BootDecisions decisions, TftpFiles files, ClientAddresses addresses,
        BootTrace trace, TimeProvider clock, ILoggerFactory logs)
    {
        if (nic is null || configuration.Engine == EngineKind.External)
        {
            return default;
        }

        if (configuration.Engine == EngineKind.Dnsmasq)
        {
            return DnsmasqEngine.TryOpen(nic, configuration, decisions, decisions, files, addresses, trace, clock, logs, out var dnsmasq, out var problem)
                ? new EngineOpening(dnsmasq)
                : new EngineOpening(Problem: problem);
        }

        return await BuiltinEngine.OpenAsync(nic, configuration, decisions, files, addresses, trace, clock, logs);
    }
}
