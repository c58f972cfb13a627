using System.Globalization;
using System.Text;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Server.BootHttp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Explain;

/// <summary>
/// The engine <c>builtin</c>: it is decided about the client's own packet as about those on the wire, with the configuration, the planner and a copy of
/// the leases. The decision is the explanation.
/// </summary>
/// <param name="boot">The planner and the configuration.</param>
/// <param name="engine">The running engine, for its leases.</param>
internal sealed class ExplainBuiltin(BootContext boot, IBootEngine engine) : IExplainedEngine
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
        [.. ExplainedNetwork.All(boot.Configuration.Netboot.ServedSubnets).Select(one => one.Settings).Where(settings => settings.Interface == network.Settings.Interface)];

    private static DhcpClientReader ReaderOf(List<DhcpSubnet> subnets) => new(subnets, NullLogger.Instance);

    private ProxyDecider ProxyAt(List<DhcpSubnet> subnets) => new(subnets.Single(subnet => subnet.Relays.Count == 0), boot.Decisions);

    // The copy of the leases is taken for one packet: what it is offered, nobody holds.
    private DhcpDecider ServerAt(List<DhcpSubnet> subnets)
    {
        var (leases, clients) = (engine.Leases.ToList(), new ClientTable(boot.Decisions, boot.Clock));
        var scopes = subnets.Select(settings => new DhcpScope(settings, boot.Decisions, log: null, clients, boot.Clock)).ToList();
        scopes.ForEach(scope => scope.Restore(leases));
        return new DhcpDecider(new DhcpScopes(scopes), boot.Decisions, log: null);
    }

    private static ExplainedAnswer Unread(ExplainedNetwork network, ExplainedClient client) => ExplainedAnswer.Silence(
        network.Settings.Dhcp.Ignored.Contains(client.Mac) ? "the configuration says to ignore this MAC (dhcp.ignore)" : "the packet is not answered");

    private ExplainedAnswer Describe(ExplainedNetwork network, in DhcpDecision decision) => decision.Kind switch
    {
        DhcpDecisionKind.Offer => new ExplainedAnswer(true, $"an address ({decision.Address} as things stand), and {FileIn(network, decision.File)}{Later(decision)}"),
        // On port 4011 it has an address, and nothing waits there.
        DhcpDecisionKind.Proxy when decision.Asked is null => new ExplainedAnswer(true, FileIn(network, decision.File)),
        DhcpDecisionKind.Proxy => new ExplainedAnswer(true, $"no address, and {FileIn(network, decision.File)}{Later(decision)}"),
        DhcpDecisionKind.None => ExplainedAnswer.Silence("the packet is not answered"),
        _ => ExplainedAnswer.Silence(decision.Reason.ToString()),
    };

    private string FileIn(ExplainedNetwork network, BootFile? file) => file is null ? "no boot file"
        : BootFile.IsUrl(file.Name) ? $"the URL {file.Name}"
        : $"the boot file {file.Name} by TFTP from {network.Settings.Network.ServerAddress} ({FileOf(file.Name)})";

    private static string Later(in DhcpDecision decision) =>
        decision.File?.Manner.DelayMilliseconds is null or 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {decision.File.Manner.DelayMilliseconds / 1000.0} s (pxe.quirks)");

    private string FileOf(string name)
    {
        if (!boot.Configuration.Netboot.Tftp.IsEnabled)
        {
            return "by a TFTP server of yours: tftp.enabled is false";
        }

        if (!boot.Files.TryOpen(Encoding.ASCII.GetBytes(name), client: default, out var file, out _, out var message))
        {
            return $"missing: {message}";
        }

        using (file)
        {
            return $"{file.Size} bytes";
        }
    }
}
