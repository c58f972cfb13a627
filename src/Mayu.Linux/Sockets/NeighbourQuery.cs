using System.Runtime.InteropServices;
using System.Text;

namespace Mayu.Linux.Sockets;

/// <summary>
/// What the kernel's neighbour table says of an address: <c>struct arpreq</c>, asked by SIOCGARP (arp(7)), for which no right is needed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct NeighbourQuery
{
    private const nuint GetArp = 0x8954;
    private const int Complete = 2;
    private const int LongestName = 15;

    private SocketName _address;
    private fixed byte _hardware[16];
    private int _flags;
    private fixed byte _mask[16];
    private fixed byte _device[LongestName + 1];

    /// <summary>
    /// Whether the kernel knows the address's MAC. It does once the client has asked for ours by ARP, as each does before it sends. Of who
    /// is behind a router it knows none.
    /// </summary>
    /// <param name="socket">Any socket's descriptor.</param>
    /// <param name="device">The interface's name.</param>
    /// <param name="client">Whose address.</param>
    public static bool IsResolved(int socket, string device, SocketName client)
    {
        var query = new NeighbourQuery { _address = client, _flags = 0 };
        Encoding.ASCII.GetBytes(device.AsSpan(0, Math.Min(device.Length, LongestName)), new Span<byte>(query._device, LongestName));
        return SocketCalls.Control(socket, GetArp, &query) == 0 && (query._flags & Complete) != 0;
    }
}
