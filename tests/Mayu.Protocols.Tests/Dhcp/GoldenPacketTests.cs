using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Protocols.Tests.Dhcp;

public class GoldenPacketTests
{
    [Fact]
    public void The_ipxe_rom_under_bios_is_read()
    {
        var packet = Parse(GoldenPackets.IpxeBiosDiscover);
        var client = PxeClientInfo.Read(packet);

        Assert.Equal(DhcpMessageType.Discover, packet.MessageType);
        Assert.Equal("52:54:00:aa:00:01", packet.HardwareAddress.ToString());
        Assert.False(packet.WantsBroadcast);
        Assert.Equal(PxeClientKind.Ipxe, client.Kind);
        Assert.Equal(ClientArchitecture.BiosX86, client.Architecture);
        Assert.True(client.IsCapableIpxe);
        Assert.True(client.Features.HasFlag(IpxeFeatures.Http | IpxeFeatures.BzImage));
        Assert.False(client.Features.HasFlag(IpxeFeatures.Efi));
        Assert.Equal("4c4c4544-0042-3510-8052-b4c04f4e3732", client.Uuid.ToString());
        Assert.Equal("PXEClient:Arch:00000:UNDI:002001"u8, client.VendorClass);
    }

    [Fact]
    public void Ovmf_is_read()
    {
        var packet = Parse(GoldenPackets.OvmfDiscover);
        var client = PxeClientInfo.Read(packet);

        Assert.Equal("52:54:00:aa:00:02", packet.HardwareAddress.ToString());
        Assert.True(packet.WantsBroadcast);
        Assert.Equal(PxeClientKind.Pxe, client.Kind);
        Assert.Equal(ClientArchitecture.UefiX64, client.Architecture);
        Assert.Equal("4c4c4544-0042-3510-8052-b4c04f4e3733", client.Uuid.ToString());
    }

    [Fact]
    public void Ovmf_asks_for_what_it_was_offered()
    {
        var packet = Parse(GoldenPackets.OvmfRequest);

        Assert.Equal(DhcpMessageType.Request, packet.MessageType);
        Assert.True(packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server));
        Assert.Equal(Ipv4.Of(10, 0, 2, 2), server);
        Assert.True(packet.TryGetAddress(DhcpOptionCode.RequestedAddress, out var address));
        Assert.Equal(Ipv4.Of(10, 0, 2, 15), address);
        Assert.True(packet.TryGetUInt16(DhcpOptionCode.MaximumMessageSize, out var size));
        Assert.Equal(0xFF00, size);
    }

    [Fact]
    public void Ipxe_loaded_by_ovmf_is_read()
    {
        var client = PxeClientInfo.Read(Parse(GoldenPackets.IpxeEfiDiscover));

        Assert.Equal(PxeClientKind.Ipxe, client.Kind);
        Assert.Equal(ClientArchitecture.UefiX64, client.Architecture);
        Assert.True(client.IsCapableIpxe);
        Assert.True(client.Features.HasFlag(IpxeFeatures.Http | IpxeFeatures.Efi));
    }

    [Fact]
    public void Both_ipxe_requests_are_read()
    {
        Assert.Equal(DhcpMessageType.Request, Parse(GoldenPackets.IpxeBiosRequest).MessageType);
        Assert.Equal(DhcpMessageType.Request, Parse(GoldenPackets.IpxeEfiRequest).MessageType);
    }

    private static DhcpPacket Parse(byte[] bytes)
    {
        Assert.True(DhcpPacket.TryParse(bytes, out var packet, out var error), error.ToString());
        return packet;
    }
}
