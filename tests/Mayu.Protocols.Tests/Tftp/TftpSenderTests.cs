using FsCheck.Xunit;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

public class TftpSenderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Without_options_block_1_goes_first_and_the_last_ack_completes()
    {
        var sender = Sender(new TftpRequestedOptions(), 600);

        Assert.Equal(Blocks(1), sender.Start());
        Assert.Equal(Blocks(2), sender.OnAcknowledgement(1));
        Assert.Equal(512, sender.AcknowledgedBytes);
        Assert.Equal(TftpStepKind.Finish, sender.OnAcknowledgement(2).Kind);
        Assert.Equal(TftpOutcome.Completed, sender.Outcome);
        Assert.Equal(600, sender.AcknowledgedBytes);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(511, 1)]
    [InlineData(512, 2)]
    [InlineData(513, 2)]
    [InlineData(1024, 3)]
    public void The_last_block_is_shorter_and_may_be_empty(long size, long blocks)
    {
        Assert.Equal(blocks, Sender(new TftpRequestedOptions(), size).BlockCount);
    }

    [Fact]
    public void After_an_oack_data_waits_for_ack_0()
    {
        var sender = Sender(new TftpRequestedOptions { BlockSize = 1024 }, 3000);

        Assert.Equal(TftpStepKind.SendOack, sender.Start().Kind);
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(1).Kind);
        Assert.Equal(Blocks(1), sender.OnAcknowledgement(0));
    }

    [Fact]
    public void A_sender_that_waits_for_its_options_or_has_finished_has_nothing_to_resume()
    {
        var sender = Sender(new TftpRequestedOptions { BlockSize = 1024 }, 3000);
        sender.Start();

        Assert.Equal(TftpStepKind.Wait, sender.Resume().Kind);
        sender.OnAcknowledgement(0);
        Assert.Equal(Blocks(1), sender.Resume());
        sender.OnError();
        Assert.Equal(TftpStepKind.Wait, sender.Resume().Kind);
    }

    [Fact]
    public void An_error_in_answer_to_the_oack_is_a_size_probe()
    {
        var sender = Sender(new TftpRequestedOptions { TransferSize = 0 }, 3000);
        sender.Start();

        Assert.Equal(TftpStepKind.Finish, sender.OnError().Kind);
        Assert.Equal(TftpOutcome.Probed, sender.Outcome);
    }

    [Fact]
    public void An_error_later_is_an_abort_and_what_comes_after_brings_nothing()
    {
        var sender = Sender(new TftpRequestedOptions(), 3000);
        sender.Start();
        sender.OnError();

        Assert.Equal(TftpOutcome.Aborted, sender.Outcome);
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(1).Kind);
        Assert.Equal(TftpStepKind.Wait, sender.OnTimeout().Kind);
        Assert.Equal(TftpStepKind.Wait, sender.OnError().Kind);
    }

    [Fact]
    public void A_repeated_ack_sends_no_block_again()
    {
        var sender = Sender(new TftpRequestedOptions(), 5000);
        sender.Start();

        Assert.Equal(Blocks(2), sender.OnAcknowledgement(1));
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(1).Kind);
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(0).Kind);
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(3).Kind);
        Assert.Equal(Blocks(3), sender.OnAcknowledgement(2));
    }

    [Fact]
    public void Every_ack_ten_times_costs_each_block_once()
    {
        var sender = Sender(new TftpRequestedOptions(), 100 * 512);
        var sent = 0;
        var step = sender.Start();
        for (ushort block = 1; sender.Outcome == TftpOutcome.Running; block++)
        {
            Assert.Equal(Blocks(block), step);
            sent++;
            step = sender.OnAcknowledgement(block);
            for (var again = 0; again < 9; again++)
            {
                Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(block).Kind);
            }
        }

        Assert.Equal(101, sent);
    }

    [Fact]
    public void Silence_repeats_the_block_with_growing_pauses_and_then_gives_up()
    {
        var sender = Sender(new TftpRequestedOptions(), 5000);
        sender.Start();
        sender.OnAcknowledgement(1);
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            pauses.Add(sender.Timeout);
            Assert.Equal(Blocks(2), sender.OnTimeout());
        }

        pauses.Add(sender.Timeout);
        Assert.Equal(TftpStepKind.Finish, sender.OnTimeout().Kind);
        Assert.Equal([1, 2, 4, 8, 8, 7], pauses.Select(pause => pause.TotalSeconds));
        Assert.Equal(TftpOutcome.TimedOut, sender.Outcome);
    }

    [Fact]
    public void An_ack_starts_the_pauses_anew()
    {
        var sender = Sender(new TftpRequestedOptions(), 5000);
        sender.Start();
        sender.OnTimeout();
        sender.OnTimeout();
        sender.OnAcknowledgement(1);

        Assert.Equal(Second, sender.Timeout);
        Assert.True(sender.IsAnswered);
    }

    [Fact]
    public void The_clients_own_timeout_is_kept()
    {
        var sender = Sender(new TftpRequestedOptions { TimeoutSeconds = 7 }, 5000);
        sender.Start();
        sender.OnTimeout();

        Assert.Equal(7, sender.Timeout.TotalSeconds);
    }

    [Fact]
    public void A_timeout_that_is_longer_than_the_server_waits_is_left_out()
    {
        var requested = new TftpRequestedOptions { TimeoutSeconds = 16 };

        Assert.False(TftpAgreement.Negotiate(requested, 5, 1468, 16, maximumTimeoutSeconds: 15).NeedsOack);
        Assert.Equal(16, TftpAgreement.Negotiate(requested, 5, 1468, 16, maximumTimeoutSeconds: 16).AcknowledgedTimeoutSeconds);
    }

    [Fact]
    public void A_lost_oack_is_repeated()
    {
        var sender = Sender(new TftpRequestedOptions { TransferSize = 0 }, 5000);
        sender.Start();

        Assert.Equal(TftpStepKind.SendOack, sender.OnTimeout().Kind);
    }

    [Fact]
    public void A_client_that_never_acks_the_last_block_is_unconfirmed()
    {
        var sender = Sender(new TftpRequestedOptions(), 100);
        sender.Start();
        while (sender.OnTimeout().Kind != TftpStepKind.Finish)
        {
        }

        Assert.Equal(TftpOutcome.Unconfirmed, sender.Outcome);
    }

    [Fact]
    public void Block_numbers_wrap_after_65535()
    {
        const long Size = 70_000L * 512;
        var sender = Sender(new TftpRequestedOptions(), Size);
        var step = sender.Start();
        for (long block = 1; block <= 70_001; block++)
        {
            Assert.Equal(Blocks(block), step);
            step = sender.OnAcknowledgement((ushort)block);
        }

        Assert.Equal(TftpOutcome.Completed, sender.Outcome);
        Assert.Equal(Size, sender.AcknowledgedBytes);
    }

    [Fact]
    public void A_window_goes_out_at_once_and_moves_on_with_its_last_ack()
    {
        var sender = Sender(new TftpRequestedOptions { WindowSize = 4 }, 6 * 512);
        sender.Start();

        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 1, 4), sender.OnAcknowledgement(0));
        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 5, 3), sender.OnAcknowledgement(4));
        Assert.Equal(TftpStepKind.Finish, sender.OnAcknowledgement(7).Kind);
    }

    [Fact]
    public void A_hole_in_a_window_is_sent_from_there()
    {
        var sender = Sender(new TftpRequestedOptions { WindowSize = 4 }, 20 * 512);
        sender.Start();
        sender.OnAcknowledgement(0);

        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 3, 4), sender.OnAcknowledgement(2));
        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 3, 4), sender.OnAcknowledgement(2));
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(2).Kind);
        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 7, 4), sender.OnAcknowledgement(6));
    }

    /// <summary>Whatever is lost, repeated or forged, no block outside the file is sent and a patient client gets it all.</summary>
    [Property(MaxTest = 300)]
    public void Any_storm_ends_with_the_whole_file_or_an_end(ushort[] acks, byte window, ushort size)
    {
        var sender = new TftpSender(
            TftpAgreement.Negotiate(new TftpRequestedOptions { WindowSize = (window % 16) + 1 }, size, 1468, 16), size, Second, Patience);
        Check(sender, sender.Start());
        foreach (var ack in acks)
        {
            Check(sender, ack % 7 == 0 ? sender.OnTimeout() : sender.OnAcknowledgement((ushort)(ack % 40)));
        }

        for (var i = 0; i < 70_000 && sender.Outcome == TftpOutcome.Running; i++)
        {
            var step = sender.OnTimeout();
            Check(sender, step);
            if (step.Kind == TftpStepKind.SendBlocks)
            {
                Check(sender, sender.OnAcknowledgement((ushort)(step.FirstBlock + step.Blocks - 1)));
            }
            else if (step.Kind == TftpStepKind.SendOack)
            {
                Check(sender, sender.OnAcknowledgement(0));
            }
        }

        Assert.NotEqual(TftpOutcome.Running, sender.Outcome);
    }

    [Fact]
    public void A_window_that_is_held_back_sends_nothing_until_it_may_and_counts_as_not_sent()
    {
        var allowed = 0;
        var agreement = TftpAgreement.Negotiate(new TftpRequestedOptions { WindowSize = 4 }, 2000, 1468, 16);
        var sender = new TftpSender(agreement, 2000, Second, Patience, blocks => Math.Min(blocks, allowed));
        sender.Start();

        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 1, 0), sender.OnAcknowledgement(0));
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(1).Kind);
        allowed = 1;
        Assert.Equal(Blocks(1), sender.Resume());
        Assert.Equal(TftpStepKind.Wait, sender.OnAcknowledgement(2).Kind);
        Assert.False(sender.IsAllSent);
        allowed = 4;
        Assert.Equal(new TftpStep(TftpStepKind.SendBlocks, 2, 3), sender.OnAcknowledgement(1));
    }

    private static void Check(TftpSender sender, TftpStep step)
    {
        if (step.Kind == TftpStepKind.SendBlocks)
        {
            Assert.InRange(step.FirstBlock, 1, sender.BlockCount);
            Assert.InRange(step.FirstBlock + step.Blocks - 1, step.FirstBlock, sender.BlockCount);
        }
    }

    private static TftpStep Blocks(long block) => new(TftpStepKind.SendBlocks, block, 1);

    private static TftpSender Sender(TftpRequestedOptions options, long size) =>
        new(TftpAgreement.Negotiate(options, size, 1468, 16), size, Second, Patience);
}
