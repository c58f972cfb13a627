using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;
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
internal sealed class DhcpService : IDisposable
{
    private readonly BootInterface _nic;
    private readonly DhcpResponder? _server;
    private readonly ProxyResponder _proxy;
    private readonly DhcpListener _listener;
    private readonly BootServerListener _bootServer;
    private readonly AutoMode? _auto;
    private readonly OtherServerWatch? _watch;

    private DhcpService(
        BootInterface nic, DhcpResponder? server, ProxyResponder proxy, DhcpListener listener, BootServerListener bootServer,
        AutoMode? auto, OtherServerWatch? watch)
    {
        _nic = nic;
        _server = server;
        _proxy = proxy;
        _listener = listener;
        _bootServer = bootServer;
        _auto = auto;
        _watch = watch;
    }

    /// <summary>The interface.</summary>
    public string Interface => _nic.Name;

    /// <summary>What mode auto found; null in the others.</summary>
    public AutoFinding? Finding => _auto?.Find();

    /// <summary>Its leases that outlive a restart.</summary>
    public IReadOnlyList<LeaseRecord> Leases => _server?.Records() ?? [];

    /// <summary>What an operator should know of it, if anything.</summary>
    public IEnumerable<string> Remarks => (_auto?.Remarks(_nic.Name) ?? []).Concat(Occupants.SelectMany(pool => pool.Remarks));

    /// <summary>Which addresses of the pools here strangers use.</summary>
    public IEnumerable<Occupants> Occupants => _server?.Occupants ?? [];

    /// <summary>How the addresses of the pools here are used; none while it gives no addresses.</summary>
    public IReadOnlyList<DhcpPoolUse> Pools => _server is null || _auto is { GivesAddresses: false } ? [] : _server.Pools;

    /// <summary>The other DHCP servers that answer at present; in mode auto alone they are looked for.</summary>
    public IReadOnlyList<Ipv4> OtherServers => _auto?.Others ?? [];

    /// <summary>Takes the ports. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="subnets">The interface's own subnet, and those behind relays that send to it.</param>
    /// <param name="parts">What all links share.</param>
    /// <param name="service">The service.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, IReadOnlyList<DhcpSettings> subnets, BootLinkParts parts,
        [NotNullWhen(true)] out DhcpService? service, [NotNullWhen(false)] out string? problem)
    {
        service = null;
        var proxy = new ProxyResponder(subnets, parts.Answers, parts.Trace, parts.Logs.CreateLogger<ProxyResponder>());
        var server = parts.Mode == DhcpMode.Proxy ? null : NewServer(nic, subnets, parts);
        IDhcpResponder responder = server is null ? proxy : server;
        var (auto, watch) = ((AutoMode?)null, (OtherServerWatch?)null);
        if (parts.Mode == DhcpMode.Auto)
        {
            auto = new AutoMode();
            if (!OtherServerWatch.TryOpen(nic, parts.OwnAddresses, auto, parts.AutoInterval, parts.Clock, parts.Logs.CreateLogger<OtherServerWatch>(), out watch, out problem))
            {
                return false;
            }

            responder = new AutoResponder(server!, proxy, auto, watch.Discovery);
        }

        if (!DhcpListener.TryOpen(nic, responder, parts.Journal, parts.Logs.CreateLogger<DhcpListener>(), out var listener, out problem))
        {
            watch?.Dispose();
            return false;
        }

        if (!BootServerListener.TryOpen(nic, proxy, parts.Logs.CreateLogger<BootServerListener>(), out var bootServer, out problem))
        {
            watch?.Dispose();
            listener.Dispose();
            return false;
        }

        server?.Outlet = listener;
        service = new DhcpService(nic, server, proxy, listener, bootServer, auto, watch);
        return true;
    }

    /// <summary>Has the journal write down what is leased here, and tell when it is durable.</summary>
    public void KeepLeasesIn(LeaseJournal journal)
    {
        if (_server is not null)
        {
            journal.Add(_server.Records);
            journal.WhenDurable(_listener.Release);
        }
    }

    /// <summary>Answers until the token ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _listener.RunAsync(cancellationToken), _bootServer.RunAsync(cancellationToken), _watch?.RunAsync(cancellationToken) ?? Task.CompletedTask);

    /// <summary>Ends what waits for the wire.</summary>
    public ValueTask EndAsync() => _server?.DisposeAsync() ?? default;

    /// <summary>Whose address this is at present, as far as it is known. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address) => _server?.FindClient(address) ?? _proxy.FindClient(address);

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        _listener.Dispose();
        _bootServer.Dispose();
    }

    private static DhcpResponder NewServer(BootInterface nic, IReadOnlyList<DhcpSettings> subnets, BootLinkParts parts)
    {
        var behind = subnets.Any(subnet => subnet.Relays.Count > 0) ? parts.ProbeBehind(nic) : null;
        var scopes = subnets.Select(subnet => new DhcpScope(subnet, parts.Answers, parts.Journal, parts.Clock)
        {
            Probe = subnet.Relays.Count == 0 ? parts.ProbeOn(nic) : behind,
        }).ToList();
        scopes.ForEach(scope => scope.Restore(parts.Journal.Restored));
        return new DhcpResponder(scopes, parts.Answers, parts.Trace, parts.Journal, parts.Logs.CreateLogger<DhcpResponder>());
    }
}
