using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>
/// All of DHCP on one interface: port 67 as server, as proxy, or as whichever is right at the moment; port 4011 in each of them; and
/// in mode auto the watch for other servers.
/// </summary>
internal sealed class DhcpService : ILeaseHolder, IDisposable
{
    private readonly DhcpSender _sender;
    private readonly DhcpListener _listener;
    private readonly BootServerListener _bootServer;
    private readonly DhcpResponder? _server;
    private readonly OtherServerWatch? _watch;

    private DhcpService(DhcpSender sender, DhcpListener listener, BootServerListener bootServer, DhcpResponder? server, OtherServerWatch? watch) =>
        (_sender, _listener, _bootServer, _server, _watch) = (sender, listener, bootServer, server, watch);

    /// <summary>The interface.</summary>
    public string Interface => _sender.Interface.Name;

    /// <summary>What mode auto found; null in the others.</summary>
    public AutoFinding? Finding => Auto?.Find();

    /// <summary>What an operator should know of it, if anything.</summary>
    public IEnumerable<string> Remarks => (Auto?.Remarks(Interface) ?? []).Concat(Occupants.SelectMany(pool => pool.Remarks));

    /// <summary>Which addresses of the pools here strangers use.</summary>
    public IEnumerable<Occupants> Occupants => _server?.Decider.Occupants ?? [];

    /// <summary>Whether it gives addresses at present.</summary>
    public bool GivesAddresses => _server is not null && Auto is not { GivesAddresses: false };

    /// <summary>How the addresses of the pools here are used; none while it gives no addresses.</summary>
    public IReadOnlyList<DhcpPoolUse> Pools => GivesAddresses ? _server!.Decider.Pools : [];

    /// <summary>The leases here, and the offers that wait.</summary>
    public IReadOnlyList<PoolLease> Leases => _server?.Decider.Leases ?? [];

    /// <summary>The other DHCP servers that answer at present; in mode auto alone they are looked for.</summary>
    public IReadOnlyList<Ipv4> OtherServers => Auto?.Others ?? [];

    private AutoMode? Auto => _watch?.Mode;

    /// <summary>Takes the ports. From here on packets queue; <see cref="Run"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="subnets">The interface's own subnet, and those behind relays that send to it.</param>
    /// <param name="parts">What all links share.</param>
    /// <param name="service">The service.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, IReadOnlyList<DhcpSubnet> subnets, BootLinkParts parts,
        [NotNullWhen(true)] out DhcpService? service, [NotNullWhen(false)] out string? problem)
    {
        service = null;
        var engine = parts.Engine;
        OtherServerWatch? watch = null;
        if (parts.Dhcp.Mode == DhcpMode.Auto && !OtherServerWatch.TryOpen(
            nic, [.. engine.Settings.BootAddresses], new AutoMode(parts.Dhcp.AutoInterval), engine.Clock, engine.Logs.CreateLogger<OtherServerWatch>(), out watch, out problem))
        {
            return false;
        }

        var reader = new DhcpClientReader(subnets, engine.Logs.CreateLogger<DhcpClientReader>());
        var marks = new DhcpMarks(engine.Trace, engine.Clients, engine.Logs.CreateLogger<DhcpResponder>());
        var proxy = new ProxyResponder(reader, subnets.Single(subnet => subnet.Relays.Count == 0), engine.Answers, engine.Clients, marks);
        if (!DhcpSender.TryOpen(nic, parts.Journal, engine.Clock, engine.Logs.CreateLogger<DhcpSender>(), out var sender, out problem))
        {
            watch?.Dispose();
            return false;
        }

        if (!BootServerListener.TryOpen(nic, proxy, engine.Logs.CreateLogger<BootServerListener>(), out var bootServer, out problem))
        {
            watch?.Dispose();
            sender.Dispose();
            return false;
        }

        var server = parts.Dhcp.Mode == DhcpMode.Proxy ? null : NewServer(nic, subnets, parts, reader, marks, sender);
        IDhcpResponder responder = server is null ? proxy : watch is null ? server : new AutoResponder(server, proxy, watch.Mode, watch.Discovery);
        service = new DhcpService(sender, new DhcpListener(sender, responder, engine.Clock, engine.Logs.CreateLogger<DhcpListener>()), bootServer, server, watch);
        return true;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LeaseRecord> Records() => _server?.Decider.Records() ?? [];

    /// <inheritdoc/>
    public void Release(long durable) => _sender.Release(durable);

    /// <summary>Begins to answer, until the token ends it.</summary>
    /// <returns>Its loops.</returns>
    public IReadOnlyList<Task> Run(CancellationToken cancellationToken) =>
    [
        _listener.RunAsync(cancellationToken),
        _bootServer.RunAsync(cancellationToken),
        .. _watch is null ? [] : (Task[])[_watch.RunAsync(cancellationToken)],
    ];

    /// <summary>Ends what waits for the wire.</summary>
    public ValueTask EndAsync() => _server?.DisposeAsync() ?? default;

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        _listener.Dispose();
        _sender.Dispose();
        _bootServer.Dispose();
    }

    private static DhcpResponder NewServer(
        BootInterface nic, IReadOnlyList<DhcpSubnet> subnets, BootLinkParts parts, DhcpClientReader reader, DhcpMarks marks, DhcpSender sender)
    {
        var engine = parts.Engine;
        var behind = parts.Dhcp.Probes && subnets.Any(subnet => subnet.Relays.Count > 0) ? parts.ProbeBehind(nic) : null;
        var scopes = subnets.Select(subnet => new DhcpScope(subnet, engine.Answers, parts.Journal, engine.Clients, engine.Clock)
        {
            Probe = subnet.Relays.Count > 0 ? behind : parts.Dhcp.Probes ? parts.ProbeOn(nic) : null,
        }).ToList();
        scopes.ForEach(scope => scope.Restore(parts.Journal.Restored));
        var decider = new DhcpDecider(new DhcpScopes(scopes), engine.Answers, parts.Journal);
        return new DhcpResponder(reader, engine.Answers, decider, marks, new ParkedDiscovers(reader, decider, marks, sender, engine.Logs.CreateLogger<ParkedDiscovers>()));
    }
}
