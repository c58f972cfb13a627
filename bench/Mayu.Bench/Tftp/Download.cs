using System.Buffers.Binary;
using System.Text;
using Mayu.Lab;
using Mayu.Protocols.Tftp;

namespace Mayu.Bench.Tftp;

/// <summary>One client's download of one file, as RFC 1350, 2348 and 7440 have it: packet in, packet out.</summary>
/// <param name="options">What is asked for, and must be granted.</param>
/// <param name="size">The file's size in bytes.</param>
internal sealed class Download(TftpRequestedOptions options, long size)
{
    private readonly int _blockSize = options.BlockSize ?? TftpAgreement.DefaultBlockSize;
    private readonly int _window = options.WindowSize ?? 1;
    private bool _agreed;
    private int _inWindow;
    private long _complained = -1;

    /// <summary>Bytes that came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Blocks that came in their order.</summary>
    public long Blocks { get; private set; }

    /// <summary>Whether the last block is there. Its ACK is held back.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The server's port of this transfer.</summary>
    public ushort ServerPort { get; set; } = 69;

    /// <summary>When something came that moved it on, in milliseconds.</summary>
    public long Heard { get; set; }

    /// <summary>The content of every file: the number of each four bytes, scrambled.</summary>
    public static uint Word(long number) => (uint)number * 2_654_435_761;

    /// <summary>Takes a packet.</summary>
    /// <returns>Whether it is to be answered, by <see cref="WriteAnswer"/>.</returns>
    /// <exception cref="LabException">It is an ERROR, or not what was asked for.</exception>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        if (!TftpPacket.TryParse(bytes, out var packet, out var error))
        {
            throw new LabException($"the server sent something that is not a TFTP packet: {error}");
        }

        switch (packet.Opcode)
        {
            case TftpOpcode.OptionAcknowledgement:
                var granted = TftpRequestedOptions.Read(packet);
                _agreed = granted.BlockSize == options.BlockSize && granted.WindowSize == options.WindowSize
                    ? true
                    : throw new LabException($"{options} was requested, {granted} granted");
                return Blocks == 0;
            case TftpOpcode.Data when _agreed:
                return TakeBlock(packet.Number, packet.Body);
            case TftpOpcode.Error:
                throw new LabException($"the server said: {Encoding.ASCII.GetString(packet.Body)}");
            default:
                throw new LabException($"the server sent {packet.Opcode} before it granted the options");
        }
    }

    /// <summary>Writes the ACK of what came so far, or the request while nothing has.</summary>
    public int WriteAnswer(Span<byte> buffer, string file) => _agreed
        ? TftpPacketWriter.WriteAcknowledgement(buffer, (ushort)Blocks)
        : TftpPacketWriter.WriteReadRequest(buffer, file, options);

    private bool TakeBlock(ushort number, ReadOnlySpan<byte> content)
    {
        if (IsComplete || number != (ushort)(Blocks + 1))
        {
            return !IsComplete && IsHole(number);
        }

        var expected = (int)Math.Min(_blockSize, size - Bytes);
        if (content.Length != expected || !IsRight(content))
        {
            throw new LabException($"block {Blocks + 1} has {content.Length} bytes instead of {expected}, or others");
        }

        Blocks++;
        Bytes += content.Length;
        IsComplete = content.Length < _blockSize;
        if (++_inWindow < _window || IsComplete)
        {
            return false;
        }

        _inWindow = 0;
        return true;
    }

    // In a window a later block says that one was lost: that is said once.
    private bool IsHole(ushort number)
    {
        if (_window == 1 || (ushort)(number - Blocks) > short.MaxValue || _complained == Blocks)
        {
            return false;
        }

        _complained = Blocks;
        _inWindow = 0;
        return true;
    }

    // Its first and its last word: a look at every byte would take more time than the network.
    private bool IsRight(ReadOnlySpan<byte> content) => content.Length < 4
        || (BinaryPrimitives.ReadUInt32LittleEndian(content) == Word(Bytes / 4)
            && BinaryPrimitives.ReadUInt32LittleEndian(content[(content.Length / 4 * 4 - 4)..]) == Word((Bytes / 4) + (content.Length / 4) - 1));
}
