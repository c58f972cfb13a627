using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>How long the answer is, and where it goes.</summary>
/// <param name="Length">Bytes of the buffer.</param>
/// <param name="Address">255.255.255.255, the client, or the relay.</param>
/// <param name="Port">68, or 67 for a relay.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DhcpReply(int Length, Ipv4 Address, ushort Port)
{
    /// <summary>The longest answer, in bytes: what an Ethernet frame carries (1,500) without the headers of IP and UDP.</summary>
    public const int MaximumLength = 1472;

    /// <summary>The client's MAC where it is on the interface's own segment: the answer can go there where the kernel does not know its address. Null elsewhere.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>It goes out when the record of leases of this number is durable; 0: at once.</summary>
    public long AfterRecord { get; init; }

    /// <summary>How long it waits before it goes out; 0: not at all.</summary>
    public int DelayMilliseconds { get; init; }
}
