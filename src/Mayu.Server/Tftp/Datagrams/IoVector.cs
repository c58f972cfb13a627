using System.Runtime.InteropServices;

namespace Mayu.Server.Tftp.Datagrams;

/// <summary>A piece of a datagram, anywhere in memory: <c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Start;
    public nuint Length;
}
