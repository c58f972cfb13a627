using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Tests.Dhcp;

public class DhcpPacketWriterTests
{
    [Fact]
    public void An_offer_is_these_bytes()
    {
        var buffer = new byte[1472];
        var writer = Reply(buffer, new RawPacket { Flags = 0x8000, RelayAddress = 0x0A000001 }.Option(53, 1).Option(82, 1, 2, 9, 9), DhcpMessageType.Offer);
        writer.YourAddress = Ipv4.Of(10, 0, 0, 50);
        writer.NextServer = Ipv4.Of(10, 0, 0, 2);
        Assert.True(writer.TrySetBootFile("ipxe.efi"u8));
        writer.Add(DhcpOptionCode.ServerIdentifier, Ipv4.Of(10, 0, 0, 2));
        writer.AddUInt32(DhcpOptionCode.LeaseTime, 3600);
        writer.Add(DhcpOptionCode.Router, [Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 3)]);
        writer.AddUInt16(DhcpOptionCode.InterfaceMtu, 1500);
        var length = writer.Finish();

        var expected = new byte[300];
        Convert.FromHexString("02010600CAFEBABE0000800000000000" + "0A0000320A0000020A000001525400000001").CopyTo(expected, 0);
        "ipxe.efi"u8.CopyTo(expected.AsSpan(108));
        Convert.FromHexString("63825363" + "350102" + "36040A000002" + "330400000E10" + "03080A0000010A000003" + "1A0205DC" + "520401020909" + "FF").CopyTo(expected, 236);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(buffer.AsSpan(0, length)));
    }

    // A relay counts on from what it finds there (RFC 1542 §4.1.1), and drops what has gone too far.
    [Fact]
    public void An_answer_has_passed_no_relay_yet()
    {
        var bytes = new RawPacket().Option(53, 1).ToBytes();
        bytes[3] = 16;
        Assert.True(DhcpPacket.TryParse(bytes, out var request, out _));
        var buffer = new byte[1472];
        DhcpPacketWriter.Reply(buffer, request, DhcpMessageType.Offer).Finish();
        Assert.Equal(0, buffer[3]);
    }

    [Fact]
    public void An_answer_is_no_longer_than_the_client_takes()
    {
        var buffer = new byte[1472];
        var small = Reply(buffer, new RawPacket().Option(53, 1), DhcpMessageType.Offer);
        Assert.True(small.Add(DhcpOptionCode.VendorSpecific, new byte[255]));
        Assert.False(small.Add(DhcpOptionCode.DomainName, new byte[100]));
        Assert.Equal(1, small.LeftOut);
        Assert.InRange(small.Finish(), 300, 548);

        var large = Reply(buffer, new RawPacket().Option(53, 1).Option(57, 5, 220), DhcpMessageType.Offer);
        Assert.True(large.Add(DhcpOptionCode.VendorSpecific, new byte[255]));
        Assert.True(large.Add(DhcpOptionCode.DomainName, new byte[255]));
        Assert.Equal(0, large.LeftOut);
    }

    [Fact]
    public void A_client_that_claims_to_take_less_than_576_gets_576()
    {
        var writer = Reply(new byte[1472], new RawPacket().Option(53, 1).Option(57, 0, 10), DhcpMessageType.Offer);

        Assert.True(writer.Add(DhcpOptionCode.VendorSpecific, new byte[255]));
    }

    [Fact]
    public void Relay_information_is_last_however_full_the_answer_is()
    {
        var relay = Enumerable.Range(0, 200).Select(i => (byte)i).ToArray();
        var buffer = new byte[1472];
        var writer = Reply(buffer, new RawPacket().Option(53, 1).Option(82, relay), DhcpMessageType.Offer);
        while (writer.Add(DhcpOptionCode.DomainName, new byte[7]))
        {
        }

        var length = writer.Finish();
        Assert.InRange(length, 540, 548);
        Assert.Equal(255, buffer[length - 1]);
        Assert.Equal([82, 200, .. relay], buffer[(length - 203)..(length - 1)]);
    }

    [Fact]
    public void Long_values_are_split_and_read_back_whole()
    {
        var value = Enumerable.Range(0, 600).Select(i => (byte)(i % 251)).ToArray();
        var buffer = new byte[1472];
        var writer = Reply(buffer, new RawPacket().Option(53, 1).Option(57, 5, 220), DhcpMessageType.Ack);
        Assert.True(writer.Add(DhcpOptionCode.VendorSpecific, value));
        var length = writer.Finish();

        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.True(packet.TryGetOption(DhcpOptionCode.VendorSpecific, out var read));
        Assert.Equal(value, read.ToArray());
    }

    [Fact]
    public void A_buffer_that_was_used_before_leaks_nothing_of_it()
    {
        var buffer = new byte[1472];
        buffer.AsSpan().Fill(0xEE);
        var writer = Reply(buffer, new RawPacket().Option(53, 1), DhcpMessageType.Nak);
        var length = writer.Finish();

        Assert.DoesNotContain((byte)0xEE, buffer[..length]);
    }

    [Fact]
    public void Bootp_gets_no_message_type_and_300_bytes_at_most()
    {
        var buffer = new byte[1472];
        var writer = Reply(buffer, new RawPacket { PaddedTo = 300 }, DhcpMessageType.None);
        Assert.False(writer.Add(DhcpOptionCode.DomainName, new byte[64]));
        Assert.True(writer.Add(DhcpOptionCode.SubnetMask, Ipv4.Of(255, 255, 255, 0)));

        Assert.Equal(300, writer.Finish());
        Assert.Equal((byte)DhcpOptionCode.SubnetMask, buffer[240]);
    }

    [Fact]
    public void A_name_that_does_not_fit_the_field_leaves_it_as_it_was()
    {
        var buffer = new byte[300];
        var writer = Reply(buffer, new RawPacket(), DhcpMessageType.None);

        Assert.False(writer.TrySetBootFile(new byte[128]));
        Assert.True(writer.TrySetBootFile([.. Enumerable.Repeat((byte)'a', 127)]));
        Assert.Equal(0, buffer[235]);
    }

    [Fact]
    public void A_request_reads_back_as_it_was_meant()
    {
        var buffer = new byte[600];
        var mac = new HardwareAddress(HardwareAddress.Ethernet, [2, 0, 0, 0, 0, 7]);
        var writer = DhcpPacketWriter.Request(buffer, DhcpMessageType.Request, mac, 7);
        writer.Broadcast = true;
        writer.ClientAddress = Ipv4.Of(10, 0, 0, 9);
        writer.Add(DhcpOptionCode.RequestedAddress, Ipv4.Of(10, 0, 0, 9));
        var length = writer.Finish();

        Assert.True(DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.Equal(DhcpMessageType.Request, packet.MessageType);
        Assert.Equal(mac, packet.HardwareAddress);
        Assert.True(packet.WantsBroadcast);
        Assert.Equal(7u, packet.TransactionId);
        Assert.Equal(Ipv4.Of(10, 0, 0, 9), packet.ClientAddress);
    }

    [Fact]
    public void Writing_an_answer_allocates_nothing()
    {
        var buffer = new byte[1472];
        var request = new RawPacket().Option(53, 1).ToBytes();
        Write(request, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Write(request, buffer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int Write(byte[] request, byte[] buffer)
    {
        Assert.True(DhcpPacket.TryParse(request, out var packet, out _));
        var writer = DhcpPacketWriter.Reply(buffer, packet, DhcpMessageType.Offer);
        writer.YourAddress = Ipv4.Of(10, 0, 0, 50);
        writer.TrySetBootFile("ipxe.efi"u8);
        writer.Add(DhcpOptionCode.Router, [Ipv4.Of(10, 0, 0, 1)]);
        writer.AddUInt32(DhcpOptionCode.LeaseTime, 3600);
        return writer.Finish();
    }

    private static DhcpPacketWriter Reply(byte[] buffer, RawPacket request, DhcpMessageType answer)
    {
        Assert.True(DhcpPacket.TryParse(request.ToBytes(), out var packet, out _));
        return DhcpPacketWriter.Reply(buffer, packet, answer);
    }
}
