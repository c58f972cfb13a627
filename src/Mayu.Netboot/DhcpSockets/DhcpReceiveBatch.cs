using System.Runtime.InteropServices;
using Mayu.Linux;
using Mayu.Linux.Sockets;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>Room for the packets that one call receives. What is in it holds until the next call.</summary>
internal sealed unsafe class DhcpReceiveBatch : IDisposable
{
    /// <summary>Packets at once.</summary>
    public const int Capacity = 64;

    // One byte more than a packet may have: what is longer is seen to be.
    private const int Room = DhcpPacket.MaximumSize + 1;

    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
    private readonly byte* _bytes = (byte*)NativeMemory.Alloc(Capacity * Room);

    public DhcpReceiveBatch()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Start = _bytes + (i * Room), Length = Room };
            // Who sent it does not matter: a packet says itself where its answer goes.
            _headers[i] = new DatagramHeader { Vectors = _vectors + i, VectorCount = 1 };
        }
    }

    /// <summary>Receives what is there, without waiting.</summary>
    /// <param name="socket">The socket's descriptor.</param>
    /// <returns>How many; 0: none; -1: it failed (<see cref="Marshal.GetLastPInvokeError"/>).</returns>
    public int Receive(int socket)
    {
        var count = SocketCalls.Receive(socket, _headers, Capacity, SocketCalls.DontWait, null);
        return count < 0 && Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted ? 0 : count;
    }

    /// <summary>The bytes of a packet.</summary>
    public ReadOnlySpan<byte> Packet(int place) => new(_vectors[place].Start, (int)_headers[place].Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_bytes);
    }
}
