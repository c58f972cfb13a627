using Mayu.Primitives;
using Mayu.Protocols.Net;

namespace Mayu.Protocols.Tests.Net;

/// <summary>A packet as the kernel writes it: tcpdump calls its checksums right in the interop tests.</summary>
public class UdpHeadersTests
{
    [Fact]
    public void Headers_are_those_of_a_packet_whose_checksums_are_known()
    {
        var packet = new byte[UdpHeaders.Length + 3];
        "abc"u8.CopyTo(packet.AsSpan(UdpHeaders.Length));

        UdpHeaders.Write(packet, Ipv4.Of(10, 77, 0, 1), 67, Ipv4.Broadcast, 68);

        Assert.Equal("4500001F00004000401130810A4D0001FFFFFFFF00430044000B30A1616263", Convert.ToHexString(packet));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1472)]
    public void The_sums_of_what_was_written_are_right_as_a_receiver_checks_them(int length)
    {
        var packet = new byte[UdpHeaders.Length + length];
        new Random(length).NextBytes(packet);

        UdpHeaders.Write(packet, Ipv4.Of(10, 0, 0, 1), 67, Ipv4.Of(10, 0, 0, 77), 68);

        Assert.Equal(0, InternetChecksum.Of(InternetChecksum.Sum(packet.AsSpan(0, 20))));
        var pseudo = InternetChecksum.Sum(packet.AsSpan(12, 8)) + 17 + (uint)(8 + length);
        Assert.Equal(0, InternetChecksum.Of(pseudo + InternetChecksum.Sum(packet.AsSpan(20))));
    }
}
