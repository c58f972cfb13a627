using FsCheck.Xunit;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

public class TftpReceiverTests
{
    private static readonly TftpRequestedOptions Asked = new() { BlockSize = 1428, TransferSize = 0, WindowSize = 4 };

    /// <summary>Sender and receiver, with packets lost on both ways: the file comes whole whatever was agreed.</summary>
    [Property(MaxTest = 200)]
    public bool A_file_comes_whole_from_our_own_sender_whatever_is_lost(ushort size, byte blockSize, byte window, int seed)
    {
        var random = new Random(seed);
        var asked = new TftpRequestedOptions { BlockSize = 8 + blockSize, TransferSize = 0, WindowSize = 1 + (window % 8) };
        var file = new byte[size];
        random.NextBytes(file);
        var agreement = TftpAgreement.Negotiate(asked, size, 1428, 64);
        var sender = new TftpSender(agreement, size, TimeSpan.FromSeconds(1), patience: TimeSpan.FromHours(2));
        var receiver = new TftpReceiver(asked, ushort.MaxValue);
        var got = new List<byte>();
        var toReceiver = new Queue<byte[]>();
        Send(sender.Start());
        for (var round = 0; round < 200_000 && sender.Outcome == TftpOutcome.Running; round++)
        {
            if (!toReceiver.TryDequeue(out var packet))
            {
                Send(sender.OnTimeout());
                continue;
            }

            if (random.Next(10) == 0)
            {
                continue;
            }

            Assert.True(TftpPacket.TryParse(packet, out var parsed, out _));
            var step = receiver.OnPacket(parsed);
            if (step.TakesData)
            {
                got.AddRange(parsed.Body);
            }

            if (step.Kind == TftpReceiverStepKind.Acknowledge && random.Next(10) != 0)
            {
                Send(sender.OnAcknowledgement(step.Block));
            }
        }

        Assert.Equal(size, receiver.ToldSize);
        return receiver.IsComplete && got.SequenceEqual(file);

        void Send(TftpStep step)
        {
            var buffer = new byte[2048];
            if (step.Kind == TftpStepKind.SendOack)
            {
                toReceiver.Enqueue(buffer[..TftpPacketWriter.WriteOptionAcknowledgement(buffer, agreement)]);
            }

            for (var block = step.FirstBlock; step.Kind == TftpStepKind.SendBlocks && block < step.FirstBlock + step.Blocks; block++)
            {
                var from = (int)((block - 1) * agreement.BlockSize);
                var body = file.AsSpan(from, Math.Min(agreement.BlockSize, size - from));
                var header = TftpPacketWriter.WriteDataHeader(buffer, (ushort)block);
                body.CopyTo(buffer.AsSpan(header));
                toReceiver.Enqueue(buffer[..(header + body.Length)]);
            }
        }
    }

    [Fact]
    public void A_server_that_takes_no_options_is_served_with_blocks_of_512()
    {
        var receiver = new TftpReceiver(Asked, 10_000);
        Assert.Equal(new TftpReceiverStep(TftpReceiverStepKind.Acknowledge) { Block = 1, TakesData = true }, Data(receiver, 1, 512));
        Assert.Equal(new TftpReceiverStep(TftpReceiverStepKind.Acknowledge) { Block = 2, TakesData = true }, Data(receiver, 2, 0));
        Assert.True(receiver.IsComplete);
        Assert.Null(receiver.ToldSize);
    }

    [Theory]
    [InlineData("blksize", "2000")]
    [InlineData("windowsize", "5")]
    [InlineData("timeout", "1")]
    public void More_than_was_asked_is_refused(string option, string value)
    {
        var step = Options(new TftpReceiver(Asked, 10_000), option, value);
        Assert.Equal((TftpReceiverStepKind.Refuse, TftpErrorCode.OptionsRefused), (step.Kind, step.Code));
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_when_it_is_told_and_when_it_comes()
    {
        Assert.Equal(TftpErrorCode.DiskFull, Options(new TftpReceiver(Asked, 100), "tsize", "101").Code);
        Assert.Equal(TftpErrorCode.DiskFull, Data(new TftpReceiver(Asked, 100), 1, 101).Code);
    }

    [Fact]
    public void A_block_that_was_taken_is_acked_again_and_an_older_one_is_not()
    {
        var receiver = new TftpReceiver(new TftpRequestedOptions(), 10_000);
        Data(receiver, 1, 512);
        Data(receiver, 2, 512);
        Assert.Equal(new TftpReceiverStep(TftpReceiverStepKind.Acknowledge) { Block = 2 }, Data(receiver, 2, 512));
        Assert.Equal(default, Data(receiver, 1, 512));
        Assert.Equal(1024, receiver.Received);
    }

    [Fact]
    public void Silence_has_the_request_sent_again_and_later_the_ack()
    {
        var receiver = new TftpReceiver(Asked, 10_000);
        Assert.Equal(TftpReceiverStepKind.SendRequest, receiver.OnTimeout().Kind);
        Data(receiver, 1, 512);
        Assert.Equal(new TftpReceiverStep(TftpReceiverStepKind.Acknowledge) { Block = 1 }, receiver.OnTimeout());
    }

    [Fact]
    public void After_a_silence_a_whole_window_comes_before_the_next_ack()
    {
        var receiver = new TftpReceiver(Asked, 10_000);
        Options(receiver, "windowsize", "4");
        Assert.Equal(TftpReceiverStepKind.Nothing, Data(receiver, 1, 512).Kind);
        Assert.Equal(1, receiver.OnTimeout().Block);
        Assert.All([2, 3, 4], block => Assert.Equal(TftpReceiverStepKind.Nothing, Data(receiver, (ushort)block, 512).Kind));
        Assert.Equal(new TftpReceiverStep(TftpReceiverStepKind.Acknowledge) { Block = 5, TakesData = true }, Data(receiver, 5, 512));
    }

    private static TftpReceiverStep Data(TftpReceiver receiver, ushort block, int length)
    {
        var bytes = new byte[4 + length];
        TftpPacketWriter.WriteDataHeader(bytes, block);
        Assert.True(TftpPacket.TryParse(bytes, out var packet, out _));
        return receiver.OnPacket(packet);
    }

    private static TftpReceiverStep Options(TftpReceiver receiver, string name, string value)
    {
        Assert.True(TftpPacket.TryParse([0, 6, .. System.Text.Encoding.ASCII.GetBytes($"{name}\0{value}\0")], out var packet, out _));
        return receiver.OnPacket(packet);
    }
}
