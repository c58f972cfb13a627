using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Provisioning;
using Mayu.Linux.Processes;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Files;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>
/// The engine <c>dnsmasq</c>: its configuration is rendered at the start, in mode auto as a server and as a proxy; what changes with the machines
/// stands in a file that it reads again on SIGHUP, so that it answers all the time.
/// </summary>
internal sealed partial class DnsmasqEngine : IBootEngine
{
    /// <summary>How often the machines are looked at, and so how long a change takes at most, and how seldom dnsmasq is signalled.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly EngineLoops _loops = new();
    private readonly DnsmasqFolder _folder;
    private readonly DnsmasqSupervisor _supervisor;
    private readonly DnsmasqHosts _hosts;
    private readonly DnsmasqFiles _files;
    private readonly TimeProvider _clock;
    private readonly ILogger<DnsmasqEngine> _logger;
    private readonly string _nic;
    private readonly AutoMode? _auto;
    private readonly DnsmasqLeases _leases;
    private bool _isProxy;
    private OtherServerWatch? _watch;
    private ImmutableArray<TftpListener> _tftp = [];
    private ImmutableArray<RouterSolicitations> _solicitations = [];
    private ImmutableArray<InterfaceWatch> _interfaces = [];
    private volatile string? _trouble;

    private DnsmasqEngine(string nic, EngineParts parts, DnsmasqFolder folder, DnsmasqFiles files, DnsmasqSupervisor supervisor, DnsmasqHosts hosts)
    {
        _leases = new DnsmasqLeases(folder.Leases, parts.Settings.ServedSubnets);
        (_folder, _files, _supervisor, _hosts, _nic, _clock) = (folder, files, supervisor, hosts, nic, parts.Clock);
        _logger = parts.Logs.CreateLogger<DnsmasqEngine>();
        _auto = parts.Settings.Dhcp.Mode == DhcpMode.Auto ? new AutoMode(parts.Settings.Dhcp.AutoInterval) : null;
        _isProxy = parts.Settings.Dhcp.Mode != DhcpMode.Server;
        Explained = new ExplainDnsmasq(parts);
    }

    /// <inheritdoc/>
    public string? Trouble => _interfaces.FirstOrDefault(nic => nic.Trouble is not null)?.Trouble ?? _supervisor.Trouble ?? _trouble;

    /// <inheritdoc/>
    public IEnumerable<string> Remarks => _auto?.Remarks(_nic) ?? [];

    /// <inheritdoc/>
    public int OtherDhcpServers => _auto?.Others.Count ?? 0;

    /// <inheritdoc/>
    public IEnumerable<DhcpPoolUse> Pools => _isProxy ? [] : _leases.Read();

    /// <inheritdoc/>
    public IEnumerable<PoolLease> PoolLeases => _leases.All(_clock.GetUtcNow());

    /// <inheritdoc/>
    public string UnknownLeases => _isProxy
        ? $"On {_nic} dnsmasq gives out no addresses (dhcp.mode), and Mayu does not know the leases of the DHCP server that does."
        : "This is what dnsmasq's file of leases says: it has no offers that wait.";

    /// <inheritdoc/>
    public IExplainedEngine Explained { get; }

    /// <inheritdoc/>
    public AutoFinding? FindingOn(string nic) => nic == _nic ? _auto?.Find() : null;

    /// <summary>Renders the configuration and has it checked; ends what an earlier Mayu left; sees that the ports are free.</summary>
    /// <param name="nic">The main interface.</param>
    /// <param name="parts">What it works with.</param>
    /// <exception cref="EngineException">It cannot be opened; nothing is left open.</exception>
    public static DnsmasqEngine Open(BootInterface nic, EngineParts parts)
    {
        var (settings, clock, logs) = (parts.Settings, parts.Clock, parts.Logs);
        var folder = new DnsmasqFolder(settings.Dnsmasq.Folder);
        var plan = PlanOf(settings, nic);
        bool[] roles = settings.Dhcp.Mode switch { DhcpMode.Server => [false], DhcpMode.Proxy => [true], _ => [false, true] };
        if (!DnsmasqProgram.TryFind(settings.Dnsmasq, out var program, out var problem)
            || !folder.TryPrepare(program.User, out problem)
            || !FolderSource.TryCheck(settings.TftpRoot, out problem)
            || !new Orphan(folder).TryEnd(out problem)
            || !DnsmasqPorts.TryFindInterfaces(nic, plan, out var nics, out problem)
            || !TryConfigure(parts.Renderer, plan = plan with { LaterAddresses = [.. nics.Where(one => one.EarlierAddress is not null).Select(one => one.Address)] }, roles, program, folder, out problem)
            || !DnsmasqPorts.AreFree(nics, isProxy: settings.Dhcp.Mode != DhcpMode.Server, hasTftp: plan.Tftp is not null, out problem))
        {
            throw new EngineException(problem);
        }

        var log = new DnsmasqLog(folder.Tftp, parts.Answers, parts.Trace, parts.Clients, logs.CreateLogger<DnsmasqLog>())
        {
            OwnMacs = [.. plan.OwnMacs],
            Subnets = plan.Subnets,
            BlockSizes = new TaggedBlockSizes(settings.Pxe, parts.Clients),
        };
        var loaders = DnsmasqBootFile.All(settings.Pxe, settings.BootUrl).Where(file => !file.File.IsHttpBoot).Select(file => file.File.Name).Distinct().ToList();
        var opened = new DnsmasqEngine(
            nic.Name,
            parts,
            folder,
            new DnsmasqFiles(folder, program.User, roles),
            new DnsmasqSupervisor(program, folder, folder.ConfigurationOf(isProxy: settings.Dhcp.Mode != DhcpMode.Server), log, clock, logs.CreateLogger<DnsmasqSupervisor>()),
            new DnsmasqHosts(folder, settings.Dhcp, parts.Machines, plan.Tftp is null ? null : new TftpLinks(folder.Tftp, settings.TftpRoot, loaders), roles));
        opened._interfaces = [.. nics.Select(found => new InterfaceWatch(found, clock, logs.CreateLogger<InterfaceWatch>(), opened.Restart))];
        if (!opened._hosts.TryUpdate(out _, out problem)
            || !opened.TryWatch(nic, parts, out problem)
            || (settings.Tftp.IsEnabled && plan.Tftp is null && !opened.TryOpenTftp(nics, parts, out problem)))
        {
            opened.Release();
            throw new EngineException($"engine dnsmasq: {problem}");
        }

        opened._solicitations = [.. nics.Select(parts.SolicitationsOn).OfType<RouterSolicitations>()];
        opened.WarnOfEarlierAddresses(nics);
        opened.Warn(settings, plan.Tftp is null ? parts.Files.Has : name => File.Exists(Path.Combine(folder.Tftp, name)), program.User);
        return opened;
    }

    /// <inheritdoc/>
    public void Start() => _loops.Take(
    [
        _supervisor.RunAsync(_loops.Draining),
        FollowAsync(_loops.Draining),
        .. _watch is null ? [] : (Task[])[_watch.RunAsync(_loops.Draining)],
        .. _tftp.Select(tftp => tftp.RunAsync(_loops.Draining, _loops.Stopping)),
        .. _solicitations.Select(solicitations => solicitations.RunAsync(_loops.Draining)),
        .. _interfaces.Select(nic => nic.RunAsync(_loops.Draining)),
    ]);

    /// <inheritdoc/>
    public int Transfers => _tftp.Sum(tftp => tftp.Transfers);

    /// <inheritdoc/>
    public bool IsAlive() => _loops.AllRun && _tftp.Count(tftp => tftp.IsTurning()) == _tftp.Length;

    /// <inheritdoc/>
    /// <remarks>dnsmasq ends at once, with the transfers of its own TFTP.</remarks>
    public Task DrainAsync(CancellationToken cancellationToken) => _loops.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync();
        Release();
    }

    private void Release()
    {
        _watch?.Dispose();
        foreach (var tftp in _tftp)
        {
            tftp.Dispose();
        }

        foreach (var solicitations in _solicitations)
        {
            solicitations.Dispose();
        }
    }

    // A configuration that dnsmasq refuses never takes the place of one that it took.
    private static bool TryConfigure(
        TemplateRenderer renderer, DnsmasqPlan plan, IEnumerable<bool> roles, DnsmasqProgram program, DnsmasqFolder folder,
        [NotNullWhen(false)] out string? problem)
    {
        try
        {
            foreach (var isProxy in roles)
            {
                DnsmasqFolder.Write(folder.Rejected, DnsmasqConfiguration.Render(renderer, plan, isProxy, folder));
                if (program.Check(folder.Rejected) is { } refusal)
                {
                    problem = $"engine dnsmasq: the template {DnsmasqConfiguration.Template} renders a configuration that dnsmasq refuses; {folder.Rejected}, {refusal}";
                    return false;
                }

                File.Move(folder.Rejected, folder.ConfigurationOf(isProxy), overwrite: true);
            }

            problem = null;
            return true;
        }
        catch (Exception e) when (e is TemplateException or IOException or UnauthorizedAccessException)
        {
            problem = $"engine dnsmasq: {e.Message}";
            return false;
        }
    }

    private bool TryWatch(BootInterface nic, EngineParts parts, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        return _auto is null
            || OtherServerWatch.TryOpen(
                nic, [.. parts.Settings.BootAddresses], _auto, parts.Clock, parts.Logs.CreateLogger<OtherServerWatch>(), out _watch, out problem);
    }

    private bool TryOpenTftp(ImmutableArray<BootInterface> nics, EngineParts parts, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var settings = parts.Settings.Tftp with { MaximumUnresolvedClients = new NeighbourTable(parts.Clock).UnresolvedOn(nics.Length) };
        var tftp = new TftpParts(parts.Files, settings, new TftpMarks(parts.Trace, parts.Clients), parts.Clock);
        foreach (var nic in nics)
        {
            if (!TftpListener.TryOpen(nic, tftp, parts.Logs.CreateLogger<TftpListener>(), out var listener, out problem))
            {
                return false;
            }

            _tftp = _tftp.Add(listener);
        }

        return true;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await NextAsync(timer, cancellationToken))
        {
            _supervisor.EndIfStopped();
            FollowMachines();
            FollowMode();
        }
    }

    private void FollowMachines()
    {
        var isNews = false;
        if (!_files.TryPutBack(isInTrouble: _supervisor.Trouble is not null, out var problem) || !_hosts.TryUpdate(out isNews, out problem))
        {
            if (_trouble is null)
            {
                _trouble = problem;
                LogNotTold(problem);
            }

            return;
        }

        _trouble = null;
        if (isNews)
        {
            _supervisor.Reload();
        }
    }

    // dnsmasq's socket is tied to the interface that it found when it started.
    private void Restart() => _supervisor.Use(_folder.ConfigurationOf(_isProxy));

    // Both configurations and both hosts files are there already: nothing can fail that would leave two servers giving addresses.
    private void FollowMode()
    {
        if (_auto is not null && _auto.GivesAddresses == _isProxy)
        {
            _isProxy = !_isProxy;
            _supervisor.Use(_folder.ConfigurationOf(_isProxy));
            WarnOfProxy();
        }
    }

    private static DnsmasqPlan PlanOf(NetbootSettings settings, BootInterface nic) => new()
    {
        Subnets = settings.ServedSubnets,
        Tftp = settings.Tftp.IsEnabled && !DnsmasqPlan.NeedsOurTftp(settings.Pxe) ? settings.Tftp : null,
        OwnMacs = settings.Dhcp.Mode == DhcpMode.Auto && nic.Hardware.Length == 6 ? [MacAddress.FromOctets(nic.Hardware.AsSpan())] : [],
    };

    private void Warn(NetbootSettings settings, Func<string, bool> isThere, SystemUser? user)
    {
        if (settings.Tftp.IsEnabled)
        {
            LoaderWarnings.Tell(LoaderTable.Make(settings.Pxe, settings.BootUrl).Files, isThere, settings.TftpRoot, _logger);
        }

        if (settings.TftpRoot is { } root && user is not null && _tftp.IsEmpty && DnsmasqFolder.ClosedAbove(Path.GetFullPath(root), user.Name) is { } closed)
        {
            LogClosedRoot(closed);
        }

        if (_auto is null)
        {
            WarnOfProxy();
        }
    }

    // What it says of itself can be set, but not where its packets leave from.
    private void WarnOfEarlierAddresses(ImmutableArray<BootInterface> nics)
    {
        foreach (var nic in nics)
        {
            if (nic.EarlierAddress is { } earlier)
            {
                LogEarlierAddress(nic.Name, earlier, nic.Address);
            }
        }
    }

    private void WarnOfProxy()
    {
        if (_isProxy)
        {
            LogNoHttpBoot(_nic);
        }
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogNotTold(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private partial void LogClosedRoot(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Interface} has the address {Earlier} before {Address}: dnsmasq sends {Address} as its address (option 54), but its DHCP answers may come from {Earlier}. Give {Interface} that address after {Address}, or set engine: builtin, whose answers come from {Address}")]
    private partial void LogEarlierAddress(string @interface, Ipv4 earlier, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "As a proxy on {Interface}, dnsmasq does not answer UEFI HTTP boot, only PXE. The engine builtin answers both")]
    private partial void LogNoHttpBoot(string @interface);
}
