using System.Buffers.Binary;
using System.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// Reads a <see cref="SocketAddress"/> of IPv4 in place: an <see cref="IPEndPoint"/> for each packet would be
/// three allocations. The layout is that of <c>struct sockaddr_in</c>.
/// </summary>
internal static class WireAddress
{
    private const int PortOffset = 2;
    private const int AddressOffset = 4;

    /// <summary>A new one: 0.0.0.0, port 0.</summary>
    public static SocketAddress Create() => new IPEndPoint(IPAddress.Any, 0).Serialize();

    /// <summary>Reads it.</summary>
    public static (Ipv4 Address, ushort Port) Read(SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        return (
            new Ipv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[AddressOffset..])),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]));
    }
}
