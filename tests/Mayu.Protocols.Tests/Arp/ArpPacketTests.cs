using System.Net;
using System.Net.Sockets;
using Mayu.Core.Addresses;
using Mayu.Server.Wire;

namespace Mayu.Server.Tests.Wire;

public class ArpPacketTests
{
    private static readonly byte[] Own = [0x52, 0x54, 0, 0, 0, 1];

    [Fact]
    public void A_probe_is_what_rfc_5227_says()
    {
        var packet = new byte[ArpPacket.Length];
        packet.AsSpan().Fill(0xff);
        ArpPacket.WriteProbe(packet, Own, new Ipv4(0x0a000005));
        Assert.Equal("0001080006040001525400000001000000000000000000000A000005", Convert.ToHexString(packet));
        Assert.False(ArpPacket.TryReadSender(packet, out _, out _));
    }

    [Fact]
    public void A_reply_and_a_request_of_its_owner_tell_who_has_an_address()
    {
        foreach (var operation in new[] { "0002", "0001" })
        {
            var packet = Convert.FromHexString($"000108000604{operation}5254000000070A0000055254000000010A000001" + new string('0', 36));
            Assert.True(ArpPacket.TryReadSender(packet, out var address, out var mac));
            Assert.Equal(("10.0.0.5", "52:54:00:00:00:07"), (address.ToString(), mac.ToString()));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001080006040002525400000007")]
    [InlineData("0006080006040002525400000007" + "0A0000055254000000010A000001")]
    [InlineData("000186DD06040002525400000007" + "0A0000055254000000010A000001")]
    [InlineData("0001080008040002525400000007" + "0A0000055254000000010A000001")]
    public void What_is_no_arp_of_ethernet_and_ipv4_tells_nothing(string hex) =>
        Assert.False(ArpPacket.TryReadSender(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void A_link_address_is_laid_out_as_the_kernel_reads_it()
    {
        EndPoint endPoint = new LinkEndPoint(0x0806, 3, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        var address = endPoint.Serialize();
        Assert.Equal((AddressFamily.Packet, 20), (address.Family, address.Size));
        Assert.Equal("08060300000000000006FFFFFFFFFFFF0000", Convert.ToHexString(address.Buffer.Span[2..20]));
    }
}
