using System.Collections.Frozen;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Server.Api.Status;

namespace Mayu.Server.Api.Doctor;

/// <summary>
/// Other DHCP servers on the main interface. In mode auto they are known; in the other modes they are asked for, once, since an operator wants to know
/// it now (ADR 51).
/// </summary>
internal sealed class OtherServersCheck(NetbootSettings settings, EngineStatus engine, TimeProvider clock, ILogger log) : IDoctorCheck
{
    // dnsmasq takes 3 s to see whether an address is free before it offers it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public string Id => "dhcp-servers";

    /// <inheritdoc/>
    public TimeSpan Limit => Patience + TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (settings.Interface is not { } name)
        {
            findings.Unknown("with engine external and without network.interface, no other DHCP server can be asked for", "Set network.interface to the interface that machines boot from.");
            return "";
        }

        if (engine.FindingOn(name) is { } finding)
        {
            return Known(finding, name);
        }

        if (!BootInterface.TryFind(name, settings.Network.ServerAddress, "network", out var nic, out var problem))
        {
            findings.Unknown(problem);
            return "";
        }

        var (servers, whyNot) = await OtherServerSearch.AskAsync(nic, settings.BootAddresses.ToFrozenSet(), Patience, clock, log, cancellation);
        if (whyNot is not null)
        {
            findings.Unknown($"no other DHCP server can be asked for: {whyNot}");
            return "";
        }

        return GivesAddresses ? Alone(findings, servers, name) : Beside(findings, servers, name);
    }

    private bool GivesAddresses => settings.Engine != EngineKind.External && settings.Dhcp.Mode == DhcpMode.Server;

    private static string Known(AutoFinding finding, string nic) =>
        finding.Others.Count > 0 ? $"{Named(finding.Others)} on {nic}, so Mayu sends only the boot file (dhcp.mode: auto)"
        : finding.GivesAddresses ? $"no other DHCP server answers on {nic}: Mayu gives addresses (dhcp.mode: auto)"
        : $"other DHCP servers are being looked for on {nic} (dhcp.mode: auto)";

    private static string Alone(Findings findings, IReadOnlyList<Ipv4> servers, string nic)
    {
        if (servers.Count > 0)
        {
            findings.Error(
                $"{Named(servers)} on {nic}, and so does Mayu (dhcp.mode: server): machines take either offer, and may get no boot file or an address that another one has",
                "Stop the other server; or set dhcp.mode: proxy, and Mayu sends only the boot file (docs/external.md).");
        }

        return $"no other DHCP server answers on {nic}";
    }

    private static string Beside(Findings findings, IReadOnlyList<Ipv4> servers, string nic)
    {
        if (servers.Count == 0)
        {
            findings.Warn(
                $"no DHCP server answers on {nic}, and Mayu gives no addresses there: machines cannot boot",
                "Start the other DHCP server, and see that its pool is not full; or set dhcp.mode: server. A server that answers only the machines it knows is not seen here.");
        }

        return $"{Named(servers)} on {nic}, and gives the addresses";
    }

    private static string Named(IReadOnlyList<Ipv4> servers) =>
        servers.Count == 1 ? $"another DHCP server, {servers[0]}, answers" : $"other DHCP servers, {string.Join(", ", servers)}, answer";
}
