using Mayu.Netboot.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Tests.Dhcp;

public class MalformedPacketTests
{
    private static readonly Dictionary<string, (byte[] Packet, string Answer)> Vectors =
        MalformedPackets.All().ToDictionary(vector => vector.Name, vector => (vector.Packet, vector.Answer), StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_answered_or_dropped(string name)
    {
        var (packet, answer) = Vectors[name];
        var network = new ServedNetwork(DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51)) with { Dhcp = new DhcpSettings() });

        var answered = network.Send(packet);

        Assert.Equal(answer, !answered ? MalformedPackets.Dropped : network.Answer.MessageType == DhcpMessageType.None ? MalformedPackets.Bootp : $"{network.Answer.MessageType}");
        if (answered)
        {
            Assert.Equal(DhcpOperation.BootReply, network.Answer.Operation);
            Assert.InRange(network.Reply.Length, DhcpPacketWriter.MinimumSize, Math.Max(packet.Length, 1472));
            Assert.True(answer is MalformedPackets.Nak or MalformedPackets.Ack || IsOfThePool(network.Answer.YourAddress), $"{network.Answer.YourAddress}");
        }
    }

    [Fact]
    public void There_are_80_at_least() => Assert.True(Vectors.Count >= 80, $"{Vectors.Count}");

    [Fact]
    public void What_is_shorter_than_a_header_is_dropped_whatever_its_length()
    {
        var network = new ServedNetwork(DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51)));
        var packet = ClientPackets.Discover(1);
        for (var length = 0; length < DhcpPacket.HeaderSize; length++)
        {
            Assert.False(network.Send(packet[..length]));
        }

        Assert.Null(network.Trace.Find(ServedNetwork.MacOf(1)));
    }

    private static bool IsOfThePool(Ipv4 address) => new Ipv4Range(new Ipv4(0x0A000032), new Ipv4(0x0A000033)).Contains(address);
}
