using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mayu.Core.Boot;
using Mayu.Core.Provisioning;
using Mayu.Server.Configuration;
using Mayu.Server.Dhcp;
using Mayu.Server.Dhcp.Proxy;
using Mayu.Server.Loaders;
using Mayu.Server.Tftp;
using Mayu.Server.Wire;

namespace Mayu.Server.Dnsmasq;

/// <summary>
/// The engine <c>dnsmasq</c>: its configuration is rendered once, at the start; what changes with the machines stands in a file that it reads
/// again on SIGHUP, so that it answers all the time.
/// </summary>
internal sealed partial class DnsmasqEngine : IBootEngine
{
    /// <summary>How often the machines are looked at, and so how long a change takes at most, and how seldom dnsmasq is signalled.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly DnsmasqFolder _folder;
    private readonly DnsmasqSupervisor _supervisor;
    private readonly DhcpSettings _settings;
    private readonly bool _isProxy;
    private readonly ILeftAlone _machines;
    private readonly TftpLinks _links;
    private readonly TimeProvider _clock;
    private readonly ILogger<DnsmasqEngine> _logger;
    private object? _version;
    private string? _hosts;
    private volatile string? _trouble;
    private Task _running = Task.CompletedTask;

    private DnsmasqEngine(
        DnsmasqFolder folder, DnsmasqSupervisor supervisor, DhcpSettings settings, bool isProxy, ILeftAlone machines, TftpLinks links, TimeProvider clock,
        ILogger<DnsmasqEngine> logger)
    {
        (_folder, _supervisor, _settings, _isProxy, _machines, _links, _clock, _logger) = (folder, supervisor, settings, isProxy, machines, links, clock, logger);
    }

    /// <inheritdoc/>
    public string? Trouble => _supervisor.Trouble ?? _trouble;

    /// <summary>Renders the configuration and has it checked; ends what an earlier Mayu left; sees that the ports are free.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="configuration">Network, folders, program and user.</param>
    /// <param name="answers">The brain, for the marks.</param>
    /// <param name="machines">The brain, for what dnsmasq must be told beforehand.</param>
    /// <param name="addresses">Is told to ask this engine whose an address is.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs pauses.</param>
    /// <param name="logs">Makes the logs.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">Why not, as a sentence that says what to mend; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, MayuConfiguration configuration, IBootAnswers answers, ILeftAlone machines, ClientAddresses addresses,
        BootTrace trace, TimeProvider clock, ILoggerFactory logs,
        [NotNullWhen(true)] out DnsmasqEngine? engine, [NotNullWhen(false)] out string? problem)
    {
        engine = null;
        var folder = new DnsmasqFolder(configuration.Dnsmasq.Folder);
        var settings = DhcpSettings.From(configuration)[0];
        var isProxy = configuration.Dhcp.Mode == DhcpMode.Proxy;
        if (!DnsmasqProgram.TryFind(configuration.Dnsmasq, out var program, out problem)
            || !folder.TryPrepare(program.User, out problem)
            || !new TftpFiles(configuration.TftpRoot).TryCheck(out problem)
            || !new Orphan(folder).TryEnd(out problem)
            || !TryConfigure(configuration, settings, program, folder, out problem)
            || !ArePortsFree(nic, isProxy, out problem))
        {
            return false;
        }

        var log = new DnsmasqLog(folder.Tftp, answers, trace, logs.CreateLogger<DnsmasqLog>());
        var supervisor = new DnsmasqSupervisor(program, folder, log, clock, logs.CreateLogger<DnsmasqSupervisor>());
        var loaders = LoaderTable.Make(settings.Pxe, settings.BootUrl).Files;
        addresses.Ask(log.FindClient);
        var opened = new DnsmasqEngine(
            folder, supervisor, settings, isProxy, machines, new TftpLinks(folder.Tftp, configuration.TftpRoot, [.. loaders.Values.Where(file => !file.IsHttpBoot).Select(file => file.Name).Distinct()]), clock, logs.CreateLogger<DnsmasqEngine>());
        if (!opened.TryUpdate(out problem))
        {
            problem = $"engine dnsmasq: {problem}";
            return false;
        }

        LoaderWarnings.Tell(loaders, name => File.Exists(Path.Combine(folder.Tftp, name)), configuration.TftpRoot, opened._logger);
        opened.WarnOfClosedRoot(program.User, configuration.TftpRoot);
        engine = opened;
        return true;
    }

    /// <inheritdoc/>
    public void Start() => _running = Task.WhenAll(_supervisor.RunAsync(_stop.Token), FollowMachinesAsync(_stop.Token));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    // A configuration that dnsmasq refuses never takes the place of one that it took.
    private static bool TryConfigure(
        MayuConfiguration configuration, DhcpSettings settings, DnsmasqProgram program, DnsmasqFolder folder, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            var renderer = new TemplateRenderer(new TemplateLibrary(configuration.TemplatesDirectory, configuration.SnippetsDirectory));
            DnsmasqFolder.Write(folder.Rejected, DnsmasqConfiguration.Render(renderer, settings, configuration.Dhcp.Mode == DhcpMode.Proxy, folder));
            if (program.Check(folder.Rejected) is { } refusal)
            {
                problem = $"engine dnsmasq: the template {DnsmasqConfiguration.Template} makes a configuration that dnsmasq refuses; {folder.Rejected}, {refusal}";
                return false;
            }

            File.Move(folder.Rejected, folder.Configuration, overwrite: true);
            problem = null;
            return true;
        }
        catch (Exception e) when (e is TemplateException or IOException or UnauthorizedAccessException)
        {
            problem = $"engine dnsmasq: {e.Message}";
            return false;
        }
    }

    // dnsmasq would share port 67 with another one, and each would answer half of the time.
    private static bool ArePortsFree(BootInterface nic, bool isProxy, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var (any, own) = (IPAddress.Any, nic.Address.ToIPAddress());
        (IPAddress Address, int Port, string What)[] ports = isProxy ? [(any, 67, "DHCP"), (any, 4011, "The PXE boot server"), (own, 69, "TFTP")] : [(any, 67, "DHCP"), (own, 69, "TFTP")];
        foreach (var (address, port, what) in ports)
        {
            if (!UdpSocket.TryOpen(nic, address, port, what, out var socket, out problem))
            {
                return false;
            }

            socket.Dispose();
        }

        return true;
    }

    private async Task FollowMachinesAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await NextAsync(timer, cancellationToken))
        {
            if (TryUpdate(out var problem))
            {
                _trouble = null;
            }
            else if (_trouble is null)
            {
                _trouble = problem;
                LogNotTold(problem);
            }
        }
    }

    // However many changes came since the last time: they are one file, and one signal.
    private bool TryUpdate([NotNullWhen(false)] out string? problem)
    {
        try
        {
            _links.Refresh();
            var version = _machines.Version;
            if (!ReferenceEquals(version, _version))
            {
                var hosts = _isProxy
                    ? HostsFile.RenderForProxy(_machines.LeftAlone(), _settings.Ignored)
                    : HostsFile.Render(_machines.LeftAlone(), _settings.Reservations, _settings.Ignored);
                if (hosts != _hosts)
                {
                    DnsmasqFolder.Write(_folder.Hosts, hosts);
                    _supervisor.Reload();
                }

                (_version, _hosts) = (version, hosts);
            }

            problem = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"dnsmasq cannot be told of the machines: {e.Message}";
            return false;
        }
    }

    private void WarnOfClosedRoot(LinuxUser? user, string? root)
    {
        if (root is not null && user is not null && DnsmasqFolder.ClosedAbove(Path.GetFullPath(root), user.Name) is { } closed)
        {
            LogClosedRoot(closed);
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
}
