using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Linux.Sockets;

/// <summary>Address and port of IPv4: <c>struct sockaddr_in</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct SocketName
{
    private const ushort InternetFamily = 2;

    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _zero;

    /// <param name="address">The address.</param>
    /// <param name="port">The port.</param>
    public SocketName(Ipv4 address, ushort port)
    {
        _family = InternetFamily;
        _port = NetworkOrder(port);
        _address = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address.Value) : address.Value;
        _zero = 0;
    }

    /// <summary>The address.</summary>
    public Ipv4 Address => new(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_address) : _address);

    /// <summary>The port.</summary>
    public ushort Port => NetworkOrder(_port);

    private static ushort NetworkOrder(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
