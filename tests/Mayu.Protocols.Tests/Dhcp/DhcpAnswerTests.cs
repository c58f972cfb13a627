using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Tests.Dhcp;

public class DhcpAnswerTests
{
    [Theory]
    [InlineData("FFFFFF00", 24)]
    [InlineData("FFFFFFFF", 32)]
    [InlineData("80000000", 1)]
    [InlineData("00000000", 0)]
    [InlineData("FF00FF00", null)]
    [InlineData("00FFFFFF", null)]
    public void A_mask_is_a_prefix_or_no_mask(string mask, int? expected)
    {
        var packet = new RawPacket { Operation = 2 }.Option(53, 2).Option(1, Convert.FromHexString(mask));
        Assert.True(DhcpAnswer.TryRead(packet.ToBytes(), 0xCAFEBABE, new HardwareAddress(1, packet.HardwareAddress), out var answer));
        Assert.Equal(expected, answer.PrefixLength);
    }
}
