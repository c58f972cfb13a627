using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

public class DhcpMutationTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);
    private static readonly Ipv4 Last = Ipv4.Of(10, 0, 0, 51);

    // A million at the long counts (./test full).
    private static int Count => Environment.GetEnvironmentVariable("TEST_LEVEL") switch
    {
        "full" => 1_000_000,
        "ci" => 100_000,
        _ => 20_000,
    };

    [Fact]
    public void Mutated_packets_neither_escape_nor_leave_the_pool()
    {
        var clock = new StoppedClock();
        var settings = DhcpResponderTests.SettingsOf(Server, First, Last);
        var responder = NewResponder(settings, clock);
        var answer = new byte[1472];
        var random = new Random(20261122);
        byte[][] seeds =
        [
            Discover(1, Ipxe),
            Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, First)),
            Request(1, DhcpMessageType.Decline, Option(54, Server), Option(50, First)),
            Request(1, DhcpMessageType.Inform, Ipv4.Of(10, 0, 0, 9)),
        ];
        for (var i = 0; i < Count; i++)
        {
            byte[] packet = [.. seeds[i % seeds.Length]];
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            packet = packet[..(random.Next(8) == 0 ? random.Next(packet.Length) : packet.Length)];
            if (!responder.TryAnswer(packet, answer, out var reply))
            {
                continue;
            }

            Assert.True(DhcpPacket.TryParse(answer.AsSpan(0, reply.Length), out var parsed, out _));
            var given = parsed.YourAddress;
            Assert.True(given.IsAny || given == First || given == Last, $"{given}");
            Assert.True(reply.Address == Ipv4.Broadcast || settings.Network.Subnet.Contains(reply.Address), $"{reply.Address}");
            clock.Pass(TimeSpan.FromSeconds(random.Next(30)));
        }
    }

    private static DhcpResponder NewResponder(DhcpSubnet settings, StoppedClock clock)
    {
        var cluster = new FakeCluster();
        return ServedNetwork.ResponderOf(settings, cluster, new BootTrace(clock), new ClientTable(cluster, clock), clock);
    }
}
