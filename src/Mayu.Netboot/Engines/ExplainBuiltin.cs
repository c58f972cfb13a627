using System.Globalization;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Engines;

/// <summary>
/// The engine <c>builtin</c>: it is decided about the client's own packet as about those on the wire, with the configuration, the planner and a copy of
/// the leases. The decision is the explanation.
/// </summary>
/// <param name="parts">What the engine works with.</param>
/// <param name="engine">The running engine, for its leases.</param>
internal sealed class ExplainBuiltin(EngineParts parts, IBootEngine engine) : IExplainedEngine
{
    /// <inheritdoc/>
    public ExplainedAnswer Dhcp(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        var subnets = SubnetsAt(network);
        return !ReaderOf(subnets).TryRead(client.Discover(network), out var asking) ? Unread(network, client)
            : Describe(network, asProxy ? ProxyAt(subnets).Decide(asking) : ServerAt(subnets).Decide(asking));
    }

    /// <inheritdoc/>
    public ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        var subnets = SubnetsAt(network);
        var sender = new Ipv4(network.Subnet.Broadcast.Value - 1);
        return !ReaderOf(subnets).TryRead(client.BootServerRequest(sender), out var asking) ? Unread(network, client)
            : Describe(network, ProxyAt(subnets).DecideAsBootServer(asking, sender));
    }

    // All that hears the client's interface.
    private List<DhcpSubnet> SubnetsAt(ExplainedNetwork network) =>
        [.. parts.Settings.ServedSubnets.Where(subnet => subnet.Interface == network.Settings.Interface)];

    private static DhcpClientReader ReaderOf(List<DhcpSubnet> subnets) => new(subnets, NullLogger.Instance);

    private ProxyDecider ProxyAt(List<DhcpSubnet> subnets) => new(subnets.Single(subnet => subnet.Relays.Count == 0), parts.Answers);

    // The copy of the leases is taken for one packet: what it is offered, nobody holds.
    private DhcpDecider ServerAt(List<DhcpSubnet> subnets)
    {
        var (leases, clients) = (engine.Leases.ToList(), new ClientTable(parts.Answers, parts.Clock));
        var scopes = subnets.Select(settings => new DhcpScope(settings, parts.Answers, log: null, clients, parts.Clock)).ToList();
        scopes.ForEach(scope => scope.Restore(leases));
        return new DhcpDecider(new DhcpScopes(scopes), parts.Answers, log: null);
    }

    private static ExplainedAnswer Unread(ExplainedNetwork network, ExplainedClient client) => ExplainedAnswer.Silence(
        network.Settings.Dhcp.Ignored.Contains(client.Mac) ? "the configuration ignores this MAC (dhcp.ignore)" : "the packet is not answered");

    private ExplainedAnswer Describe(ExplainedNetwork network, in DhcpDecision decision) => decision.Kind switch
    {
        DhcpDecisionKind.Offer => new ExplainedAnswer(true, $"an address ({decision.Address} at the moment), and {FileIn(network, decision.File)}{Later(decision)}"),
        // On port 4011 it has an address, and nothing waits there.
        DhcpDecisionKind.Proxy when decision.Asked is null => new ExplainedAnswer(true, FileIn(network, decision.File)),
        DhcpDecisionKind.Proxy => new ExplainedAnswer(true, $"no address, and {FileIn(network, decision.File)}{Later(decision)}"),
        DhcpDecisionKind.None => ExplainedAnswer.Silence("the packet is not answered"),
        _ => ExplainedAnswer.Silence(decision.Reason.ToString()),
    };

    private string FileIn(ExplainedNetwork network, BootFile? file) => file is null ? "no boot file"
        : BootFile.IsUrl(file.Name) ? $"the URL {file.Name}"
        : $"the boot file {file.Name} by TFTP from {network.Settings.Network.ServerAddress} ({(
            parts.Settings.Tftp.IsEnabled ? parts.Files.Describe(file.Name) : "by another TFTP server: tftp.enabled is false")})";

    private static string Later(in DhcpDecision decision) =>
        decision.File?.DelayMilliseconds is null or 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {decision.File.DelayMilliseconds / 1000.0} s (pxe.quirks)");
}
