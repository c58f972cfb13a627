using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tftp;

/// <summary>A line for each transfer and each refusal.</summary>
/// <param name="logger">Where to.</param>
/// <param name="clock">The time.</param>
internal sealed partial class TftpLog(ILogger<TftpListener> logger, TimeProvider clock)
{
    // Else each of a thousand clients that are turned away would have a line.
    private readonly LimitedLog _rare = new(logger, clock, LimitedLog.RareLines);

    private readonly LimitedLog _unresolved = new(logger, clock, LimitedLog.RareLines);

    /// <summary>A file that is not there, or not to be had.</summary>
    public void Refused(Ipv4 client, ReadOnlySpan<byte> name, string reason)
    {
        // Who asks with made-up senders makes no garbage.
        if (logger.IsEnabled(LogLevel.Information))
        {
            var text = TokenText.Hide(WireText.Printable(name));
            LogRefused(logger, client, text, reason);
        }
    }

    /// <summary>A transfer ended.</summary>
    public void Ended(TftpTransfer transfer)
    {
        var (outcome, reason) = (WordsOf(transfer.Outcome), transfer.Reason is { Length: > 0 } why ? ": " + why : "");
        LogEnded(logger, transfer.Client.Address, transfer.File.Name, outcome, transfer.Bytes, transfer.File.Size, transfer.Elapsed.TotalSeconds, reason);
    }

    private static string WordsOf(TftpOutcome outcome) => outcome switch
    {
        TftpOutcome.Completed => "was sent",
        TftpOutcome.Unconfirmed => "was sent, and its last block not acknowledged",
        TftpOutcome.Probed => "was asked for its size",
        TftpOutcome.Aborted => "was given up by the client",
        _ => "was given up: the client fell silent",
    };

    /// <summary>A client is turned away.</summary>
    public void TooMany(Ipv4 client, TftpSettings settings)
    {
        LogTooMany(_rare, client, settings.MaximumTransfers, settings.MaximumTransfersPerClient);
    }

    /// <summary>A client hears nothing, since the kernel would have to ask for its MAC as for too many others.</summary>
    public void Unresolved(Ipv4 client, TftpSettings settings)
    {
        LogUnresolved(_unresolved, client, settings.MaximumUnresolvedClients);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "TFTP does not answer {Client}: like {Most} other senders it has no MAC, so the addresses are probably forged, and answers would fill the kernel's neighbour table")]
    private static partial void LogUnresolved(ILogger log, Ipv4 client, int most);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TFTP refuses {Client}: {Total} transfers in total or {PerClient} for this client are running (tftp.max_transfers, tftp.max_transfers_per_client)")]
    private static partial void LogTooMany(ILogger log, Ipv4 client, int total, int perClient);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP refuses {Client}, which asks for \"{File}\": {Reason}")]
    private static partial void LogRefused(ILogger log, Ipv4 client, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP to {Client}: {File} {Outcome}, {Bytes} of {Total} bytes in {Seconds:0.00} s{Reason}")]
    private static partial void LogEnded(ILogger log, Ipv4 client, string file, string outcome, long bytes, long total, double seconds, string reason);
}
