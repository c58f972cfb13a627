using Mayu.Core.Addresses;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;

namespace Mayu.Server.Tftp;

/// <summary>A line for each transfer and each refusal, but no more than a reader could follow: requests with made-up senders must not fill the disk.</summary>
/// <param name="logger">Where to.</param>
/// <param name="clock">The time.</param>
internal sealed partial class TftpLog(ILogger<TftpListener> logger, TimeProvider clock)
{
    private const int LinesPerSecond = 100;

    private readonly LogQuota _quota = new(clock, LinesPerSecond);

    // Else each of a thousand clients that are turned away would have a line.
    private readonly LogQuota _warnings = new(clock, 1);

    /// <summary>A file that is not there, or not to be had.</summary>
    public void Refused(Ipv4 client, ReadOnlySpan<byte> name, string reason)
    {
        if (MayLog())
        {
            var text = WireText.Printable(name);
            LogRefused(client, text, reason);
        }
    }

    /// <summary>A transfer ended.</summary>
    public void Ended(TftpTransfer transfer)
    {
        if (MayLog())
        {
            LogEnded(transfer.Client.Address, transfer.File.Name, transfer.Outcome, transfer.Bytes, transfer.File.Size, transfer.Elapsed.TotalSeconds, transfer.Reason);
        }
    }

    /// <summary>A client is turned away.</summary>
    public void TooMany(Ipv4 client, TftpSettings settings)
    {
        if (_warnings.TryTake(out _))
        {
            LogTooMany(client, settings.MaximumTransfers, settings.MaximumTransfersPerClient);
        }
    }

    private bool MayLog()
    {
        var may = _quota.TryTake(out var leftOut);
        if (leftOut > 0)
        {
            LogLeftOut(leftOut);
        }

        return may;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} more lines about TFTP were left out within a second")]
    private partial void LogLeftOut(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TFTP turns {Client} away: {Total} transfers in total or {PerClient} of its own are running (tftp.max_transfers, tftp.max_transfers_per_client)")]
    private partial void LogTooMany(Ipv4 client, int total, int perClient);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP has nothing for {Client}, which asks for \"{File}\": {Reason}")]
    private partial void LogRefused(Ipv4 client, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP to {Client}: {File} {Outcome}, {Bytes} of {Total} bytes in {Seconds:0.00} s {Reason}")]
    private partial void LogEnded(Ipv4 client, string file, TftpOutcome outcome, long bytes, long total, double seconds, string? reason);
}
