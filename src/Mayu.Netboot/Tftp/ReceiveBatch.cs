using System.Runtime.InteropServices;
using Mayu.Linux;
using Mayu.Linux.Sockets;

namespace Mayu.Netboot.Tftp;

/// <summary>Room for the datagrams that one call receives. What is in it holds until the next call.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    /// <summary>Datagrams at once.</summary>
    public const int Capacity = 64;

    // More than a request may have; what is longer is cut, and then too long all the same.
    private const int Room = 600;

    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DatagramHeader));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
    private readonly SocketName* _names = (SocketName*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(SocketName));
    private readonly byte* _bytes = (byte*)NativeMemory.Alloc(Capacity * Room);

    public ReceiveBatch()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Start = _bytes + (i * Room), Length = Room };
            _headers[i] = new DatagramHeader { Name = _names + i, Vectors = _vectors + i, VectorCount = 1 };
        }
    }

    /// <summary>Receives what is there, without waiting.</summary>
    /// <param name="socket">The socket's descriptor.</param>
    /// <returns>How many; 0: none; -1: it failed (<see cref="Marshal.GetLastPInvokeError"/>).</returns>
    public int Receive(int socket)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _headers[i].NameLength = (uint)sizeof(SocketName);
        }

        var count = SocketCalls.Receive(socket, _headers, Capacity, SocketCalls.DontWait, null);
        return count < 0 && Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted ? 0 : count;
    }

    /// <summary>The bytes of a datagram.</summary>
    public ReadOnlySpan<byte> Datagram(int place) => new(_vectors[place].Start, (int)_headers[place].Length);

    /// <summary>Who sent it.</summary>
    public SocketName Sender(int place) => _names[place];

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_bytes);
    }
}
