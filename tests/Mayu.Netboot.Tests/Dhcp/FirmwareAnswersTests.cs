using System.Collections.Frozen;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Mayu.Protocols.Tests.Dhcp;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>What the captured firmware is answered: DISCOVER and REQUEST, as it sent them.</summary>
public class FirmwareAnswersTests
{
    private const string BootUrl = "http://10.77.0.1:4081";

    [Theory]
    [InlineData("e1000-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("rtl8139-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("virtio-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("ovmf-http", $"{BootUrl}/loaders/snponly.efi", "HTTPClient", "")]
    [InlineData("ipxe-by-http", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("ovmf-secure-boot", "snponly.efi\0", "PXEClient", "060108FF")]
    [InlineData("busybox-udhcpc", "", "", "")]
    [InlineData("dhclient", "", "", "")]
    [InlineData("dhcrelay", "", "", "")]
    [InlineData("dhcrelay-link", "", "", "")]
    [InlineData("perfdhcp", "", "", "")]
    public void By_default_it_is_told_this_file_vendor_class_and_option_43(string firmware, string file, string vendorClass, string option43) =>
        AssertAnswered(new PxeSettings(), firmware, file, vendorClass, option43);

    [Fact]
    public void With_other_loaders_it_is_told_those()
    {
        var settings = new PxeSettings
        {
            Loader = BootLoader.Pxelinux,
            Architectures = [new ArchitectureSetting(ClientArchitecture.UefiX64, BootLoader.Shim, null)],
        };

        AssertAnswered(settings, "virtio-rom", "pxelinux.0", "", "");
        AssertAnswered(settings, "ovmf-secure-boot", "shimx64.efi\0", "PXEClient", "060108FF");
        AssertAnswered(settings, "ovmf-http", $"{BootUrl}/loaders/shimx64.efi", "HTTPClient", "");
    }

    [Fact]
    public void A_bootp_client_gets_an_address_and_the_loader_of_a_bios()
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(FirmwarePackets.Named("bootpc bootp")));
        Assert.Equal(DhcpMessageType.None, network.Answer.MessageType);
        Assert.False(network.Answer.YourAddress.IsAny);
        Assert.Equal("undionly.kpxe", System.Text.Encoding.ASCII.GetString(network.Answer.BootFile));
    }

    [Theory]
    [InlineData("dhcrelay", "10.78.0.1", "0105646F776E30", "10.78.0.")]
    [InlineData("dhcrelay-link", "10.77.0.2", "0105646F776E3005040A4E0001", "10.78.0.")]
    [InlineData("perfdhcp", "10.77.0.2", "", "10.79.0.")]
    public void What_a_relay_brings_is_answered_from_its_pool_and_by_way_of_it(string relay, string address, string option82, string pool)
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(FirmwarePackets.Named($"{relay} discover")));
        Assert.Equal((address, (ushort)67), (network.Reply.Address.ToString(), network.Reply.Port));
        Assert.Equal(option82, network.Hex(82));
        Assert.StartsWith(pool, network.Answer.YourAddress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_that_asks_a_proxys_port_4011_is_told_its_loader_there()
    {
        var request = FirmwarePackets.Named("ovmf-boot-server request");
        Assert.True(DhcpPacket.TryParse(request, out var asked, out _));
        var answer = new byte[1472];
        var proxy = ServedNetwork.ProxyOf([Subnet(new PxeSettings(), 77, relay: null)], new FakeCluster(), new BootTrace(new StoppedClock()), new ClientTable(new FakeCluster(), new StoppedClock()));

        Assert.True(proxy.TryAnswerBootServer(request, asked.ClientAddress, 4011, answer, out var reply));
        Assert.Equal((asked.ClientAddress, (ushort)4011), (reply.Address, reply.Port));
        Assert.True(DhcpPacket.TryParse(answer.AsSpan(0, reply.Length), out var ack, out _));
        Assert.Equal((DhcpMessageType.Ack, "snponly.efi"), (ack.MessageType, System.Text.Encoding.ASCII.GetString(ack.BootFile)));
    }

    private static void AssertAnswered(PxeSettings pxe, string firmware, string file, string vendorClass, string option43)
    {
        var network = Network(pxe);

        Assert.True(network.Send(FirmwarePackets.Named($"{firmware} discover")));
        AssertAnswer(network, DhcpMessageType.Offer, file, vendorClass, option43);
        Assert.True(network.Send(Asking(FirmwarePackets.Named($"{firmware} request"), network.Answer.YourAddress)));
        AssertAnswer(network, DhcpMessageType.Ack, file, vendorClass, option43);
    }

    private static void AssertAnswer(ServedNetwork network, DhcpMessageType type, string file, string vendorClass, string option43)
    {
        Assert.Equal(type, network.Answer.MessageType);
        Assert.Equal((file, vendorClass, option43), (Text(network, 67), Text(network, 60), network.Hex(43)));
    }

    // The link that the captures are from, and the subnets of the relays.
    private static ServedNetwork Network(PxeSettings pxe) => new(
        Subnet(pxe, 77, relay: null), Subnet(pxe, 78, Ipv4.Of(10, 78, 0, 1)), Subnet(pxe, 79, Ipv4.Of(10, 77, 0, 2)));

    private static DhcpSubnet Subnet(PxeSettings pxe, byte net, Ipv4? relay) => new()
    {
        Interface = "br0",
        BootUrl = BootUrl,
        Pxe = pxe,
        Network = new NetworkPlan
        {
            Subnet = Ipv4Subnet.TryParse($"10.{net}.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
            ServerAddress = new Ipv4(0x0A4D0001),
            BootstrapRange = new Ipv4Range(new Ipv4(Ipv4.Of(10, net, 0, 100).Value), new Ipv4(Ipv4.Of(10, net, 0, 199).Value)),
            LeaseTime = TimeSpan.FromHours(1),
        },
        Relays = relay is { } address ? new[] { address }.ToFrozenSet() : FrozenSet<Ipv4>.Empty,
    };

    // The lab's server had offered it another address.
    private static byte[] Asking(byte[] request, Ipv4 address)
    {
        ReadOnlySpan<byte> option = [(byte)DhcpOptionCode.RequestedAddress, Ipv4.Size, 10];
        var place = request.AsSpan().IndexOf(option);
        Assert.True(place > 0);
        var packet = request.ToArray();
        address.Write(packet.AsSpan(place + 2));
        return packet;
    }

    private static string Text(ServedNetwork network, byte code) => System.Text.Encoding.ASCII.GetString(Convert.FromHexString(network.Hex(code)));
}
