using System.Net;
using FsCheck.Xunit;

namespace Mayu.Primitives.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.1", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("10.0.0.01", false)]
    [InlineData("10.0.0.1.1", false)]
    [InlineData("10.0.0.", false)]
    [InlineData(" 10.0.0.1", false)]
    [InlineData("10.0.0.1\n", false)]
    [InlineData("0x0a.0.0.1", false)]
    [InlineData("", false)]
    public void An_address_is_four_decimal_octets_and_nothing_else(string text, bool valid)
    {
        Assert.Equal(valid, Ipv4.TryParse(text, out var address));
        if (valid)
        {
            Assert.Equal(text, address.ToString());
        }
    }

    [Property]
    public bool An_address_prints_what_is_read_back(uint value) => Ipv4.TryParse(new Ipv4(value).ToString(), out var again) && again.Value == value;

    [Theory]
    [InlineData("10.0.0.0/24", "255.255.255.0", "10.0.0.255")]
    [InlineData("10.0.0.0/8", "255.0.0.0", "10.255.255.255")]
    [InlineData("10.0.0.4/30", "255.255.255.252", "10.0.0.7")]
    public void A_subnet_knows_its_netmask_and_broadcast(string text, string netmask, string broadcast)
    {
        Assert.True(Ipv4Subnet.TryParse(text, out var subnet));
        Assert.Equal((netmask, broadcast), (subnet!.Netmask.ToString(), subnet.Broadcast.ToString()));
    }

    [Theory]
    [InlineData("10.0.0.5/24")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/0")]
    [InlineData("10.0.0.0/024")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0")]
    public void A_subnet_with_host_bits_or_without_a_length_is_refused(string text) => Assert.False(Ipv4Subnet.TryParse(text, out _));

    [Theory]
    [InlineData("52:54:00:12:34:56", "52:54:00:12:34:56")]
    [InlineData("52-54-00-AB-CD-EF", "52:54:00:ab:cd:ef")]
    public void A_mac_is_read_with_colons_or_hyphens(string text, string expected)
    {
        Assert.True(MacAddress.TryParse(text, out var mac));
        Assert.Equal(expected, mac.ToString());
        Assert.Equal(expected.Replace(':', '-'), mac.ToHyphenated());
    }

    [Theory]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("52:54-00:12:34:56")]
    [InlineData("52:54:00:12:34")]
    [InlineData("52:54:00:12:34:5g")]
    [InlineData("52:54:00:12:34:56:78")]
    [InlineData("52:54:00:12:34: 6")]
    public void What_no_interface_has_is_no_mac(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void An_address_goes_to_the_wire_and_to_sockets_in_network_order()
    {
        var address = Ipv4.Of(10, 1, 2, 3);
        var bytes = new byte[4];
        address.Write(bytes);

        Assert.Equal([10, 1, 2, 3], bytes);
        Assert.Equal(address, Ipv4.Read(bytes));
        Assert.Equal("10.1.2.3", address.ToString());
        Assert.Equal("10.1.2.3", address.ToIPAddress().ToString());
        Assert.Equal(address, Ipv4.From(new IPAddress(bytes)));
        Assert.Equal(address, Ipv4.From(new IPAddress(bytes).MapToIPv6()));
        Assert.Throws<ArgumentException>(() => Ipv4.From(IPAddress.IPv6Loopback));
    }

    [Fact]
    public void Hardware_addresses_are_equal_by_type_length_and_bytes()
    {
        var mac = new HardwareAddress(1, [2, 0, 0, 0, 0, 1]);

        Assert.Equal(mac, new HardwareAddress(1, [2, 0, 0, 0, 0, 1]));
        Assert.NotEqual(mac, new HardwareAddress(1, [2, 0, 0, 0, 0, 1, 0]));
        Assert.NotEqual(mac, new HardwareAddress(6, [2, 0, 0, 0, 0, 1]));
        Assert.Throws<ArgumentException>(() => new HardwareAddress(1, new byte[17]));
    }

    [Theory]
    [InlineData("020000000001", true)]
    [InlineData("000000000000", false)]
    [InlineData("FFFFFFFFFFFF", false)]
    [InlineData("01005E000001", false)]
    [InlineData("0200000000", false)]
    public void Only_a_macs_own_address_is_a_unicast_mac(string hex, bool expected)
    {
        Assert.Equal(expected, new HardwareAddress(1, Convert.FromHexString(hex)).IsUnicastMac);
    }
}
