using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Boot;
using Mayu.Server.Configuration;
using Mayu.Server.Dhcp;
using Mayu.Server.Loaders;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>The engine <c>builtin</c>: DHCP and TFTP in this process, on the chosen interface only.</summary>
internal sealed class BuiltinEngine : IBootEngine
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DhcpListener _dhcp;
    private readonly TftpListener _tftp;
    private Task _running = Task.CompletedTask;

    private BuiltinEngine(DhcpListener dhcp, TftpListener tftp)
    {
        _dhcp = dhcp;
        _tftp = tftp;
    }

    /// <inheritdoc/>
    /// <remarks>Its sockets are this process's own, and its loops end with it.</remarks>
    public string? Trouble => null;

    /// <summary>Takes ports 67 and 69. From here on packets queue; <see cref="Start"/> has them answered.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="configuration">Network and folders.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="files">What TFTP serves.</param>
    /// <param name="addresses">Is told to ask this engine whose an address is.</param>
    /// <param name="trace">Where each packet and file leaves its mark.</param>
    /// <param name="clock">Runs leases and time-outs.</param>
    /// <param name="logs">Makes the logs.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="problem">Why not, as a sentence that names the port or folder; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, MayuConfiguration configuration, IBootAnswers answers, TftpFiles files, ClientAddresses addresses,
        BootTrace trace, TimeProvider clock, ILoggerFactory logs,
        [NotNullWhen(true)] out BuiltinEngine? engine, [NotNullWhen(false)] out string? problem)
    {
        engine = null;
        var blockSizes = new QuirkedBlockSizes(addresses);
        var settings = DhcpSettings.From(configuration) with { BlockSizes = blockSizes };
        if (settings.Network.BootstrapRange is { } range && range.Count > LeasePool.MaximumSize)
        {
            problem = $"network.bootstrap_range {range} has {range.Count} addresses; {LeasePool.MaximumSize} are the most";
            return false;
        }

        var responder = new DhcpResponder([settings], answers, trace, clock, logs.CreateLogger<DhcpResponder>());
        if (!DhcpListener.TryOpen(nic, responder, logs.CreateLogger<DhcpListener>(), out var dhcp, out problem))
        {
            return false;
        }

        var tftpSettings = new TftpSettings { Quirks = blockSizes };
        if (!TftpListener.TryOpen(
            nic, files, tftpSettings, new TftpMarks(trace, addresses.Find), clock, logs.CreateLogger<TftpListener>(), out var tftp, out problem))
        {
            dhcp.Dispose();
            return false;
        }

        addresses.Ask(responder.FindClient);
        LoaderWarnings.Tell(LoaderTable.Make(settings.Pxe, settings.BootUrl).Files, files.Has, configuration.TftpRoot, logs.CreateLogger<BuiltinEngine>());
        engine = new BuiltinEngine(dhcp, tftp);
        return true;
    }

    /// <inheritdoc/>
    public void Start() => _running = Task.WhenAll(_dhcp.RunAsync(_stop.Token), _tftp.RunAsync(_stop.Token));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _dhcp.Dispose();
        _tftp.Dispose();
        _stop.Dispose();
    }
}
