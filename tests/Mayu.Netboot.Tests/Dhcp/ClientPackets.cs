using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>What clients send, from the MAC 02:00:00:00:00:NN.</summary>
internal static class ClientPackets
{
    public static (DhcpOptionCode, byte[])[] Pxe(byte architecture) =>
    [
        (DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00007:UNDI:003001"u8]),
        (DhcpOptionCode.ClientSystemArchitecture, [0, architecture]),
        (DhcpOptionCode.ClientMachineIdentifier, [0, .. Enumerable.Range(1, 16).Select(i => (byte)i)]),
    ];

    public static (DhcpOptionCode, byte[])[] Ipxe =>
        [.. Pxe(7), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x13, 1, 1, 0x24, 1, 1])];

    public static (DhcpOptionCode, byte[]) Option(byte code, Ipv4 address)
    {
        var bytes = new byte[4];
        address.Write(bytes);
        return ((DhcpOptionCode)code, bytes);
    }

    public static byte[] Discover(byte client, params (DhcpOptionCode Code, byte[] Value)[] options) =>
        Request(client, DhcpMessageType.Discover, default(Ipv4), options);

    public static byte[] Request(byte client, DhcpMessageType type, params (DhcpOptionCode Code, byte[] Value)[] options) =>
        Request(client, type, default(Ipv4), options);

    public static byte[] Request(byte client, DhcpMessageType type, (DhcpOptionCode Code, byte[] Value)[] some, params (DhcpOptionCode Code, byte[] Value)[] more) =>
        Request(client, type, default(Ipv4), [.. some, .. more]);

    public static byte[] Request(byte client, DhcpMessageType type, Ipv4 ciaddr, params (DhcpOptionCode Code, byte[] Value)[] options)
    {
        var buffer = new byte[600];
        var writer = DhcpPacketWriter.Request(buffer, type, new HardwareAddress(HardwareAddress.Ethernet, [2, 0, 0, 0, 0, client]), 42);
        writer.ClientAddress = ciaddr;
        foreach (var (code, value) in options)
        {
            writer.Add(code, value);
        }

        return buffer[..writer.Finish()];
    }
}
