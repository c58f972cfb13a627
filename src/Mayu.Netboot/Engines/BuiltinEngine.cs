using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Files;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>The engine <c>builtin</c>: DHCP and TFTP in this process, on the chosen interfaces only.</summary>
internal sealed class BuiltinEngine : IBootEngine
{
    private readonly EngineLoops _loops = new();
    private readonly BootLinkParts _parts;
    private readonly List<BootLink> _links = [];
    private readonly List<InterfaceWatch> _watches = [];

    private BuiltinEngine(BootLinkParts parts) => _parts = parts;

    /// <inheritdoc/>
    /// <remarks>Its sockets are this process's own, and its loops end with it; but the disk may fail, and an interface go.</remarks>
    public string? Trouble => _parts.Journal.Trouble ?? _watches.Find(watch => watch.Trouble is not null)?.Trouble;

    /// <inheritdoc/>
    public IEnumerable<string> Remarks => _links.SelectMany(link => link.Dhcp.Remarks);

    /// <inheritdoc/>
    public int OtherDhcpServers => _links.Sum(link => link.Dhcp.OtherServers.Count);

    /// <inheritdoc/>
    public IEnumerable<OccupiedAddress> Occupied => _links.SelectMany(link => link.Dhcp.Occupants).SelectMany(pool => pool.All);

    /// <inheritdoc/>
    public IEnumerable<DhcpPoolUse> Pools => _links.SelectMany(link => link.Dhcp.Pools);

    /// <inheritdoc/>
    public IEnumerable<PoolLease> PoolLeases => _links.SelectMany(link => link.Dhcp.Leases);

    /// <inheritdoc/>
    public string? UnknownLeases => _links.Find(link => !link.Dhcp.GivesAddresses) is { Dhcp.Interface: var nic }
        ? $"On {nic} Mayu gives out no addresses (dhcp.mode), and does not know the leases of the DHCP server that does."
        : null;

    /// <inheritdoc/>
    public int UntrustedMacs => _links.SelectMany(link => link.Dhcp.Occupants).Sum(pool => pool.UntrustedMacs);

    /// <inheritdoc/>
    public IEnumerable<LeaseRecord> Leases => _links.SelectMany(link => link.Dhcp.Records());

    /// <inheritdoc/>
    public IExplainedEngine Explained => new ExplainBuiltin(_parts.Engine, this);

    /// <inheritdoc/>
    public AutoFinding? FindingOn(string nic) => _links.Find(link => link.Dhcp.Interface == nic)?.Dhcp.Finding;

    /// <summary>Takes ports 67, 69 and 4011. From here on packets queue; <see cref="Start"/> has them answered.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="parts">What it works with.</param>
    /// <exception cref="EngineException">A port is taken or a folder cannot be used; nothing is left open.</exception>
    public static async ValueTask<BuiltinEngine> OpenAsync(BootInterface nic, EngineParts parts)
    {
        if (!LeaseJournal.TryOpen(parts.Settings.LeasesDirectory, parts.Clock, parts.Logs.CreateLogger<LeaseJournal>(), out var journal, out var problem))
        {
            throw new EngineException(problem);
        }

        var opened = new BuiltinEngine(new BootLinkParts(parts, journal));
        if (!opened.TryOpenLinks(nic, parts.Settings, parts.Logs, out problem))
        {
            await opened.DisposeAsync();
            throw new EngineException(problem);
        }

        return opened;
    }

    /// <inheritdoc/>
    public void Start()
    {
        _parts.Journal.Start([.. _links.Select(link => link.Dhcp)]);
        _loops.Take([
            .. _links.SelectMany(link => link.Run(_loops.Draining, _loops.Stopping)),
            .. _watches.Select(watch => watch.RunAsync(_loops.Draining)),
        ]);
    }

    /// <inheritdoc/>
    public int Transfers => _links.Sum(link => link.Transfers);

    /// <inheritdoc/>
    public bool IsAlive() => _loops.AllRun && _links.Count(link => link.IsTurning()) == _links.Count;

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken) => _loops.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync();
        await _parts.DisposeAsync();
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }
    }

    private bool TryOpenLinks(
        BootInterface nic, NetbootSettings settings, ILoggerFactory logs, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (settings.Tftp.IsEnabled && !FolderSource.TryCheck(settings.TftpRoot, out problem))
        {
            return false;
        }

        foreach (var group in settings.ServedSubnets.GroupBy(subnet => subnet.Interface))
        {
            var address = group.First(subnet => subnet.Relays.Count == 0).Network.ServerAddress;
            if (!BootInterface.TryFind(group.Key, address, group.Key == nic.Name ? "network" : BootSubnet.SegmentsKey, out var found, out problem)
                || !BootLink.TryOpen(found, group, _parts, out var link, out problem))
            {
                return false;
            }

            _links.Add(link);
            _watches.Add(new InterfaceWatch(found, _parts.Engine.Clock, logs.CreateLogger<InterfaceWatch>()));
        }

        if (settings.Tftp.IsEnabled)
        {
            LoaderWarnings.Tell(
                LoaderTable.Make(settings.Pxe, settings.BootUrl).Files, _parts.Engine.Files.Has, settings.TftpRoot, logs.CreateLogger<BuiltinEngine>());
        }

        return true;
    }
}
