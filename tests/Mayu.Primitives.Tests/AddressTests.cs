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
    [InlineData("256.10.0.0.1", false)]
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

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.255", "10.0.1.0")]
    [InlineData("9.255.255.255", "200.0.0.1")]
    public void Addresses_have_one_order_however_it_is_asked_for(string lower, string higher)
    {
        Assert.True(Ipv4.TryParse(lower, out var less));
        Assert.True(Ipv4.TryParse(higher, out var more));
        Assert.True(less < more && less <= more && more > less && more >= less && less.CompareTo(more) < 0);
        Assert.False(more < less || more <= less || less > more || less >= more);
        Assert.False(less != new Ipv4(less.Value) || less < new Ipv4(less.Value) || less > new Ipv4(less.Value));
        Assert.True(less <= new Ipv4(less.Value) && less >= new Ipv4(less.Value));
    }

    [Fact]
    public void A_range_has_both_its_ends_and_what_is_between()
    {
        var range = new Ipv4Range(Ipv4.Of(10, 0, 0, 10), Ipv4.Of(10, 0, 0, 12));

        Assert.Equal((3, "10.0.0.10-10.0.0.12"), (range.Count, range.ToString()));
        Assert.Equal([false, true, true, true, false], Enumerable.Range(9, 5).Select(last => range.Contains(Ipv4.Of(10, 0, 0, (byte)last))));
        Assert.Equal(1L << 32, new Ipv4Range(Ipv4.Any, Ipv4.Broadcast).Count);
    }

    [Theory]
    [InlineData(8, 9, false)]
    [InlineData(8, 10, true)]
    [InlineData(11, 11, true)]
    [InlineData(8, 20, true)]
    [InlineData(12, 20, true)]
    [InlineData(13, 20, false)]
    public void Ranges_overlap_where_one_address_is_in_both(byte start, byte end, bool expected)
    {
        var (one, other) = (new Ipv4Range(Ipv4.Of(10, 0, 0, 10), Ipv4.Of(10, 0, 0, 12)), new Ipv4Range(Ipv4.Of(10, 0, 0, start), Ipv4.Of(10, 0, 0, end)));
        Assert.Equal((expected, expected), (one.Overlaps(other), other.Overlaps(one)));
    }

    [Theory]
    [InlineData("10.1.2.0/24", "10.1.1.255", "10.1.2.0", "10.1.2.255", "10.1.3.0")]
    [InlineData("0.0.0.0/1", "128.0.0.0", "0.0.0.0", "127.255.255.255", "255.255.255.255")]
    [InlineData("10.0.0.7/32", "10.0.0.6", "10.0.0.7", "10.0.0.7", "10.0.0.8")]
    public void A_subnet_has_the_addresses_of_its_prefix(string text, string before, string first, string last, string behind)
    {
        Assert.True(Ipv4Subnet.TryParse(text, out var subnet));
        Assert.Equal(text, subnet!.ToString());
        Assert.Equal([false, true, true, false], new[] { before, first, last, behind }.Select(one => Ipv4.TryParse(one, out var address) && subnet.Contains(address)));
    }

    [Fact]
    public void A_mac_is_the_same_as_octets_as_text_and_as_a_number()
    {
        Assert.True(MacAddress.TryParse("06:1b:21:0a:0b:0c", out var mac));
        var octets = new byte[6];
        mac.CopyTo(octets);
        var text = new byte[18];

        Assert.Equal([0x06, 0x1b, 0x21, 0x0a, 0x0b, 0x0c], octets);
        Assert.Equal(mac, MacAddress.FromOctets(octets));
        Assert.Throws<ArgumentException>(() => MacAddress.FromOctets(new byte[5]));
        Assert.Throws<ArgumentException>(() => MacAddress.FromOctets(new byte[7]));
        Assert.True(mac.TryFormat(text, out var written));
        Assert.Equal((17, "06:1b:21:0a:0b:0c\0"), (written, System.Text.Encoding.ASCII.GetString(text)));
        Assert.True(mac.TryFormat(text.AsSpan(0, 17), out _));
        Assert.False(mac.TryFormat(text.AsSpan(0, 16), out written));
        Assert.Equal(0, written);
    }

    [Theory]
    [InlineData("00:1b:21:0a:0b:0c", 0x001b21u, false)]
    [InlineData("52:54:00:0a:0b:0c", 0x525400u, true)]
    [InlineData("fc:54:00:0a:0b:0c", 0xfc5400u, false)]
    public void A_mac_tells_its_vendor_or_that_software_chose_it(string text, uint oui, bool isLocal)
    {
        Assert.True(MacAddress.TryParse(text, out var mac));
        Assert.Equal((oui, isLocal), (mac.Oui, mac.IsLocallyAdministered));
    }

    [Fact]
    public void Macs_have_one_order_however_it_is_asked_for()
    {
        var (less, more) = (MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 0xff]), MacAddress.FromOctets([0x52, 0x54, 0, 0, 1, 0]));
        var same = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 0xff]);
        Assert.True(less < more && less <= more && more > less && more >= less && less.CompareTo(more) < 0);
        Assert.False(more < less || more <= less || less > more || less >= more);
        Assert.True(less <= same && less >= same && less.CompareTo(same) == 0);
        Assert.False(less < same || less > same);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("52", "52")]
    [InlineData("5254000A0B0C", "52:54:00:0a:0b:0c")]
    [InlineData("00112233445566778899AABBCCDDEEFF", "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff")]
    public void A_hardware_address_is_said_byte_by_byte_and_copied_as_it_came(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex);
        var address = new HardwareAddress(6, bytes);
        var copy = new byte[bytes.Length];
        address.CopyTo(copy);

        Assert.Equal((expected, 6, bytes.Length), (address.ToString(), address.Type, address.Length));
        Assert.Equal(bytes, copy);
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
