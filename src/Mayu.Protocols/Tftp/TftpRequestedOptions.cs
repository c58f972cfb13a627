using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Mayu.Protocols.Tftp;

/// <summary>
/// The options of a request that Mayu knows and that are in range; any other is as if it had not been asked, which
/// RFC 2347 has the server do. Of an option that comes twice the first counts.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TftpRequestedOptions
{
    /// <summary>The smallest <c>blksize</c> (RFC 2348).</summary>
    public const int MinimumBlockSize = 8;

    /// <summary>The largest <c>blksize</c> (RFC 2348).</summary>
    public const int MaximumBlockSize = 65464;

    /// <summary><c>blksize</c> in bytes, at least 8; above 65464 it counts as 65464, since the server may answer less (RFC 2348).</summary>
    public int? BlockSize { get; init; }

    /// <summary><c>tsize</c>; 0 in a read request, which asks for the size (RFC 2349).</summary>
    public long? TransferSize { get; init; }

    /// <summary><c>timeout</c> in seconds, 1 to 255 (RFC 2349).</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary><c>windowsize</c> in blocks, 1 to 65535 (RFC 7440).</summary>
    public int? WindowSize { get; init; }

    /// <summary>Reads the options of a request, or of an OACK.</summary>
    /// <param name="packet">The packet.</param>
    public static TftpRequestedOptions Read(scoped in TftpPacket packet)
    {
        int? blockSize = null, timeout = null, windowSize = null;
        long? transferSize = null;
        var options = packet.Options;
        while (options.MoveNext())
        {
            if (!Utf8Parser.TryParse(options.Value, out long number, out var consumed) || consumed != options.Value.Length || number < 0)
            {
                continue;
            }

            if (Is(options.Name, "blksize"u8) && number >= MinimumBlockSize)
            {
                blockSize ??= (int)Math.Min(number, MaximumBlockSize);
            }
            else if (Is(options.Name, "tsize"u8))
            {
                transferSize ??= number;
            }
            else if (Is(options.Name, "timeout"u8) && number is >= 1 and <= byte.MaxValue)
            {
                timeout ??= (int)number;
            }
            else if (Is(options.Name, "windowsize"u8) && number is >= 1 and <= ushort.MaxValue)
            {
                windowSize ??= (int)number;
            }
        }

        return new TftpRequestedOptions { BlockSize = blockSize, TransferSize = transferSize, TimeoutSeconds = timeout, WindowSize = windowSize };
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected) => Ascii.EqualsIgnoreCase(name, expected);
}
