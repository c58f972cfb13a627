using FsCheck.Xunit;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Protocols.Tests.Dhcp;

public class DhcpPropertyTests
{
    [Property(MaxTest = 300)]
    public bool What_was_written_reads_back(byte code, byte[] value)
    {
        var option = (byte)(code % 250 + 1);
        if (option is 52 or 53)
        {
            option = 12;
        }

        var buffer = new byte[1472];
        var request = new RawPacket().Option(53, 1).Option(57, 5, 220).ToBytes();
        Assert.True(DhcpPacket.TryParse(request, out var asked, out _));
        var writer = DhcpPacketWriter.Reply(buffer, asked, DhcpMessageType.Offer);
        var written = writer.Add((DhcpOptionCode)option, value);
        var length = writer.Finish();

        return written
            && DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _)
            && packet.TryGetOption((DhcpOptionCode)option, out var read)
            && read.SequenceEqual(value);
    }

    [Property(MaxTest = 500)]
    public void Random_bytes_after_a_good_header_never_escape_the_parser(byte[] tail)
    {
        Touch([.. new RawPacket { WithoutEnd = true }.ToBytes(), .. tail]);
    }

    /// <summary>Mutations of a packet that has everything.</summary>
    [Fact]
    public void Mutated_packets_never_escape_the_parser()
    {
        var seeds = new[]
        {
            new RawPacket { BootFile = [12, 3, 65, 66, 67, 255], ServerName = [67, 4, 68, 69, 70, 71, 255], PaddedTo = 400 }
                .Option(53, 1).Option(52, 3).Option(61, 1, 2, 3).Option(57, 5, 220).Option(60, [.. "PXEClient:Arch:00007:UNDI:003001"u8])
                .Option(77, [.. "iPXE"u8]).Option(93, 0, 7).Option(94, 1, 3, 1).Option(97, new byte[17]).Option(175, 0x13, 1, 1, 0x24, 1, 1)
                .Option(82, 1, 4, 1, 2, 3, 4).ToBytes(),
            GoldenPackets.IpxeBiosDiscover,
            GoldenPackets.OvmfDiscover,
        };
        var random = new Random(20261122);
        var cost = new PacketCost();
        for (var i = 0; i < MutationCount.Value; i++)
        {
            PacketCost.Check(Mutation.Of(seeds[i % seeds.Length], random), Touch);
        }

        cost.CheckMemory();
    }

    private static void Touch(byte[] bytes)
    {
        if (!DhcpPacket.TryParse(bytes, out var packet, out var error))
        {
            Assert.NotEqual(DhcpParseError.None, error);
            return;
        }

        for (var code = 0; code < 256; code++)
        {
            packet.TryGetOption((DhcpOptionCode)code, out _);
        }

        var client = PxeClientInfo.Read(packet);
        _ = client.IsCapableIpxe;
        _ = packet.HardwareAddress.ToString();
        _ = packet.BootFile.Length + packet.ServerName.Length;

        Span<byte> buffer = stackalloc byte[600];
        var writer = DhcpPacketWriter.Reply(buffer, packet, DhcpMessageType.Offer);
        writer.Add(DhcpOptionCode.HostName, bytes.AsSpan(0, 100));
        var length = writer.Finish();
        Assert.True(DhcpPacket.TryParse(buffer[..length], out var reply, out var wrong), wrong.ToString());
        Assert.Equal(packet.TransactionId, reply.TransactionId);
    }
}
