using System.Net;

namespace Mayu.Ctl.Simulate;

/// <summary>Fetches files by TFTP over a real socket.</summary>
/// <param name="network">The interface.</param>
/// <param name="log">Where each hop is noted.</param>
/// <param name="patience">How long nothing may come.</param>
internal sealed class TftpDownload(BootNetwork network, HopLog log, TimeSpan patience)
{
    // With its options a request has 512 bytes at most (RFC 2347).
    private const int LongestName = 400;

    /// <summary>Fetches a file.</summary>
    /// <param name="hop">The hop that it is.</param>
    /// <param name="server">Where.</param>
    /// <param name="name">What.</param>
    /// <param name="maximum">The most bytes that are taken.</param>
    /// <param name="keep">Where they go; null: nowhere.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its size.</returns>
    /// <exception cref="SimulationFailure">It does not come.</exception>
    public async Task<long> FetchAsync(string hop, IPAddress server, string name, long maximum, Stream? keep, CancellationToken cancellation)
    {
        log.Begin();
        var (size, refusal) = await TryFetchAsync(hop, server, name, maximum, keep, cancellation);
        if (refusal is not null)
        {
            throw new SimulationFailure(hop, $"{server} does not send \"{name}\" by TFTP: {refusal}", "is the file in the TFTP root, or its package installed?");
        }

        log.End(hop, $"{name} by TFTP from {server}", size);
        return size;
    }

    /// <summary>The same, where it is no failure that there is no such file.</summary>
    /// <returns>Its size, or in the server's words why there is none.</returns>
    public async Task<(long Size, string? Refusal)> TryFetchAsync(
        string hop, IPAddress server, string name, long maximum, Stream? keep, CancellationToken cancellation)
    {
        if (name.Length > LongestName)
        {
            throw new SimulationFailure(hop, $"it is told a file name of {name.Length} characters, which fits no TFTP request", "look at the DHCP server's boot file");
        }

        using var socket = network.OpenUdp(network.Address, 0);
        var transfer = new TftpTransfer(socket, server, name, maximum, keep);
        var pace = new DownloadPace(TimeProvider.System, patience);
        for (var silence = TimeSpan.Zero; transfer.Result is null;)
        {
            silence = await transfer.StepAsync(cancellation) ? TimeSpan.Zero : silence + TftpTransfer.Pause;
            if (transfer.Result is null && pace.WhyGiveUp(transfer.Received) is { } slow)
            {
                throw new SimulationFailure(hop, $"\"{name}\" by TFTP from {server} comes too slowly: {slow}", "a machine would wait for hours: look at the server and at the network between");
            }

            if (silence >= patience)
            {
                throw new SimulationFailure(hop, $"\"{name}\" by TFTP from {server} stopped at {transfer.Received} bytes: nothing came for {patience.TotalSeconds:0.#} s",
                    "a firewall between? TFTP answers from other ports than 69");
            }
        }

        return transfer.Broken is { } broken
            ? throw new SimulationFailure(hop, $"\"{name}\" by TFTP from {server}: {broken}", "is it the right file?")
            : transfer.Result.Value;
    }
}
