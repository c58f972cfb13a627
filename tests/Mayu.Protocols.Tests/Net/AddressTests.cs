using System.Net;
using Mayu.Protocols.Net;

namespace Mayu.Protocols.Tests.Net;

public class AddressTests
{
    [Fact]
    public void An_address_goes_to_the_wire_and_to_sockets_in_network_order()
    {
        var address = InAddr.Of(10, 1, 2, 3);
        var bytes = new byte[4];
        address.Write(bytes);

        Assert.Equal([10, 1, 2, 3], bytes);
        Assert.Equal(address, InAddr.Read(bytes));
        Assert.Equal("10.1.2.3", address.ToString());
        Assert.Equal("10.1.2.3", address.ToIPAddress().ToString());
        Assert.Equal(address, InAddr.From(new IPAddress(bytes)));
        Assert.Equal(address, InAddr.From(new IPAddress(bytes).MapToIPv6()));
        Assert.Throws<ArgumentException>(() => InAddr.From(IPAddress.IPv6Loopback));
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

    [Theory]
    [InlineData("node-1", "node-1")]
    [InlineData("a\nb\\", "a\\x0ab\\x5c")]
    [InlineData("nul\0\0", "nul")]
    [InlineData("\u001b[2J", "\\x1b[2J")]
    public void Wire_text_is_escaped_before_anybody_reads_it(string text, string expected)
    {
        Assert.Equal(expected, WireText.Printable(System.Text.Encoding.Latin1.GetBytes(text)));
    }

    [Fact]
    public void Long_wire_text_is_cut()
    {
        Assert.Equal("aaaa…", WireText.Printable("aaaaaaaa"u8, 4));
    }
}
