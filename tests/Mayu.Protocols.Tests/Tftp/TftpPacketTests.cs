using System.Text;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

public class TftpPacketTests
{
    [Fact]
    public void Ovmfs_request_is_read()
    {
        // Captured from OVMF; the size probe comes first and ends with ERROR 8.
        var packet = Parse(Bytes("\0\u0001ipxe.efi\0octet\0tsize\00\0blksize\01468\0windowsize\04\0"));

        Assert.Equal(TftpOpcode.ReadRequest, packet.Opcode);
        Assert.Equal("ipxe.efi"u8, packet.Body);
        Assert.Equal("octet"u8, packet.Mode);
        Assert.Equal(
            new TftpRequestedOptions { TransferSize = 0, BlockSize = 1468, WindowSize = 4 },
            TftpRequestedOptions.Read(packet));

        var abort = Parse(Bytes("\0\u0005\0\u0008User aborted the transfer\0"));
        Assert.Equal((ushort)TftpErrorCode.OptionsRefused, abort.Number);
        Assert.Equal("User aborted the transfer"u8, abort.Body);
    }

    [Fact]
    public void Data_ack_and_oack_are_read()
    {
        var data = Parse([0, 3, 0x12, 0x34, 1, 2, 3]);
        Assert.Equal(0x1234, data.Number);
        Assert.Equal([1, 2, 3], data.Body.ToArray());
        Assert.Empty(Parse([0, 3, 0, 9]).Body.ToArray());
        Assert.Equal(7, Parse([0, 4, 0, 7]).Number);
        Assert.Equal(1432, TftpRequestedOptions.Read(Parse(Bytes("\0\u0006blksize\01432\0"))).BlockSize);
    }

    [Theory]
    [InlineData("", TftpParseError.TooShort)]
    [InlineData("\0", TftpParseError.TooShort)]
    [InlineData("\0\u0007", TftpParseError.UnknownOpcode)]
    [InlineData("\u0001\u0001", TftpParseError.UnknownOpcode)]
    [InlineData("\0\u0001", TftpParseError.MissingTerminator)]
    [InlineData("\0\u0001file", TftpParseError.MissingTerminator)]
    [InlineData("\0\u0001file\0octet", TftpParseError.MissingTerminator)]
    [InlineData("\0\u0001\0octet\0", TftpParseError.MissingName)]
    [InlineData("\0\u0001file\0\0", TftpParseError.MissingName)]
    [InlineData("\0\u0001file\0octet\0blksize", TftpParseError.MissingTerminator)]
    [InlineData("\0\u0001file\0octet\0blksize\0", TftpParseError.MissingValue)]
    [InlineData("\0\u0001file\0octet\0blksize\01432", TftpParseError.MissingTerminator)]
    [InlineData("\0\u0003\0", TftpParseError.TooShort)]
    [InlineData("\0\u0004\0", TftpParseError.TooShort)]
    public void Malformed_bytes_are_refused_with_their_reason(string text, TftpParseError expected)
    {
        Assert.False(TftpPacket.TryParse(Bytes(text), out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_request_above_512_bytes_is_refused()
    {
        Assert.False(TftpPacket.TryParse(Bytes("\0\u0001" + new string('a', 510) + "\0octet\0"), out _, out var error));
        Assert.Equal(TftpParseError.TooLong, error);
    }

    [Fact]
    public void Fillers_behind_a_request_are_tolerated()
    {
        var packet = Parse(Bytes("\0\u0001file\0octet\0blksize\01432\0\0\0\0"));

        Assert.Equal(new TftpRequestedOptions { BlockSize = 1432 }, TftpRequestedOptions.Read(packet));
    }

    [Theory]
    [InlineData("BLKSIZE\01432\0", 1432)]
    [InlineData("blksize\08\0", 8)]
    [InlineData("blksize\065464\0", 65464)]
    [InlineData("blksize\065465\0", 65464)]
    [InlineData("blksize\07\0", null)]
    [InlineData("blksize\0-1\0", null)]
    [InlineData("blksize\0" + "1432x\0", null)]
    [InlineData("blksize\0\0", null)]
    [InlineData("blksize\099999999999999999999\0", null)]
    [InlineData("blksize\01000\0blksize\02000\0", 1000)]
    [InlineData("unknown\01\0blksize\01000\0", 1000)]
    public void Block_sizes_out_of_range_count_as_not_asked(string options, int? expected)
    {
        Assert.Equal(expected, TftpRequestedOptions.Read(Parse(Bytes("\0\u0001file\0octet\0" + options))).BlockSize);
    }

    [Fact]
    public void What_is_written_is_these_bytes()
    {
        var buffer = new byte[512];
        var requested = new TftpRequestedOptions { BlockSize = 65464, TransferSize = 0, TimeoutSeconds = 3, WindowSize = 4 };
        var agreement = TftpAgreement.Negotiate(requested, 1_000_000, 1468, 16);

        Assert.Equal("\0\u0006blksize\01468\0tsize\01000000\0timeout\03\0windowsize\04\0",
            Text(buffer, TftpPacketWriter.WriteOptionAcknowledgement(buffer, agreement)));
        Assert.Equal("\0\u0005\0\u0001no such file\0", Text(buffer, TftpPacketWriter.WriteError(buffer, TftpErrorCode.FileNotFound, "no such file"u8)));
        Assert.Equal("\0\u0005\0\u0002abc\0", Text(buffer, TftpPacketWriter.WriteError(buffer.AsSpan(0, 8), TftpErrorCode.AccessViolation, "abcdef"u8)));
        Assert.Equal("\0\u0003\u0001\u0002", Text(buffer, TftpPacketWriter.WriteDataHeader(buffer, 0x102)));
        Assert.Equal("\0\u0004\u0001\u0002", Text(buffer, TftpPacketWriter.WriteAcknowledgement(buffer, 0x102)));
        Assert.Equal("\0\u0001a.efi\0octet\0blksize\065464\0tsize\00\0timeout\03\0windowsize\04\0",
            Text(buffer, TftpPacketWriter.WriteReadRequest(buffer, "a.efi", requested)));
    }

    [Fact]
    public void Only_what_was_asked_is_acknowledged_and_nothing_asked_needs_no_oack()
    {
        Assert.False(TftpAgreement.Negotiate(default, 5, 1468, 16).NeedsOack);
        Assert.Equal(512, TftpAgreement.Negotiate(default, 5, 1468, 16).BlockSize);

        var sizeOnly = TftpAgreement.Negotiate(new TftpRequestedOptions { TransferSize = 0 }, 5, 1468, 16);
        Assert.True(sizeOnly.NeedsOack);
        Assert.Equal(5, sizeOnly.AcknowledgedTransferSize);
        Assert.Null(sizeOnly.AcknowledgedBlockSize);
        Assert.Null(sizeOnly.AcknowledgedTimeoutSeconds);
        Assert.Null(sizeOnly.AcknowledgedWindowSize);
        Assert.Equal(1, TftpAgreement.Negotiate(new TftpRequestedOptions { WindowSize = 64 }, 5, 1468, 1).AcknowledgedWindowSize);
    }

    [Fact]
    public void Mutated_packets_never_escape_the_parser()
    {
        byte[][] seeds =
        [
            Bytes("\0\u0001ipxe.efi\0octet\0tsize\00\0blksize\01468\0windowsize\04\0timeout\05\0"),
            Bytes("\0\u0006tsize\0123456\0blksize\01468\0"),
            Bytes("\0\u0005\0\u0008User aborted the transfer\0"),
            [0, 3, 0, 1, 1, 2, 3, 4, 5],
            [0, 4, 0, 1],
        ];
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
        if (TftpPacket.TryParse(bytes, out var packet, out _))
        {
            var agreement = TftpAgreement.Negotiate(TftpRequestedOptions.Read(packet), 1000, 1468, 64);
            Assert.InRange(agreement.BlockSize, 8, 1468);
            Assert.InRange(TftpPacketWriter.WriteOptionAcknowledgement(new byte[600], agreement), 2, 100);
        }
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(byte[] buffer, int length) => Encoding.Latin1.GetString(buffer, 0, length);

    private static TftpPacket Parse(byte[] bytes)
    {
        Assert.True(TftpPacket.TryParse(bytes, out var packet, out var error), error.ToString());
        return packet;
    }
}
