using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Mayu.Netboot.Net;

/// <summary>An address of a packet socket: <c>struct sockaddr_ll</c>, packet(7).</summary>
/// <param name="protocol">The Ethernet protocol.</param>
/// <param name="interfaceIndex">The interface.</param>
/// <param name="hardware">The hardware address to send to; empty for binding.</param>
internal sealed class LinkEndPoint(ushort protocol, int interfaceIndex, byte[] hardware) : EndPoint
{
    private const int Size = 20;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Packet;

    /// <inheritdoc/>
    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Packet, Size);
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], protocol);
        BitConverter.TryWriteBytes(bytes[4..], interfaceIndex);
        bytes[11] = (byte)hardware.Length;
        hardware.CopyTo(bytes[12..]);
        return address;
    }

    /// <inheritdoc/>
    public override EndPoint Create(SocketAddress socketAddress) => this;
}
