using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mayu.Core.Addresses;
using Mayu.Server.Tftp.Datagrams;

namespace Mayu.Server.Dhcp;

/// <summary>
/// The answers that go out with one call, all from one address of this server: the one that they name in option 54, and not the one that the kernel
/// would choose where the interface has several (IP_PKTINFO). Not safe for several threads at once.
/// </summary>
internal sealed unsafe class DhcpSendBatch : IDisposable
{
    /// <summary>Answers at once.</summary>
    public const int Capacity = 64;

    private const int Room = DhcpReply.MaximumLength;

    private const int ControlRoom = 32;
    private const int LevelIp = 0;
    private const int PacketInfo = 8;

    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(SocketName));
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(Capacity, Room);
    private readonly byte* _control = (byte*)NativeMemory.AllocZeroed(1, ControlRoom);

    /// <param name="source">The address that they leave from.</param>
    public DhcpSendBatch(Ipv4 source)
    {
        // struct cmsghdr: length (8 bytes), level, type; then struct in_pktinfo: interface (0: the one that the socket is tied to), source, nothing.
        *(nuint*)_control = 16 + 12;
        *(int*)(_control + 8) = LevelIp;
        *(int*)(_control + 12) = PacketInfo;
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(_control + 20, sizeof(uint)), source.Value);
    }

    /// <summary>Answers in it.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next answer is written, before <see cref="Add"/>.</summary>
    public Span<byte> Next => new(_bytes + (Count * Room), Room);

    /// <summary>Takes the answer that was written.</summary>
    public void Add(in DhcpReply reply)
    {
        _names[Count] = new SocketName(new Ipv4(reply.Address.Value), reply.Port);
        _vectors[Count] = new IoVector { Start = _bytes + (Count * Room), Length = (nuint)reply.Length };
        _headers[Count] = new DatagramHeader
        {
            Name = _names + Count,
            NameLength = (uint)sizeof(SocketName),
            Vectors = _vectors + Count,
            VectorCount = 1,
            Control = _control,
            ControlLength = ControlRoom,
        };
        Count++;
    }

    /// <summary>Sends all, and empties it. One that cannot be sent keeps none of the others back.</summary>
    /// <param name="socket">The socket's descriptor.</param>
    /// <returns>The last error; 0: there was none.</returns>
    public int Send(int socket)
    {
        var (sent, error) = (0, 0);
        while (sent < Count)
        {
            var count = SocketCalls.Send(socket, _headers + sent, (uint)(Count - sent), 0);
            if (count > 0)
            {
                sent += count;
            }
            else if (Marshal.GetLastPInvokeError() is var failure && failure != SocketCalls.Interrupted)
            {
                error = failure;
                sent++;
            }
        }

        Count = 0;
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_control);
    }
}
