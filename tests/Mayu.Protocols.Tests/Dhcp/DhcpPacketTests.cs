using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Tests.Dhcp;

public class DhcpPacketTests
{
    [Fact]
    public void The_header_is_read_where_rfc_2131_puts_it()
    {
        var bytes = new RawPacket
        {
            Flags = 0x8000,
            RelayAddress = 0x0A000001,
            ClientAddress = 0x0A000063,
            ServerName = [.. "boot"u8],
            BootFile = [.. "undionly.kpxe"u8],
        }.Option(53, 1).ToBytes();

        var packet = Parse(bytes);

        Assert.Equal(DhcpOperation.BootRequest, packet.Operation);
        Assert.Equal(DhcpMessageType.Discover, packet.MessageType);
        Assert.Equal(0xCAFEBABE, packet.TransactionId);
        Assert.Equal(4, packet.Seconds);
        Assert.True(packet.WantsBroadcast);
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), packet.RelayAddress);
        Assert.Equal(Ipv4.Of(10, 0, 0, 99), packet.ClientAddress);
        Assert.Equal("52:54:00:00:00:01", packet.HardwareAddress.ToString());
        Assert.Equal("boot"u8, packet.ServerName);
        Assert.Equal("undionly.kpxe"u8, packet.BootFile);
    }

    [Fact]
    public void A_packet_without_an_end_is_read_to_its_last_byte()
    {
        var packet = Parse(new RawPacket { WithoutEnd = true }.Option(53, 3).Option(12, [.. "node"u8]).ToBytes());

        Assert.True(packet.TryGetOption(DhcpOptionCode.HostName, out var name));
        Assert.Equal("node"u8, name);
    }

    [Fact]
    public void What_stands_after_the_end_is_not_read()
    {
        var packet = Parse(new RawPacket { WithoutEnd = true }.Option(53, 1).Raw(255, 12, 200).ToBytes());

        Assert.False(packet.TryGetOption(DhcpOptionCode.HostName, out _));
    }

    [Fact]
    public void Fillers_between_options_are_skipped()
    {
        var packet = Parse(new RawPacket().Raw(0, 0).Option(53, 1).Raw(0).Option(57, 5, 220).ToBytes());

        Assert.True(packet.TryGetUInt16(DhcpOptionCode.MaximumMessageSize, out var size));
        Assert.Equal(1500, size);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Overloaded_fields_are_read_as_options(byte overload)
    {
        var packet = Parse(new RawPacket
        {
            BootFile = (overload & 1) != 0 ? [12, 1, (byte)'f', 255] : [.. "a.efi"u8],
            ServerName = (overload & 2) != 0 ? [15, 1, (byte)'s', 255] : [.. "host"u8],
        }.Option(53, 1).Option(52, overload).ToBytes());

        Assert.Equal((overload & 1) != 0, packet.TryGetOption(DhcpOptionCode.HostName, out _));
        Assert.Equal((overload & 2) != 0, packet.TryGetOption(DhcpOptionCode.DomainName, out _));
        Assert.Equal((overload & 1) != 0 ? ""u8 : "a.efi"u8, packet.BootFile);
        Assert.Equal((overload & 2) != 0 ? ""u8 : "host"u8, packet.ServerName);
    }

    [Fact]
    public void An_overload_inside_an_overloaded_field_opens_no_further_field()
    {
        var packet = Parse(new RawPacket { BootFile = [52, 1, 2, 255], ServerName = [12, 1, (byte)'x', 255] }
            .Option(53, 1).Option(52, 1).ToBytes());

        Assert.False(packet.TryGetOption(DhcpOptionCode.HostName, out _));
    }

    [Fact]
    public void A_message_type_in_an_overloaded_field_counts()
    {
        Assert.Equal(DhcpMessageType.Inform, Parse(new RawPacket { BootFile = [53, 1, 8, 255] }.Option(52, 1).ToBytes()).MessageType);
    }

    [Fact]
    public void A_split_option_is_one_value_in_the_order_options_file_sname()
    {
        var packet = Parse(new RawPacket { BootFile = [67, 2, (byte)'c', (byte)'d', 255], ServerName = [67, 1, (byte)'e', 255] }
            .Option(53, 1).Option(67, [.. "a"u8]).Option(52, 3).Option(67, [.. "b"u8]).ToBytes());

        Assert.True(packet.TryGetOption(DhcpOptionCode.BootFileName, out var file));
        Assert.Equal("abcde"u8, file);
    }

    [Fact]
    public void Of_two_message_types_the_first_counts()
    {
        Assert.Equal(DhcpMessageType.Discover, Parse(new RawPacket().Option(53, 1).Option(53, 3).ToBytes()).MessageType);
    }

    [Fact]
    public void A_fixed_option_of_another_length_counts_as_absent()
    {
        var packet = Parse(new RawPacket().Option(53, 3).Option(50, 10, 0, 0).Option(51).ToBytes());

        Assert.False(packet.TryGetAddress(DhcpOptionCode.RequestedAddress, out _));
        Assert.False(packet.TryGetUInt32(DhcpOptionCode.LeaseTime, out _));
    }

    [Fact]
    public void A_packet_without_the_cookie_is_bootp_and_its_vendor_area_is_not_read()
    {
        var packet = Parse(new RawPacket { Cookie = 0 }.Option(53, 1).Raw(12, 250).ToBytes());

        Assert.False(packet.HasOptions);
        Assert.Equal(DhcpMessageType.None, packet.MessageType);
        Assert.False(packet.TryGetOption(DhcpOptionCode.MessageType, out _));
    }

    [Fact]
    public void Bootp_with_the_cookie_but_without_a_message_type_is_bootp()
    {
        var packet = Parse(new RawPacket { PaddedTo = 300 }.ToBytes());

        Assert.True(packet.HasOptions);
        Assert.Equal(DhcpMessageType.None, packet.MessageType);
    }

    [Fact]
    public void Text_that_fills_its_field_needs_no_nul()
    {
        var name = Enumerable.Repeat((byte)'x', 128).ToArray();

        Assert.Equal(128, Parse(new RawPacket { BootFile = name }.Option(53, 1).ToBytes()).BootFile.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(16)]
    public void Hardware_addresses_of_0_to_16_bytes_are_taken(byte length)
    {
        var packet = Parse(new RawPacket { HardwareLength = length, HardwareAddress = [.. Enumerable.Range(1, 16).Select(i => (byte)i)] }.ToBytes());

        Assert.Equal(length, packet.HardwareAddress.Length);
        Assert.Equal(length == 0 ? "" : "01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10"[..((length * 3) - 1)], packet.HardwareAddress.ToString());
    }

    public static TheoryData<string, byte[], DhcpParseError> Malformed() => new()
    {
        { "empty", [], DhcpParseError.TooShort },
        { "239 bytes", new RawPacket().ToBytes()[..239], DhcpParseError.TooShort },
        { "10 KB", new RawPacket { PaddedTo = 10_000 }.ToBytes(), DhcpParseError.TooLong },
        { "op 0", new RawPacket { Operation = 0 }.ToBytes(), DhcpParseError.UnknownOperation },
        { "op 3", new RawPacket { Operation = 3 }.ToBytes(), DhcpParseError.UnknownOperation },
        { "hlen 17", new RawPacket { HardwareLength = 17 }.ToBytes(), DhcpParseError.HardwareAddressTooLong },
        { "hlen 255", new RawPacket { HardwareLength = 255 }.ToBytes(), DhcpParseError.HardwareAddressTooLong },
        { "an option above its field", new RawPacket { WithoutEnd = true }.Option(53, 1).Raw(12, 10, 65).ToBytes(), DhcpParseError.OptionOverrun },
        { "a code without a length", new RawPacket { WithoutEnd = true }.Option(53, 1).Raw(12).ToBytes(), DhcpParseError.OptionOverrun },
        { "overrun in file", new RawPacket { BootFile = [12, 200] }.Option(53, 1).Option(52, 1).ToBytes(), DhcpParseError.OptionOverrun },
        { "overrun in sname", new RawPacket { ServerName = [12, 63] }.Option(53, 1).Option(52, 2).ToBytes(), DhcpParseError.OptionOverrun },
        { "overload 0", new RawPacket().Option(52, 0).ToBytes(), DhcpParseError.BadOverload },
        { "overload 4", new RawPacket().Option(52, 4).ToBytes(), DhcpParseError.BadOverload },
        { "overload of two bytes", new RawPacket().Option(52, 1, 1).ToBytes(), DhcpParseError.BadOverload },
        { "overload without a value", new RawPacket().Option(52).ToBytes(), DhcpParseError.BadOverload },
        { "message type 0", new RawPacket().Option(53, 0).ToBytes(), DhcpParseError.BadMessageType },
        { "message type of two bytes", new RawPacket().Option(53, 1, 1).ToBytes(), DhcpParseError.BadMessageType },
        { "message type without a value", new RawPacket().Option(53).ToBytes(), DhcpParseError.BadMessageType },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_bytes_are_refused_with_their_reason(string what, byte[] bytes, DhcpParseError expected)
    {
        Assert.False(DhcpPacket.TryParse(bytes, out _, out var error), what);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Reading_a_packet_allocates_nothing()
    {
        var bytes = new RawPacket().Option(53, 1).Option(50, 10, 0, 0, 5).Option(60, [.. "PXEClient"u8]).Option(93, 0, 7).ToBytes();
        ReadAll(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            ReadAll(bytes);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static uint ReadAll(byte[] bytes)
    {
        var packet = Parse(bytes);
        packet.TryGetAddress(DhcpOptionCode.RequestedAddress, out var address);
        packet.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendor);
        var client = Protocols.Pxe.PxeClientInfo.Read(packet);
        return address.Value + (uint)vendor.Length + (uint)packet.HardwareAddress.GetHashCode() + (uint)client.Kind;
    }

    private static DhcpPacket Parse(byte[] bytes)
    {
        if (!DhcpPacket.TryParse(bytes, out var packet, out var error))
        {
            Assert.Fail(error.ToString());
        }

        return packet;
    }
}
