using System.Runtime.InteropServices;

namespace Mayu.Server.Tftp.Datagrams;

/// <summary>One datagram of many: <c>struct mmsghdr</c> of a 64-bit Linux, which is a <c>struct msghdr</c> and a length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DatagramHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
    private readonly int _endOfMessageHeader;

    /// <summary>Set by the kernel: bytes received or sent.</summary>
    public uint Length;
}
