using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Pxe;

/// <summary>Writes what clients send, as PXE firmware (RFC 4578), UEFI HTTP boot, iPXE and an operating system each do. Every method returns the packet's length.</summary>
public static class BootClientWriter
{
    /// <summary>Room that every packet here fits into, in bytes.</summary>
    public const int Size = 576;

    private const ushort LongestTaken = 1472;

    // What iPXE asks for: mask, router, DNS, host name, domain, MTU, vendor options, boot file and more.
    private static ReadOnlySpan<byte> WantedByIpxe => [1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203];

    // What EDK2 asks for.
    private static ReadOnlySpan<byte> WantedByFirmware => [1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135];

    private static ReadOnlySpan<byte> WantedByAnybody => [1, 3, 6, 12, 15, 26, 28, 42];

    /// <summary>A DHCPDISCOVER; its answer is wanted by broadcast.</summary>
    /// <param name="buffer">Room for <see cref="Size"/> bytes.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="transaction"><c>xid</c>.</param>
    /// <param name="relayInformation">Option 82, as a relay on the way adds it, at most 64 bytes; empty: none does.</param>
    public static int WriteDiscover(Span<byte> buffer, BootClient client, uint transaction, ReadOnlySpan<byte> relayInformation = default)
    {
        var writer = Begin(buffer, DhcpMessageType.Discover, client, transaction);
        if (!relayInformation.IsEmpty)
        {
            writer.Add(DhcpOptionCode.RelayAgentInformation, relayInformation);
        }

        return writer.Finish();
    }

    /// <summary>The DHCPREQUEST that takes an offer (state SELECTING).</summary>
    /// <param name="buffer">Room for <see cref="Size"/> bytes.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="transaction"><c>xid</c>, the same as in the DISCOVER.</param>
    /// <param name="address">The address that was offered.</param>
    /// <param name="server">Who offered it.</param>
    public static int WriteRequest(Span<byte> buffer, BootClient client, uint transaction, Ipv4 address, Ipv4 server)
    {
        var writer = Begin(buffer, DhcpMessageType.Request, client, transaction);
        writer.Add(DhcpOptionCode.ServerIdentifier, server);
        writer.Add(DhcpOptionCode.RequestedAddress, address);
        return writer.Finish();
    }

    /// <summary>The DHCPREQUEST that EDK2 sends to port 4011 for a boot file (PXE specification 2.1 §2.2.5).</summary>
    /// <param name="buffer">Room for <see cref="Size"/> bytes.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="transaction"><c>xid</c>.</param>
    /// <param name="address">Its address, which it has by now.</param>
    public static int WriteBootServerRequest(Span<byte> buffer, BootClient client, uint transaction, Ipv4 address)
    {
        var writer = Begin(buffer, DhcpMessageType.Request, client, transaction);
        writer.Broadcast = false;
        writer.ClientAddress = address;
        return writer.Finish();
    }

    /// <summary>The DHCPRELEASE of an address.</summary>
    /// <param name="buffer">Room for <see cref="Size"/> bytes.</param>
    /// <param name="client">Who had it.</param>
    /// <param name="transaction"><c>xid</c>.</param>
    /// <param name="address">The address.</param>
    /// <param name="server">Who gave it.</param>
    public static int WriteRelease(Span<byte> buffer, BootClient client, uint transaction, Ipv4 address, Ipv4 server)
    {
        ArgumentNullException.ThrowIfNull(client);
        var writer = DhcpPacketWriter.Request(Cleared(buffer), DhcpMessageType.Release, client.HardwareAddress, transaction);
        writer.ClientAddress = address;
        writer.Add(DhcpOptionCode.ServerIdentifier, server);
        return writer.Finish();
    }

    private static DhcpPacketWriter Begin(Span<byte> buffer, DhcpMessageType type, BootClient client, uint transaction)
    {
        ArgumentNullException.ThrowIfNull(client);
        var writer = DhcpPacketWriter.Request(Cleared(buffer), type, client.HardwareAddress, transaction);
        writer.Broadcast = true;
        writer.AddUInt16(DhcpOptionCode.MaximumMessageSize, LongestTaken);
        writer.Add(DhcpOptionCode.ParameterRequestList, client.Kind switch
        {
            PxeClientKind.Plain => WantedByAnybody,
            PxeClientKind.Ipxe => WantedByIpxe,
            _ => WantedByFirmware,
        });
        if (client.Kind == PxeClientKind.Plain)
        {
            return writer;
        }

        AddLoader(ref writer, client);
        if (client.Uuid is { } uuid)
        {
            // The first three fields lie in little-endian order on the wire, as Guid has them.
            writer.Add(DhcpOptionCode.ClientMachineIdentifier, [0, .. uuid.ToByteArray()]);
        }

        return writer;
    }

    private static void AddLoader(ref DhcpPacketWriter writer, BootClient client)
    {
        Span<byte> architecture = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(architecture, (ushort)client.Architecture);
        writer.Add(DhcpOptionCode.ClientSystemArchitecture, architecture);
        if (client.Kind == PxeClientKind.UBoot)
        {
            writer.Add(DhcpOptionCode.VendorClassIdentifier, client.Architecture switch
            {
                ClientArchitecture.UBootArm32 => "U-Boot.armv7"u8,
                ClientArchitecture.UBootArm64 => "U-Boot.armv8"u8,
                _ => "U-Boot"u8,
            });
            return;
        }

        writer.Add(DhcpOptionCode.ClientNetworkInterface, [1, 3, 10]);
        var vendor = client.Kind == PxeClientKind.HttpBoot ? "HTTPClient" : "PXEClient";
        writer.Add(DhcpOptionCode.VendorClassIdentifier,
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{vendor}:Arch:{(ushort)client.Architecture:00000}:UNDI:003010")));
        if (client.Kind != PxeClientKind.Ipxe)
        {
            return;
        }

        writer.Add(DhcpOptionCode.UserClass, "iPXE"u8);
        // Features, a byte of version each: HTTP (0x13), TFTP (0x15), DNS (0x17), menus (0x27), and how it starts a kernel.
        writer.Add(DhcpOptionCode.Etherboot, client.Architecture is ClientArchitecture.BiosX86 or ClientArchitecture.BiosX86Http
            ? [0x13, 1, 1, 0x15, 1, 1, 0x17, 1, 1, 0x27, 1, 1, 0x18, 1, 1, 0x21, 1, 1]
            : [0x13, 1, 1, 0x15, 1, 1, 0x17, 1, 1, 0x27, 1, 1, 0x24, 1, 1]);
    }

    // What the writer does not write must be nought: options end before the packet does.
    private static Span<byte> Cleared(Span<byte> buffer)
    {
        buffer.Clear();
        return buffer;
    }
}
