using System.Runtime.InteropServices;

namespace Mayu.Protocols.Tftp;

/// <summary>What server and client hold to for one transfer, and which of it the OACK says.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TftpAgreement
{
    /// <summary>The block size without the option (RFC 1350 §2).</summary>
    public const int DefaultBlockSize = 512;

    /// <summary>The block size that the OACK says, or null.</summary>
    public int? AcknowledgedBlockSize { get; private init; }

    /// <summary>The file's size that the OACK says, or null.</summary>
    public long? AcknowledgedTransferSize { get; private init; }

    /// <summary>The time-out that the OACK says, in seconds, or null.</summary>
    public int? AcknowledgedTimeoutSeconds { get; private init; }

    /// <summary>The window that the OACK says, or null.</summary>
    public int? AcknowledgedWindowSize { get; private init; }

    /// <summary>Bytes in every block but the last.</summary>
    public int BlockSize => AcknowledgedBlockSize ?? DefaultBlockSize;

    /// <summary>Blocks sent before an ACK is waited for.</summary>
    public int WindowSize => AcknowledgedWindowSize ?? 1;

    /// <summary>Whether an OACK goes first. Without anything to say DATA 1 does: EDK2 drops an empty OACK.</summary>
    public bool NeedsOack => AcknowledgedBlockSize is not null || AcknowledgedTransferSize is not null ||
        AcknowledgedTimeoutSeconds is not null || AcknowledgedWindowSize is not null;

    /// <summary>Answers a read request: only what was asked is acknowledged, block and window only shrink, the time-out stays as asked.</summary>
    /// <param name="requested">What was asked.</param>
    /// <param name="fileSize">The file's size in bytes, which <c>tsize</c> is answered with.</param>
    /// <param name="maximumBlockSize">The largest block that goes through the network unfragmented: MTU less 32; at least 8.</param>
    /// <param name="maximumWindowSize">The largest window that the server sends; 1 sends block by block.</param>
    /// <param name="maximumTimeoutSeconds">The longest time-out that the server waits; a longer one is as if it had not been asked.</param>
    public static TftpAgreement Negotiate(
        TftpRequestedOptions requested, long fileSize, int maximumBlockSize, int maximumWindowSize, int maximumTimeoutSeconds = byte.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fileSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumBlockSize, TftpRequestedOptions.MinimumBlockSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWindowSize, 1);
        return new TftpAgreement
        {
            AcknowledgedBlockSize = requested.BlockSize is { } size ? Math.Min(size, maximumBlockSize) : null,
            AcknowledgedTransferSize = requested.TransferSize is null ? null : fileSize,
            AcknowledgedTimeoutSeconds = requested.TimeoutSeconds <= maximumTimeoutSeconds ? requested.TimeoutSeconds : null,
            AcknowledgedWindowSize = requested.WindowSize is { } window ? Math.Min(window, maximumWindowSize) : null,
        };
    }
}
