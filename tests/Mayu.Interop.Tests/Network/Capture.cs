namespace Mayu.Interop.Tests.Network;

/// <summary>tcpdump on an interface: what came by, a line or more a packet, with addresses as numbers.</summary>
internal sealed class Capture : IAsyncDisposable
{
    private readonly RunningProgram _tcpdump;

    private Capture(RunningProgram tcpdump) => _tcpdump = tcpdump;

    /// <summary>Starts it, and returns when it listens.</summary>
    /// <param name="host">The host.</param>
    /// <param name="nic">Its interface.</param>
    /// <param name="filter">Which packets.</param>
    public static async Task<Capture> StartAsync(string host, string nic, string filter) => new(
        await RunningProgram.StartAsync(host, "listening on", "tcpdump", "-Z", "root", "-n", "-l", "-vv", "--immediate-mode", "-s", "0", "-i", nic, filter));

    /// <summary>What it saw so far.</summary>
    public string Seen => _tcpdump.Log;

    /// <summary>Waits until it has seen this.</summary>
    public Task SeesAsync(string text) => _tcpdump.PrintsAsync(text);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tcpdump.DisposeAsync();
}
