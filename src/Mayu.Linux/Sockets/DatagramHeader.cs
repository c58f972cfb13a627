using System.Runtime.InteropServices;

namespace Mayu.Linux.Sockets;

/// <summary>One datagram of many: <c>struct mmsghdr</c> of a 64-bit Linux, which is a <c>struct msghdr</c> and a length.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DatagramHeader
{
    /// <summary>Whom it is from, or for: a socket address.</summary>
    public void* Name;

    /// <summary>Bytes of that.</summary>
    public uint NameLength;

    /// <summary>Its pieces.</summary>
    public IoVector* Vectors;

    /// <summary>How many pieces.</summary>
    public nuint VectorCount;

    /// <summary>Ancillary data (cmsg(3)).</summary>
    public byte* Control;

    /// <summary>Bytes of that.</summary>
    public nuint ControlLength;

    /// <summary>Set by the kernel: what happened to it (recvmsg(2)).</summary>
    public int Flags;

    private readonly int _endOfMessageHeader;

    /// <summary>Set by the kernel: bytes received or sent.</summary>
    public uint Length;
}
