using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Boot;
using Mayu.Server.Configuration;
using Mayu.Server.Dhcp;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>The engine <c>builtin</c>: DHCP and TFTP in this process, on the chosen interface only.</summary>
internal sealed partial class BuiltinEngine : IDisposable
{
    private readonly DhcpListener _dhcp;
    private readonly TftpListener _tftp;

    private BuiltinEngine(DhcpListener dhcp, TftpListener tftp)
    {
        _dhcp = dhcp;
        _tftp = tftp;
    }

    /// <summary>Takes ports 67 and 69. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="configuration">Interface, network, folders.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs leases and time-outs.</param>
    /// <param name="logs">Makes the logs.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">Why not, as a sentence that names the interface, address, port or folder; null on success.</param>
    public static bool TryOpen(
        MayuConfiguration configuration, IBootAnswers answers, BootTrace trace, TimeProvider clock, ILoggerFactory logs,
        [NotNullWhen(true)] out BuiltinEngine? engine, [NotNullWhen(false)] out string? problem)
    {
        engine = null;
        var settings = DhcpSettings.From(configuration);
        if (settings.Network.BootstrapRange.Count > LeasePool.MaximumSize)
        {
            problem = $"network.bootstrap_range {settings.Network.BootstrapRange} has {settings.Network.BootstrapRange.Count} addresses; {LeasePool.MaximumSize} are the most";
            return false;
        }

        var responder = new DhcpResponder(settings, answers, trace, clock, logs.CreateLogger<DhcpResponder>());
        if (!BootInterface.TryFind(configuration.Interface, settings.Network.ServerAddress, out var nic, out problem)
            || !DhcpListener.TryOpen(nic, responder, logs.CreateLogger<DhcpListener>(), out var dhcp, out problem))
        {
            return false;
        }

        var files = new TftpFiles(configuration.TftpRoot);
        var tftpSettings = new TftpSettings();
        if (!TftpListener.TryOpen(
            nic, files, tftpSettings, new TftpMarks(trace, responder.FindClient), clock, logs.CreateLogger<TftpListener>(), out var tftp, out problem))
        {
            dhcp.Dispose();
            return false;
        }

        WarnOfMissingLoaders(settings, files, configuration.TftpRoot, logs.CreateLogger<BuiltinEngine>());
        engine = new BuiltinEngine(dhcp, tftp);
        return true;
    }

    /// <summary>Answers until the token ends it. Faults only where there is a defect.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_dhcp.RunAsync(cancellationToken), _tftp.RunAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _dhcp.Dispose();
        _tftp.Dispose();
    }

    private static void WarnOfMissingLoaders(DhcpSettings settings, TftpFiles files, string? root, ILogger<BuiltinEngine> logger)
    {
        foreach (var loader in settings.BootFiles.Values.Select(file => file.Name).Distinct(StringComparer.Ordinal).Where(name => !files.Has(name)))
        {
            LogMissingLoader(logger, loader, root ?? "(none)");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The boot loader {Loader} is neither in the TFTP root {Root} nor installed: install Debian's package ipxe, or put it there")]
    private static partial void LogMissingLoader(ILogger logger, string loader, string root);
}
