using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Protocols.Tests.Dhcp;

public class FirmwarePacketsTests
{
    public static TheoryData<string> Names => [.. FirmwarePackets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_capture_is_read_for_what_its_name_says(string name)
    {
        var packet = Parse(name);

        Assert.Equal(TypeOf(name.Split(' ')[1]), packet.MessageType);
        Assert.True(packet.HardwareAddress.IsUnicastMac);
        Assert.StartsWith("52:54:00:4d:59:", packet.HardwareAddress.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e1000-rom", PxeClientKind.Ipxe, ClientArchitecture.BiosX86, 21)]
    [InlineData("rtl8139-rom", PxeClientKind.Ipxe, ClientArchitecture.BiosX86, 22)]
    [InlineData("virtio-rom", PxeClientKind.Ipxe, ClientArchitecture.BiosX86, 24)]
    [InlineData("ovmf-http", PxeClientKind.HttpBoot, ClientArchitecture.UefiX64Http, 23)]
    [InlineData("ipxe-by-http", PxeClientKind.Ipxe, ClientArchitecture.UefiX64, 23)]
    [InlineData("ovmf-secure-boot", PxeClientKind.Pxe, ClientArchitecture.UefiX64, 25)]
    public void Firmware_says_what_it_is_in_both_packets(string firmware, PxeClientKind kind, ClientArchitecture architecture, int machine)
    {
        foreach (var packet in new[] { $"{firmware} discover", $"{firmware} request" })
        {
            var client = PxeClientInfo.Read(Parse(packet));
            Assert.Equal((kind, architecture), (client.Kind, client.Architecture));
            Assert.Equal(kind == PxeClientKind.Ipxe, client.IsCapableIpxe);
            Assert.Equal($"4d617975-4c61-4062-8000-{machine:000000000000}", client.Uuid.ToString());
        }
    }

    [Theory]
    [InlineData("busybox-udhcpc discover")]
    [InlineData("dhclient discover")]
    [InlineData("bootpc bootp")]
    [InlineData("dhcrelay discover")]
    [InlineData("perfdhcp discover")]
    public void A_system_that_runs_is_no_loader(string name)
    {
        var client = PxeClientInfo.Read(Parse(name));

        Assert.Equal((PxeClientKind.Plain, null, null), (client.Kind, client.Architecture, client.Uuid));
    }

    [Theory]
    [InlineData("dhcrelay discover", "10.78.0.1", "0105646F776E30")]
    [InlineData("dhcrelay request", "10.78.0.1", "0105646F776E30")]
    [InlineData("dhcrelay-link discover", "10.77.0.2", "0105646F776E3005040A4E0001")]
    [InlineData("dhcrelay-link request", "10.77.0.2", "0105646F776E3005040A4E0001")]
    [InlineData("perfdhcp discover", "10.77.0.2", "")]
    public void A_relay_says_its_address_and_perhaps_where_the_client_is(string name, string address, string option82)
    {
        var packet = Parse(name);

        Assert.Equal(address, packet.RelayAddress.ToString());
        Assert.Equal(option82, packet.TryGetOption(DhcpOptionCode.RelayAgentInformation, out var value) ? Convert.ToHexString(value) : "");
    }

    private static DhcpMessageType TypeOf(string word) => word switch
    {
        "discover" => DhcpMessageType.Discover,
        "request" => DhcpMessageType.Request,
        "bootp" => DhcpMessageType.None,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "no such packet"),
    };

    private static DhcpPacket Parse(string name)
    {
        Assert.True(DhcpPacket.TryParse(FirmwarePackets.Named(name), out var packet, out var error), error.ToString());
        return packet;
    }
}
