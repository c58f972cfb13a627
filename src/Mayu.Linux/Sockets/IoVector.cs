using System.Runtime.InteropServices;

namespace Mayu.Linux.Sockets;

/// <summary>A piece of a datagram, anywhere in memory: <c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVector
{
    /// <summary>Where it begins.</summary>
    public byte* Start;

    /// <summary>Bytes of it.</summary>
    public nuint Length;
}
