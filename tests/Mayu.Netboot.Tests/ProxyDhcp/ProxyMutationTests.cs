using System.Collections.Frozen;
using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.ProxyDhcp;

public class ProxyMutationTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Client = Ipv4.Of(10, 0, 0, 77);

    [Fact]
    public void Mutated_packets_neither_escape_nor_get_an_address_nor_an_answer_to_somebody_else()
    {
        var settings = DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51));
        var responder = ServedNetwork.ProxyOf([settings], new FakeCluster(), new BootTrace(new StoppedClock()), new ClientTable(new FakeCluster(), new StoppedClock()));
        var discovery = new DhcpDiscovery(new HardwareAddress(HardwareAddress.Ethernet, [2, 0, 0, 0, 0, 9]), 42, FrozenSet<Ipv4>.Empty);
        var answer = new byte[1472];
        var random = new Random(20261124);
        byte[][] seeds =
        [
            Discover(1, Ipxe),
            Discover(1, Pxe(7)),
            Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Ipv4.Of(10, 0, 0, 2)), Option(50, Client)),
            Request(1, DhcpMessageType.Request, Client, [.. Pxe(0), (DhcpOptionCode.VendorSpecific, [71, 4, 0, 5, 0, 0, 255])]),
        ];
        var answers = 0;
        for (var i = 0; i < 20_000; i++)
        {
            byte[] packet = [.. seeds[i % seeds.Length]];
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            packet = packet[..(random.Next(8) == 0 ? random.Next(packet.Length) : packet.Length)];
            discovery.IsQuestion(packet);
            discovery.TryReadServer(packet, out _);
            if (responder.TryAnswer(packet, answer, out var offer))
            {
                AssertNoAddress(answer.AsSpan(0, offer.Length));
                Assert.Equal((Ipv4.Broadcast, (ushort)68), (offer.Address, offer.Port));
                answers++;
            }

            if (responder.TryAnswerBootServer(packet, Client, 4011, answer, out var ack))
            {
                AssertNoAddress(answer.AsSpan(0, ack.Length));
                Assert.Equal((Client, (ushort)4011), (ack.Address, ack.Port));
                answers++;
            }
        }

        Assert.True(answers > 1000, $"{answers}");
    }

    private static void AssertNoAddress(ReadOnlySpan<byte> answer)
    {
        Assert.True(DhcpPacket.TryParse(answer, out var parsed, out _));
        Assert.True(parsed.YourAddress.IsAny);
        Assert.False(parsed.TryGetOption(DhcpOptionCode.LeaseTime, out _));
    }
}
