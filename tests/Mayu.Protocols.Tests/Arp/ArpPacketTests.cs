using Mayu.Primitives;
using Mayu.Protocols.Arp;

namespace Mayu.Protocols.Tests.Arp;

public class ArpPacketTests
{
    private static readonly byte[] Own = [0x52, 0x54, 0, 0, 0, 1];

    [Fact]
    public void A_probe_is_what_rfc_5227_says()
    {
        var packet = new byte[ArpPacket.Length];
        packet.AsSpan().Fill(0xff);
        ArpPacket.WriteProbe(packet, Own, Ipv4.Of(10, 0, 0, 5));
        Assert.Equal("0001080006040001525400000001000000000000000000000A000005", Convert.ToHexString(packet));
        Assert.False(ArpPacket.TryReadSender(packet, out _, out _));
    }

    [Theory]
    [InlineData("0002")]
    [InlineData("0001")]
    public void A_reply_and_a_request_of_its_owner_tell_who_has_an_address(string operation)
    {
        // With the padding of an Ethernet frame.
        var packet = Convert.FromHexString($"000108000604{operation}5254000000070A0000055254000000010A000001" + new string('0', 36));
        Assert.True(ArpPacket.TryReadSender(packet, out var address, out var hardware));
        Assert.Equal((Ipv4.Of(10, 0, 0, 5), new HardwareAddress(HardwareAddress.Ethernet, [0x52, 0x54, 0, 0, 0, 7])), (address, hardware));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001080006040002525400000007")]
    [InlineData("0006080006040002525400000007" + "0A0000055254000000010A000001")]
    [InlineData("000186DD06040002525400000007" + "0A0000055254000000010A000001")]
    [InlineData("0001080008040002525400000007" + "0A0000055254000000010A000001")]
    public void What_is_no_arp_of_ethernet_and_ipv4_tells_nothing(string hex) =>
        Assert.False(ArpPacket.TryReadSender(Convert.FromHexString(hex), out _, out _));
}
