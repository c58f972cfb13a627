using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mayu.Linux;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Net;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>
/// The answers that go out with one call, all from one address of this server: the one that they name in option 54, and not the one that the kernel
/// would choose where the interface has several (IP_PKTINFO). What is broadcast goes out as frames, and so does what is for a client of the segment
/// whose MAC the kernel does not know: no flood of made-up addresses stops these. The rest goes by the UDP socket. Not safe for several threads at once.
/// </summary>
internal sealed unsafe class DhcpSendBatch : IDisposable
{
    /// <summary>Answers at once.</summary>
    public const int Capacity = 64;

    private const int Room = UdpHeaders.Length + DhcpReply.MaximumLength;

    private const int ControlRoom = 32;
    private const int LevelIp = 0;
    private const int PacketInfo = 8;

    private readonly Ipv4 _source;
    private readonly ushort _port;
    private readonly FrameSocket? _frames;
    private readonly DatagramHeader* _datagramHeaders = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly DatagramHeader* _frameHeaders = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(SocketName));
    private readonly LinkName* _links = (LinkName*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(LinkName));
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(Capacity, Room);
    private readonly byte* _control = (byte*)NativeMemory.AllocZeroed(1, ControlRoom);
    private int _datagrams;
    private int _frameCount;

    /// <param name="source">The address that they leave from.</param>
    /// <param name="port">The port that they leave from: the UDP socket's.</param>
    /// <param name="frames">Sends frames; null: all goes by the UDP socket. It must outlive this.</param>
    public DhcpSendBatch(Ipv4 source, ushort port, FrameSocket? frames)
    {
        (_source, _port, _frames) = (source, port, frames);
        // struct cmsghdr: length (8 bytes), level, type; then struct in_pktinfo: interface (0: the one that the socket is tied to), source, nothing.
        *(nuint*)_control = 16 + 12;
        *(int*)(_control + 8) = LevelIp;
        *(int*)(_control + 12) = PacketInfo;
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(_control + 20, sizeof(uint)), source.Value);
    }

    /// <summary>Answers in it.</summary>
    public int Count => _datagrams + _frameCount;

    /// <summary>Where the next answer is written, before <see cref="Add"/>.</summary>
    public Span<byte> Next => new(_bytes + (Count * Room) + UdpHeaders.Length, DhcpReply.MaximumLength);

    /// <summary>Takes the answer that was written.</summary>
    public void Add(in DhcpReply reply)
    {
        if (_frames is { } frames && UdpHeaders.Length + reply.Length <= frames.Mtu && IsForFrame(frames, reply))
        {
            AddFrame(frames, reply);
        }
        else
        {
            AddDatagram(reply);
        }
    }

    /// <summary>Sends all, and empties it. One that cannot be sent keeps none of the others back.</summary>
    /// <param name="socket">The UDP socket's descriptor.</param>
    /// <returns>The last error; 0: there was none.</returns>
    public int Send(int socket)
    {
        var error = _datagrams == 0 ? 0 : Send(socket, _datagramHeaders, _datagrams);
        if (_frames is not null && _frameCount > 0 && Send(_frames.Descriptor, _frameHeaders, _frameCount) is var failure and not 0)
        {
            error = failure;
        }

        (_datagrams, _frameCount) = (0, 0);
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_datagramHeaders);
        NativeMemory.Free(_frameHeaders);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_links);
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_control);
    }

    // Where the kernel knows a client, it is answered there: its MAC on the wire may be another than that in its packet.
    private static bool IsForFrame(FrameSocket frames, in DhcpReply reply) =>
        reply.Address == Ipv4.Broadcast || (reply.Mac is not null && !frames.IsResolved(reply.Address));

    private void AddFrame(FrameSocket frames, in DhcpReply reply)
    {
        var place = Count;
        var packet = _bytes + (place * Room);
        var length = UdpHeaders.Length + reply.Length;
        UdpHeaders.Write(new Span<byte>(packet, length), _source, _port, reply.Address, reply.Port);
        _links[place] = new LinkName(frames.Interface, reply.Address == Ipv4.Broadcast ? null : reply.Mac);
        _vectors[place] = new IoVector { Start = packet, Length = (nuint)length };
        _frameHeaders[_frameCount++] = new DatagramHeader { Name = _links + place, NameLength = (uint)sizeof(LinkName), Vectors = _vectors + place, VectorCount = 1 };
    }

    private void AddDatagram(in DhcpReply reply)
    {
        var place = Count;
        _names[place] = new SocketName(reply.Address, reply.Port);
        _vectors[place] = new IoVector { Start = _bytes + (place * Room) + UdpHeaders.Length, Length = (nuint)reply.Length };
        _datagramHeaders[_datagrams++] = new DatagramHeader
        {
            Name = _names + place,
            NameLength = (uint)sizeof(SocketName),
            Vectors = _vectors + place,
            VectorCount = 1,
            Control = _control,
            ControlLength = ControlRoom,
        };
    }

    private static int Send(int socket, DatagramHeader* headers, int count)
    {
        var (sent, error) = (0, 0);
        while (sent < count)
        {
            var more = SocketCalls.Send(socket, headers + sent, (uint)(count - sent), 0);
            if (more > 0)
            {
                sent += more;
            }
            else if (Marshal.GetLastPInvokeError() is var failure && failure != Errno.Interrupted)
            {
                error = failure;
                sent++;
            }
        }

        return error;
    }
}
