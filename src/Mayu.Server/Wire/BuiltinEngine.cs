using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Dhcp;
using Mayu.Server.Dhcp.Proxy;
using Mayu.Server.Loaders;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>The engine <c>builtin</c>: DHCP and TFTP in this process, on the chosen interfaces only.</summary>
internal sealed class BuiltinEngine : IBootEngine
{
    private readonly CancellationTokenSource _stop = new();
    private readonly BootLinkParts _parts;
    private readonly List<BootLink> _links = [];
    private readonly List<InterfaceWatch> _watches = [];
    private Task _running = Task.CompletedTask;

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
    public int Disbelieved => _links.SelectMany(link => link.Dhcp.Occupants).Sum(pool => pool.Disbelieved);

    /// <inheritdoc/>
    public IEnumerable<LeaseRecord> Leases => _links.SelectMany(link => link.Dhcp.Leases);

    /// <inheritdoc/>
    public AutoFinding? FindingOn(string nic) => _links.Find(link => link.Dhcp.Interface == nic)?.Dhcp.Finding;

    /// <summary>Takes ports 67, 69 and 4011. From here on packets queue; <see cref="Start"/> has them answered.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="configuration">Network and folders.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="files">What TFTP serves.</param>
    /// <param name="addresses">Is told to ask this engine whose an address is.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs leases and time-outs.</param>
    /// <param name="logs">Makes the logs.</param>
    /// <returns>The engine, or a sentence that names the port or folder; then nothing is left open.</returns>
    public static async ValueTask<EngineOpening> OpenAsync(
        BootInterface nic, MayuConfiguration configuration, IBootAnswers answers, TftpFiles files, ClientAddresses addresses,
        BootTrace trace, TimeProvider clock, ILoggerFactory logs)
    {
        if (!LeaseJournal.TryOpen(configuration.LeasesDirectory, clock, logs.CreateLogger<LeaseJournal>(), out var journal, out var problem))
        {
            return new EngineOpening(Problem: problem);
        }

        var opened = new BuiltinEngine(new BootLinkParts
        {
            Answers = answers,
            Trace = trace,
            Journal = journal,
            Files = files,
            Addresses = addresses,
            BlockSizes = new QuirkedBlockSizes(addresses),
            Tftp = configuration.Tftp with { MaximumUnresolvedClients = new NeighbourTable(clock).UnresolvedOn(configuration.BootAddresses.Count()) },
            Clock = clock,
            Logs = logs,
            Probes = configuration.Dhcp.Probes,
            Mode = configuration.Dhcp.Mode,
            AutoInterval = configuration.Dhcp.AutoInterval,
            OwnAddresses = configuration.Subnets.Select(subnet => subnet.Network.ServerAddress).Append(configuration.Network.ServerAddress).ToFrozenSet(),
        });
        if (!opened.TryOpenLinks(nic, configuration, logs, out problem))
        {
            await opened.DisposeAsync();
            return new EngineOpening(Problem: problem);
        }

        addresses.Ask(opened.FindClient);
        return new EngineOpening(opened);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _parts.Journal.Start();
        _running = Task.WhenAll([.. _links.Select(link => link.RunAsync(_stop.Token)), .. _watches.Select(watch => watch.RunAsync(_stop.Token))]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _parts.DisposeAsync();
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }

        _stop.Dispose();
    }

    private MacAddress? FindClient(Ipv4 address)
    {
        foreach (var link in _links)
        {
            if (link.Dhcp.FindClient(address) is { } client)
            {
                return client;
            }
        }

        return null;
    }

    private bool TryOpenLinks(
        BootInterface nic, MayuConfiguration configuration, ILoggerFactory logs, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var subnets = DhcpSettings.From(configuration);
        foreach (var group in subnets.GroupBy(subnet => subnet.Interface))
        {
            var address = group.First(subnet => subnet.Relays.Count == 0).Network.ServerAddress;
            if (!BootInterface.TryFind(group.Key, address, group.Key == nic.Name ? "network" : BootSubnetSchema.Segments, out var found, out problem)
                || !BootLink.TryOpen(found, group, _parts, out var link, out problem))
            {
                return false;
            }

            _links.Add(link);
            _watches.Add(new InterfaceWatch(found, _parts.Clock, logs.CreateLogger<InterfaceWatch>()));
        }

        if (configuration.Tftp.IsEnabled)
        {
            LoaderWarnings.Tell(
                LoaderTable.Make(configuration.Pxe, configuration.BootUrl).Files, _parts.Files.Has, configuration.TftpRoot, logs.CreateLogger<BuiltinEngine>());
        }

        return true;
    }
}
