using Mayu.Core.Boot;
using Mayu.Server.Configuration;
using Mayu.Server.Dnsmasq;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>Opens the engine that the configuration names.</summary>
internal static class EngineChoice
{
    /// <summary>Opens it; its ports are taken and nothing is answered yet.</summary>
    /// <param name="nic">The interface; null only where the engine is external.</param>
    /// <param name="configuration">Which engine, and what it is to do.</param>
    /// <param name="decisions">The brain.</param>
    /// <param name="files">What TFTP serves.</param>
    /// <param name="addresses">Is told to ask the engine whose an address is.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs leases and time-outs.</param>
    /// <param name="logs">Makes the logs.</param>
    /// <param name="engine">The engine; null where it is external: then nobody here binds the ports of DHCP and TFTP.</param>
    /// <param name="problem">Why there is none, as a sentence that says what to mend; null on success.</param>
    public static bool TryOpen(
        BootInterface? nic, MayuConfiguration configuration, BootDecisions decisions, TftpFiles files, ClientAddresses addresses,
        BootTrace trace, TimeProvider clock, ILoggerFactory logs,
        out IBootEngine? engine, out string? problem)
    {
        (engine, problem) = (null, null);
        if (nic is null || configuration.Engine == EngineKind.External)
        {
            return true;
        }

        if (configuration.Engine == EngineKind.Dnsmasq)
        {
            var started = DnsmasqEngine.TryOpen(nic, configuration, decisions, decisions, addresses, trace, clock, logs, out var dnsmasq, out problem);
            engine = dnsmasq;
            return started;
        }

        var opened = BuiltinEngine.TryOpen(nic, configuration, decisions, files, addresses, trace, clock, logs, out var builtin, out problem);
        engine = builtin;
        return opened;
    }
}
