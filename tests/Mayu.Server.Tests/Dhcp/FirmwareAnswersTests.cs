using Mayu.Core.Addresses;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;
using Mayu.Protocols.Tests.Dhcp;
using Mayu.Server.Dhcp;
using Mayu.Server.Loaders;

namespace Mayu.Server.Tests.Dhcp;

/// <summary>What the captured firmware is answered: DISCOVER and REQUEST, as it sent them.</summary>
public class FirmwareAnswersTests
{
    private const string BootUrl = "http://10.77.0.1:4081";

    [Theory]
    [InlineData("e1000-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("rtl8139-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("virtio-rom", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("ovmf-http", $"{BootUrl}/loaders/ipxe.efi", "HTTPClient", "")]
    [InlineData("ipxe-by-http", $"{BootUrl}/ipxebootscript", "", "")]
    [InlineData("ovmf-secure-boot", "ipxe.efi", "PXEClient", "060108FF")]
    [InlineData("busybox-udhcpc", "", "", "")]
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
        AssertAnswered(settings, "ovmf-secure-boot", "shimx64.efi", "PXEClient", "060108FF");
        AssertAnswered(settings, "ovmf-http", $"{BootUrl}/loaders/shimx64.efi", "HTTPClient", "");
    }

    private static void AssertAnswered(PxeSettings pxe, string firmware, string file, string vendorClass, string option43)
    {
        Assert.True(Ipv4Subnet.TryParse("10.77.0.0/24", out var subnet));
        var network = new ServedNetwork(new DhcpSettings
        {
            Interface = "br0",
            BootUrl = BootUrl,
            Pxe = pxe,
            Network = new NetworkPlan
            {
                Subnet = subnet!,
                ServerAddress = new Ipv4(0x0A4D0001),
                BootstrapRange = new Ipv4Range(new Ipv4(0x0A4D0064), new Ipv4(0x0A4D00C7)),
                LeaseTime = TimeSpan.FromHours(1),
            },
        });

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

    // The lab's server had offered it another address.
    private static byte[] Asking(byte[] request, InAddr address)
    {
        ReadOnlySpan<byte> option = [(byte)DhcpOptionCode.RequestedAddress, InAddr.Size, 10, 77, 0];
        var place = request.AsSpan().IndexOf(option);
        Assert.True(place > 0);
        var packet = request.ToArray();
        address.Write(packet.AsSpan(place + 2));
        return packet;
    }

    private static string Text(ServedNetwork network, byte code) => System.Text.Encoding.ASCII.GetString(Convert.FromHexString(network.Hex(code)));
}
