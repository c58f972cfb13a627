using System.Runtime.InteropServices;

namespace Mayu.Server.Tftp.Datagrams;

/// <summary>What is waited for: <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    /// <summary>There is room to send.</summary>
    public const short Writable = 4;

    public int Descriptor;
    public short Wanted;
    public short Happened;
}
