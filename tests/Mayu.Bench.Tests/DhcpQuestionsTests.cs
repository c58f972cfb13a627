using Mayu.Bench.Smoke;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Bench.Tests;

public class DhcpQuestionsTests
{
    [Fact]
    public void A_simulated_machine_is_an_ipxe_that_can_boot_linux_over_http_and_wants_broadcast()
    {
        var machine = new SimulatedMachine(300);
        Assert.True(DhcpPacket.TryParse(DhcpQuestions.Discover(machine, 7), out var packet, out var error), error.ToString());

        var client = PxeClientInfo.Read(packet);
        Assert.True(client.IsCapableIpxe && packet.WantsBroadcast && packet.HardwareAddress.IsUnicastMac);
        Assert.Equal((ClientArchitecture)7, client.Architecture);
        Assert.Equal(machine.Uuid, client.Uuid);
        Assert.Equal("02-b0-00-00-01-2c", machine.MacWithHyphens);
    }

    [Fact]
    public void A_request_takes_the_offer_it_got()
    {
        var offer = new DhcpLease(InAddr.Of(10, 77, 4, 9), InAddr.Of(10, 77, 0, 1), "");
        Assert.True(DhcpPacket.TryParse(DhcpQuestions.Request(new SimulatedMachine(1), 7, offer), out var packet, out _));

        Assert.Equal(DhcpMessageType.Request, packet.MessageType);
        Assert.True(packet.TryGetAddress(DhcpOptionCode.RequestedAddress, out var wish) && wish == offer.Address);
        Assert.True(packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && server == offer.Server);
    }
}
