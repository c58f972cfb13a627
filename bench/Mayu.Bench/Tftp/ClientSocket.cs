using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mayu.Lab;

namespace Mayu.Bench.Tftp;

/// <summary>
/// One socket for all simulated clients: they differ in their address, which goes with each datagram (IP_PKTINFO). It takes
/// and sends up to 64 with a call, so that the clients need less of the machine than the server that is measured.
/// </summary>
internal sealed unsafe partial class ClientSocket : IDisposable
{
    private const int Batch = 64;
    private const int Room = 2048;
    private const int PacketRoom = 512;
    private const int ControlRoom = 32;
    private const int DontWait = 0x40;
    private const short Readable = 1;
    private const int BufferSize = 16 << 20;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly Message* _incoming = (Message*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Message));
    private readonly Message* _outgoing = (Message*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Message));
    private readonly Vector* _vectors = (Vector*)NativeMemory.AllocZeroed(2 * Batch, (nuint)sizeof(Vector));
    private readonly Name* _names = (Name*)NativeMemory.AllocZeroed(2 * Batch, (nuint)sizeof(Name));
    private readonly PacketInfo* _controls = (PacketInfo*)NativeMemory.AllocZeroed(2 * Batch, ControlRoom);
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(Batch, Room + PacketRoom);
    private readonly uint _server;
    private int _queued;

    /// <param name="socket">A UDP socket at the clients' end; this one takes it over.</param>
    /// <param name="server">The server's address.</param>
    public ClientSocket(Socket socket, System.Net.IPAddress server)
    {
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _server = BitConverter.ToUInt32(server.GetAddressBytes());
        socket.SetRawSocketOption(1, 33, BitConverter.GetBytes(BufferSize));
        socket.SetRawSocketOption(1, 32, BitConverter.GetBytes(BufferSize));
        socket.SetRawSocketOption(0, 8, BitConverter.GetBytes(1));
        // All clients have the port that the kernel picks: a new one each time (RFC 1350, section 4), so that a block that the
        // server of the run before sends again meets nobody.
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0));
        for (var i = 0; i < Batch; i++)
        {
            _vectors[i] = new Vector { Start = _bytes + (i * Room), Length = Room };
            _vectors[Batch + i].Start = _bytes + (Batch * Room) + (i * PacketRoom);
        }
    }

    /// <summary>Waits until something comes.</summary>
    /// <returns>False when the time is up.</returns>
    public bool Wait(int milliseconds)
    {
        var entry = new PollEntry { Descriptor = _descriptor, Wanted = Readable };
        return Poll(&entry, 1, milliseconds) > 0;
    }

    /// <summary>Takes what is there; it holds until the next call.</summary>
    /// <returns>How many datagrams.</returns>
    public int Receive()
    {
        for (var i = 0; i < Batch; i++)
        {
            _incoming[i] = new Message
            {
                Name = _names + i,
                NameLength = (uint)sizeof(Name),
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = (byte*)_controls + (i * ControlRoom),
                ControlLength = ControlRoom,
            };
        }

        return Math.Max(0, ReceiveMany(_descriptor, _incoming, Batch, DontWait, null));
    }

    public ReadOnlySpan<byte> Datagram(int place) => new(_vectors[place].Start, (int)_incoming[place].Length);

    /// <summary>The server's port that a datagram came from.</summary>
    public ushort ServerPort(int place) => BinaryPrimitives.ReverseEndianness(_names[place].Port);

    /// <summary>The client's address that a datagram came for, as a number.</summary>
    public uint ClientAddress(int place) => BinaryPrimitives.ReverseEndianness(((PacketInfo*)((byte*)_controls + (place * ControlRoom)))->Destination);

    /// <summary>Where the caller writes a packet, before <see cref="Queue"/>.</summary>
    public Span<byte> Packet => new(_vectors[Batch + _queued].Start, PacketRoom);

    /// <summary>Queues the packet; a full queue is sent.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="client">The client's address, as a number.</param>
    /// <param name="serverPort">The server's port.</param>
    public void Queue(int length, uint client, ushort serverPort)
    {
        var place = Batch + _queued;
        _vectors[place].Length = (nuint)length;
        _names[place] = new Name { Family = 2, Port = BinaryPrimitives.ReverseEndianness(serverPort), Address = _server };
        var control = (byte*)_controls + (place * ControlRoom);
        *(PacketInfo*)control = new PacketInfo { Length = 28, Level = 0, Type = 8, Source = BinaryPrimitives.ReverseEndianness(client) };
        _outgoing[_queued++] = new Message
        {
            Name = _names + place,
            NameLength = (uint)sizeof(Name),
            Vectors = _vectors + place,
            VectorCount = 1,
            Control = control,
            ControlLength = ControlRoom,
        };
        if (_queued == Batch)
        {
            Flush();
        }
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        for (var sent = 0; sent < _queued;)
        {
            var now = SendMany(_descriptor, _outgoing + sent, (uint)(_queued - sent), 0);
            sent += now > 0 ? now : throw new LabException($"the clients cannot send: error {Marshal.GetLastPInvokeError()}");
        }

        _queued = 0;
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_incoming);
        NativeMemory.Free(_outgoing);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_bytes);
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int socket, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMany(int socket, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    // struct mmsghdr
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Message
    {
        [FieldOffset(0)]
        public Name* Name;
        [FieldOffset(8)]
        public uint NameLength;
        [FieldOffset(16)]
        public Vector* Vectors;
        [FieldOffset(24)]
        public nuint VectorCount;
        [FieldOffset(32)]
        public byte* Control;
        [FieldOffset(40)]
        public nuint ControlLength;
        [FieldOffset(56)]
        public uint Length;
    }

    // struct iovec
    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Start;
        public nuint Length;
    }

    // struct sockaddr_in
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Name
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
    }

    // struct cmsghdr with a struct in_pktinfo
    [StructLayout(LayoutKind.Sequential, Size = ControlRoom)]
    private struct PacketInfo
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Interface;
        public uint Source;
        public uint Destination;
    }

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
