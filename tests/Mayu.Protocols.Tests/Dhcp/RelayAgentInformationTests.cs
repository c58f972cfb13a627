using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Tests.Dhcp;

/// <summary>What is read of option 82 (RFC 3046, 3527, 5107).</summary>
public class RelayAgentInformationTests
{
    // As Cisco's IOS and NX-OS lay it out: circuit, remote, then where the client is and what the server is to call itself.
    [Fact]
    public void Link_and_server_identifier_are_found_among_others()
    {
        var information = Read("01060004006401020206AABBCCDDEEFF" + "0504C0A80A01" + "0B04C0A80AFE" + "9700");

        Assert.True(information.HasLinkSelection);
        Assert.Equal(Ipv4.Of(192, 168, 10, 1), information.LinkSelection);
        Assert.Equal(Ipv4.Of(192, 168, 10, 254), information.ServerOverride);
    }

    [Fact]
    public void A_packet_without_it_says_nothing()
    {
        Assert.True(DhcpPacket.TryParse(new RawPacket().Option(53, 1).ToBytes(), out var packet, out _));
        Assert.Equal(default, RelayAgentInformation.Read(packet));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01046E657430")]
    // Its first byte is no filler, and 255 no end.
    [InlineData("00050504C0A801")]
    [InlineData("05")]
    [InlineData("0B")]
    [InlineData("0504C0A80A")]
    public void What_says_nothing_of_either_or_is_cut_off_is_as_none(string option) => Assert.Equal(default, Read(option));

    [Fact]
    public void Neither_filler_nor_end_stand_between_its_sub_options()
    {
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), Read("0000" + "FF00" + "05040A000001").LinkSelection);
    }

    [Theory]
    [InlineData("0500")]
    [InlineData("0503C0A80A")]
    [InlineData("0505C0A80A0100")]
    public void A_link_of_another_length_is_there_and_is_no_address(string option)
    {
        var information = Read(option);
        Assert.True(information.HasLinkSelection);
        Assert.Null(information.LinkSelection);
    }

    [Fact]
    public void Of_two_with_one_code_the_first_counts()
    {
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), Read("05040A000001" + "05040A000002").LinkSelection);
        Assert.Null(Read("050100" + "05040A000002").LinkSelection);
        Assert.Null(Read("0B0400000000" + "0B040A000002").ServerOverride);
    }

    [Theory]
    [InlineData("0B0400000001")]
    [InlineData("0B047F000001")]
    [InlineData("0B04E0000001")]
    [InlineData("0B04F0000001")]
    [InlineData("0B04FFFFFFFF")]
    [InlineData("0B030A0000")]
    public void A_server_identifier_that_is_no_hosts_address_is_as_none(string option) => Assert.Null(Read(option).ServerOverride);

    // RFC 3396.
    [Fact]
    public void One_that_was_split_is_put_together()
    {
        var bytes = new RawPacket().Option(53, 1).Option(82, 5, 4, 10, 0).Option(82, 0, 1, 11, 4, 10, 0, 0, 2).ToBytes();
        Assert.True(DhcpPacket.TryParse(bytes, out var packet, out _));

        var information = RelayAgentInformation.Read(packet);
        Assert.Equal((Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 2)), (information.LinkSelection, information.ServerOverride));
    }

    private static RelayAgentInformation Read(string option)
    {
        Assert.True(DhcpPacket.TryParse(new RawPacket().Option(53, 1).Option(82, Convert.FromHexString(option)).ToBytes(), out var packet, out _));
        return RelayAgentInformation.Read(packet);
    }
}
