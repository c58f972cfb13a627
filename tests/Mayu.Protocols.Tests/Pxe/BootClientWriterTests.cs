using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Protocols.Tests.Pxe;

public class BootClientWriterTests
{
    private static readonly BootClient Client = new()
    {
        HardwareAddress = new HardwareAddress(HardwareAddress.Ethernet, [2, 0, 0, 0, 0, 1]),
        Kind = PxeClientKind.Ipxe,
        Architecture = ClientArchitecture.UefiX64,
        Uuid = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
    };

    [Theory]
    [InlineData(PxeClientKind.Pxe, ClientArchitecture.BiosX86)]
    [InlineData(PxeClientKind.Pxe, ClientArchitecture.UefiArm64)]
    [InlineData(PxeClientKind.HttpBoot, ClientArchitecture.UefiX64Http)]
    [InlineData(PxeClientKind.Ipxe, ClientArchitecture.BiosX86)]
    [InlineData(PxeClientKind.Ipxe, ClientArchitecture.UefiX64)]
    public void A_client_is_read_as_what_it_says_it_is(PxeClientKind kind, ClientArchitecture architecture)
    {
        var buffer = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(buffer, Client with { Kind = kind, Architecture = architecture }, 7);
        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        var read = PxeClientInfo.Read(packet);
        Assert.Equal((kind, (ClientArchitecture?)architecture, Client.Uuid), (read.Kind, read.Architecture, read.Uuid));
        Assert.Equal(kind == PxeClientKind.Ipxe, read.IsCapableIpxe);
        Assert.Equal((DhcpMessageType.Discover, 7u, true), (packet.MessageType, packet.TransactionId, packet.WantsBroadcast));
    }

    [Fact]
    public void An_operating_system_says_nothing_of_booting()
    {
        var buffer = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(buffer, Client with { Kind = PxeClientKind.Plain }, 7);
        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.Equal(PxeClientKind.Plain, PxeClientInfo.Read(packet).Kind);
    }

    [Fact]
    public void A_request_takes_the_offer_and_a_boot_server_is_asked_with_the_own_address()
    {
        var buffer = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteRequest(buffer, Client, 7, Ipv4.Of(10, 0, 0, 9), Ipv4.Of(10, 0, 0, 1));
        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.True(packet.TryGetAddress(DhcpOptionCode.RequestedAddress, out var wish) && wish == Ipv4.Of(10, 0, 0, 9));
        Assert.True(packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && server == Ipv4.Of(10, 0, 0, 1));

        length = BootClientWriter.WriteBootServerRequest(buffer, Client, 7, Ipv4.Of(10, 0, 0, 9));
        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out packet, out _));
        Assert.Equal((Ipv4.Of(10, 0, 0, 9), false), (packet.ClientAddress, packet.WantsBroadcast));
        Assert.False(packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out _));
    }

    [Fact]
    public void An_answer_is_read_with_all_that_a_client_goes_by()
    {
        var buffer = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(buffer, Client, 7);
        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var request, out _));
        var reply = new byte[576];
        var writer = DhcpPacketWriter.Reply(reply, request, DhcpMessageType.Offer);
        writer.YourAddress = Ipv4.Of(10, 0, 0, 9);
        writer.NextServer = Ipv4.Of(10, 0, 0, 2);
        writer.Add(DhcpOptionCode.ServerIdentifier, Ipv4.Of(10, 0, 0, 1));
        writer.Add(DhcpOptionCode.SubnetMask, Ipv4.Of(255, 255, 252, 0));
        writer.AddUInt32(DhcpOptionCode.LeaseTime, 600);
        writer.Add(DhcpOptionCode.BootFileName, "ipxe.efi\0"u8);
        var bytes = reply.AsSpan(0, writer.Finish());

        Assert.True(DhcpAnswer.TryRead(bytes, 7, Client.HardwareAddress, out var answer));
        Assert.Equal(
            new DhcpAnswer
            {
                Type = DhcpMessageType.Offer,
                Address = Ipv4.Of(10, 0, 0, 9),
                Server = Ipv4.Of(10, 0, 0, 1),
                NextServer = Ipv4.Of(10, 0, 0, 2),
                BootFile = "ipxe.efi",
                PrefixLength = 22,
                LeaseSeconds = 600,
            },
            answer);
        Assert.False(DhcpAnswer.TryRead(bytes, 8, Client.HardwareAddress, out _));
        Assert.False(DhcpAnswer.TryRead(bytes, 7, new HardwareAddress(1, [2, 0, 0, 0, 0, 2]), out _));
    }
}
