using System.Runtime.InteropServices;

namespace Mayu.Linux.Sockets;

/// <summary>What is waited for: <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    /// <summary>There is room to send.</summary>
    public const short Writable = 4;

    /// <summary>The file descriptor.</summary>
    public int Descriptor;

    /// <summary>What is waited for.</summary>
    public short Wanted;

    /// <summary>Set by the kernel: what there is.</summary>
    public short Happened;
}
