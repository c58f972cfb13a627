using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// The datagrams that go out with one call. A block is not copied: its four bytes of header come from here, its content from
/// where the file is mapped. Neighbouring blocks for one client are one datagram to the kernel, which cuts it up (UDP_SEGMENT,
/// Linux 4.18). Measured by <c>bench/run tftp</c>.
/// </summary>
internal sealed unsafe class SendBatch : IDisposable
{
    /// <summary>The most blocks of one datagram that the kernel cuts up (UDP_MAX_SEGMENTS of older kernels).</summary>
    public const int MaximumSegments = 64;

    private const int Capacity = 64;
    private const int VectorCapacity = 1024;
    private const int ControlRoom = 24;
    private const int LevelUdp = 17;
    private const int UdpSegment = 103;

    // 65535 less the headers of IP and UDP.
    private const int LongestDatagram = 65_507;

    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(SocketName));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(VectorCapacity, (nuint)sizeof(IoVector));
    private readonly byte* _blockHeaders = (byte*)NativeMemory.AllocZeroed(VectorCapacity, TftpPacket.DataHeaderSize);
    private readonly byte* _packets = (byte*)NativeMemory.AllocZeroed(Capacity, TftpPacket.MaximumRequestSize);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlRoom);
    private readonly TftpTransfer?[] _transfers = new TftpTransfer?[Capacity];
    private readonly long[] _firstBlocks = new long[Capacity];
    private int _vectorCount;

    /// <summary>Datagrams in it.</summary>
    public int Count { get; private set; }

    /// <summary>How many blocks of this size one datagram takes.</summary>
    public static int BlocksPerDatagram(int blockSize) =>
        Math.Max(1, Math.Min(MaximumSegments, LongestDatagram / (TftpPacket.DataHeaderSize + blockSize)));

    /// <summary>Whether another datagram with so many blocks has room.</summary>
    public bool HasRoom(int blocks = 1) => Count < Capacity && _vectorCount + (2 * blocks) <= VectorCapacity;

    /// <summary>Takes a packet that is no DATA: the caller writes it into what it gets, and says its length to <see cref="EndPacket"/>.</summary>
    /// <param name="to">Who gets it.</param>
    /// <param name="transfer">Whose it is; null for an answer that belongs to no transfer.</param>
    public Span<byte> BeginPacket(SocketName to, TftpTransfer? transfer)
    {
        Begin(to, transfer, firstBlock: 0);
        return new Span<byte>(_packets + (Count * TftpPacket.MaximumRequestSize), TftpPacket.MaximumRequestSize);
    }

    /// <summary>The packet is written.</summary>
    public void EndPacket(int length)
    {
        AddVector(_packets + (Count * TftpPacket.MaximumRequestSize), length);
        Count++;
    }

    /// <summary>Takes blocks of a transfer as one datagram.</summary>
    /// <param name="transfer">Whose they are.</param>
    /// <param name="first">The first, counted from 1.</param>
    /// <param name="blocks">How many; more than one are for the kernel to cut up.</param>
    public void AddBlocks(TftpTransfer transfer, long first, int blocks)
    {
        ref var header = ref Begin(transfer.Name, transfer, first);
        var blockSize = transfer.Agreement.BlockSize;
        var start = transfer.File.Start;
        var size = transfer.File.Size;
        for (var block = first; block < first + blocks; block++)
        {
            var number = _blockHeaders + (_vectorCount * TftpPacket.DataHeaderSize);
            TftpPacketWriter.WriteDataHeader(new Span<byte>(number, TftpPacket.DataHeaderSize), (ushort)block);
            AddVector(number, TftpPacket.DataHeaderSize);
            var offset = (block - 1) * blockSize;
            if (offset < size)
            {
                AddVector(start + offset, (int)Math.Min(blockSize, size - offset));
            }
        }

        if (blocks > 1)
        {
            header.Control = WriteSegmentSize((ushort)(TftpPacket.DataHeaderSize + blockSize));
            header.ControlLength = ControlRoom;
        }

        Count++;
    }

    /// <summary>Sends them, from one on.</summary>
    /// <param name="socket">The socket's descriptor.</param>
    /// <param name="from">The first to send.</param>
    /// <returns>How many went; -1: the first could not (<see cref="Marshal.GetLastPInvokeError"/>).</returns>
    public int Send(int socket, int from) => SocketCalls.Send(socket, _headers + from, (uint)(Count - from), SocketCalls.DontWait);

    /// <summary>Whose a datagram is; null: no transfer's.</summary>
    public TftpTransfer? TransferOf(int place) => _transfers[place];

    /// <summary>Its first block; 0: it has none.</summary>
    public long FirstBlockOf(int place) => _firstBlocks[place];

    /// <summary>Whether the kernel is to cut it up.</summary>
    public bool IsSegmented(int place) => _headers[place].ControlLength > 0;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(_transfers, 0, Count);
        Count = 0;
        _vectorCount = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_blockHeaders);
        NativeMemory.Free(_packets);
        NativeMemory.Free(_controls);
    }

    private ref DatagramHeader Begin(SocketName to, TftpTransfer? transfer, long firstBlock)
    {
        _names[Count] = to;
        _transfers[Count] = transfer;
        _firstBlocks[Count] = firstBlock;
        _headers[Count] = new DatagramHeader { Name = _names + Count, NameLength = (uint)sizeof(SocketName), Vectors = _vectors + _vectorCount };
        return ref _headers[Count];
    }

    private void AddVector(byte* start, int length)
    {
        _vectors[_vectorCount++] = new IoVector { Start = start, Length = (nuint)length };
        _headers[Count].VectorCount++;
    }

    // struct cmsghdr: length (8 bytes), level, type, then the value.
    private byte* WriteSegmentSize(ushort size)
    {
        var control = _controls + (Count * ControlRoom);
        *(nuint*)control = 16 + sizeof(ushort);
        *(int*)(control + 8) = LevelUdp;
        *(int*)(control + 12) = UdpSegment;
        *(ushort*)(control + 16) = size;
        return control;
    }
}
