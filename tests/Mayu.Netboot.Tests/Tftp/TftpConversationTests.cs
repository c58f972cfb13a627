using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Tests.Files;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>The server over loopback, and a client that the test plays packet by packet.</summary>
public sealed class TftpConversationTests
{
    private static readonly TftpSettings Slow = new() { FirstTimeout = TimeSpan.FromSeconds(20), IdleTimeout = TimeSpan.FromSeconds(60) };
    private static readonly TftpSettings Hasty = new() { FirstTimeout = TimeSpan.FromMilliseconds(2), IdleTimeout = TimeSpan.FromMilliseconds(30) };

    [Fact]
    public async Task A_file_arrives_whole_with_the_options_that_were_agreed_on()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);

        client.Ask("/file", "BLKSIZE", "600", "tsize", "0");
        Assert.Equal("\0\u0006blksize\0600\0tsize\01100\0", Encoding.Latin1.GetString(client.Receive()));
        client.Acknowledge(0);

        Assert.Equal(content, client.ReceiveFile(600));
    }

    [Fact]
    public async Task A_server_that_drains_finishes_what_runs_takes_no_request_and_ends()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);
        using var other = new HandClient(server.EndPoint);
        client.Ask("file");
        var got = client.ReceiveBlock(1).ToList();

        await server.DrainAsync();
        other.Ask("file");
        for (var block = 1; block <= 2; block++)
        {
            client.Acknowledge(block);
            got.AddRange(client.ReceiveBlock(block + 1));
        }

        client.Acknowledge(3);
        await server.EndsAsync();
        Assert.Equal(content, got);
        Assert.True(other.HeardNothing);
    }

    [Fact]
    public async Task A_server_without_transfers_ends_at_once_when_it_drains()
    {
        await using var server = new LoopbackTftp(Slow);
        Assert.True(server.IsTurning());
        await server.DrainAsync();
        await server.EndsAsync();
        // The thread is gone: the first look may still see its last turn.
        server.IsTurning();
        Assert.False(server.IsTurning());
    }

    [Theory]
    [InlineData("blksize", "7", null)]
    [InlineData("blksize", "8", "blksize\08\0")]
    [InlineData("blksize", "65464", "blksize\01468\0")]
    [InlineData("blksize", "65465", "blksize\01468\0")]
    [InlineData("windowsize", "0", null)]
    [InlineData("windowsize", "65535", "windowsize\064\0")]
    [InlineData("windowsize", "65536", null)]
    [InlineData("timeout", "0", null)]
    [InlineData("timeout", "30", "timeout\030\0")]
    [InlineData("timeout", "31", null)]
    [InlineData("timeout", "255", null)]
    [InlineData("tsize", "99999999999999999999999", null)]
    [InlineData("multicast", "", null)]
    public async Task Options_are_answered_within_their_bounds_or_left_out(string name, string value, string? oack)
    {
        await using var server = new LoopbackTftp(Slow, mtu: 1500);
        server.Put("file", 5);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file", name, value);

        Assert.Equal(oack is null ? "\0\u0003\0\u0001" : "\0\u0006" + oack, Encoding.Latin1.GetString(client.Receive())[..(oack is null ? 4 : ^0)]);
    }

    [Fact]
    public async Task A_window_goes_out_at_once_and_the_last_block_may_be_empty()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 300 * 1428);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file", "blksize", "1428", "windowsize", "64");
        client.Receive();
        client.Acknowledge(0);
        var file = new MemoryStream();
        for (var number = 1; number <= 301; number++)
        {
            file.Write(client.ReceiveBlock(number));
            if (number % 64 == 0)
            {
                Assert.True(client.HeardNothing);
                client.Acknowledge(number);
            }
        }

        Assert.Equal(content, file.ToArray());
    }

    [Fact]
    public async Task A_packet_from_a_wrong_port_gets_error_5_and_harms_nothing()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);
        using var stranger = new HandClient(server.EndPoint);

        client.Ask("file");
        Assert.Equal(content[..512], client.ReceiveBlock(1));
        stranger.Transfer = client.Transfer;
        stranger.Send([0, 5, 0, 0, 0]);
        stranger.Acknowledge(1);
        Assert.Equal(5, stranger.ReceiveError().Code);
        client.Acknowledge(1);

        Assert.Equal(content[512..1024], client.ReceiveBlock(2));
        Assert.True(stranger.HeardNothing);
    }

    [Fact]
    public async Task Every_ack_ten_times_brings_each_block_once()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 50 * 512);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file");

        // A block that came twice would not be the next one.
        Assert.Equal(content, client.ReceiveFile(repeats: 10));
    }

    [Fact]
    public async Task After_an_error_an_ack_finds_no_transfer_and_the_next_request_is_served()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file", "tsize", "0");
        client.Receive();
        client.Send([0, 5, 0, 8, .. "probed"u8, 0]);
        client.Acknowledge(0);
        Assert.Equal(5, client.ReceiveError().Code);
        client.Ask("file");

        Assert.Equal(content, client.ReceiveFile());
    }

    [Fact]
    public async Task A_request_that_is_repeated_begins_one_transfer()
    {
        await using var server = new LoopbackTftp(Slow);
        const int Blocks = 16;
        var content = server.Put("file", (Blocks * 512) - 1);
        using var client = new HandClient(server.EndPoint);

        for (var i = 0; i < 10; i++)
        {
            client.Ask("file");
        }

        client.ReceiveBlock(1);
        client.Acknowledge(1);
        client.ReceiveBlock(2);
        client.Ask("file");
        // Long before the end: the server takes ACKs first, and a request after the last block begins a transfer.
        for (ushort block = 2; block < Blocks; block++)
        {
            client.Acknowledge(block);
            Assert.Equal(content[(block * 512)..Math.Min((block + 1) * 512, content.Length)], client.ReceiveBlock((ushort)(block + 1)));
        }

        client.Acknowledge(Blocks);
        await Eventually.TrueAsync(() => server.Transfers == 0);
        Assert.True(client.HeardNothing);
    }

    /// <summary>The ACK goes to another port than the request, and yet the request must not overtake it.</summary>
    [Fact]
    public async Task The_same_file_may_be_asked_for_again_from_the_same_port_right_after_its_last_ack()
    {
        var trace = new BootTrace(TimeProvider.System);
        await using var server = new LoopbackTftp(Slow, trace: trace);
        var content = server.Put("file", 600);
        using var client = new HandClient(server.EndPoint);

        for (var i = 0; i < 300; i++)
        {
            client.Ask("file");
            Assert.Equal(content, client.ReceiveFile());
        }

        await Eventually.TrueAsync(() => server.Transfers == 0);
        Assert.DoesNotContain(trace.Find(MacAddress.FromOctets([2, 0, 0, 0, 0, 1]))!.Hops, hop => hop.Kind == HopKind.Failed);
    }

    [Fact]
    public async Task Another_request_from_the_same_port_begins_anew_from_another_port()
    {
        await using var server = new LoopbackTftp(Slow);
        server.Put("first", 5000);
        var content = server.Put("second", 1100);
        using var client = new HandClient(server.EndPoint);

        client.Ask("first");
        client.ReceiveBlock(1);
        var former = client.Transfer;
        client.Ask("second");
        Assert.Equal(content, client.ReceiveFile());

        Assert.NotEqual(former, client.Transfer);
        Assert.NotEqual(server.EndPoint, client.Transfer);
    }

    [Fact]
    public async Task With_one_port_everything_comes_from_there()
    {
        await using var server = new LoopbackTftp(Slow with { SinglePort = true });
        var content = server.Put("file", 5000);
        using var client = new HandClient(server.EndPoint);
        using var other = new HandClient(server.EndPoint);

        client.Ask("file");
        other.Ask("file");

        Assert.Equal(content, client.ReceiveFile());
        Assert.Equal(content, other.ReceiveFile());
        Assert.Equal((server.EndPoint, server.EndPoint), (client.Transfer, other.Transfer));
    }

    [Theory]
    [InlineData("\0\u0002file\0octet\0", 2, "this server is read-only")]
    [InlineData("\0\u0001file\0mail\0", 0, "only octet and netascii are served")]
    [InlineData("\0\u0001file\0octet", 4, "malformed request")]
    [InlineData("\0\u0001file", 4, "malformed request")]
    [InlineData("\0\u0001nothing\0OCTET\0", 1, "no such file")]
    public async Task What_cannot_be_had_is_refused_at_once(string request, int code, string message)
    {
        await using var server = new LoopbackTftp(Slow);
        server.Put("file", 5);
        using var client = new HandClient(server.EndPoint);

        client.Request(request);

        Assert.Equal((code, message), client.ReceiveError());
        Assert.Equal(0, server.Transfers);
    }

    [Fact]
    public async Task Silence_repeats_the_block_and_then_ends_the_transfer()
    {
        await using var server = new LoopbackTftp(Hasty);
        server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file");
        // After 2, 4, 8 ms; the 16 ms that follow end with the patience.
        for (var i = 0; i < 4; i++)
        {
            client.ReceiveBlock(1);
        }

        await Eventually.TrueAsync(() => server.Transfers == 0);
        Assert.True(client.HeardNothing);
        await Eventually.TrueAsync(() => server.Files.OpenFiles == 0);
    }

    [Fact]
    public async Task Netascii_converts_the_ends_of_lines_and_tells_the_true_size()
    {
        await using var server = new LoopbackTftp(Slow);
        File.WriteAllText(server.PathOf("text"), "one\ntwo\rthree\r\n");
        using var client = new HandClient(server.EndPoint);

        client.Request("\0\u0001text\0NetASCII\0tsize\00\0");
        Assert.Equal("\0\u0006tsize\019\0", Encoding.Latin1.GetString(client.Receive()));
        client.Acknowledge(0);

        Assert.Equal("one\r\ntwo\r\0three\r\0\r\n", Encoding.Latin1.GetString(client.ReceiveFile()));
    }

    [Fact]
    public async Task A_rendered_file_is_sent_as_any_other()
    {
        await using var server = new LoopbackTftp(Slow, rendered: new RenderedFiles());
        using var client = new HandClient(server.EndPoint);

        client.Ask("a.efi");

        Assert.Equal("a.efi of 127.0.0.1\n", Encoding.ASCII.GetString(client.ReceiveFile()));
    }

    [Fact]
    public async Task A_client_that_cannot_stand_large_blocks_gets_small_ones()
    {
        await using var server = new LoopbackTftp(Slow);
        server.Clients.LimitBlockSize(MacAddress.FromOctets([2, 0, 0, 0, 0, 1]), 1024);
        server.Put("file", 5000);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file", "blksize", "1468");

        Assert.Equal("\0\u0006blksize\01024\0", Encoding.Latin1.GetString(client.Receive()));
    }

    [Fact]
    public async Task The_trace_says_what_became_of_a_file()
    {
        var trace = new BootTrace(TimeProvider.System);
        await using var server = new LoopbackTftp(Slow, trace: trace);
        server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file");
        client.ReceiveFile();
        client.Ask("nothing");
        client.ReceiveError();

        // The mark of a refusal is older than its answer.
        var hops = trace.Find(MacAddress.FromOctets([2, 0, 0, 0, 0, 1]))!.Hops;
        Assert.Equal(2, hops.Length);
        Assert.StartsWith("file by TFTP", hops[0].Detail, StringComparison.Ordinal);
        Assert.Equal((1100, 1100), (hops[0].Bytes, hops[0].Total));
        Assert.Equal("\"nothing\" by TFTP: no such file", hops[1].Detail);
    }

    [Fact]
    public async Task A_client_that_gives_up_elsewhere_each_time_fails_in_one_mark_with_a_count_and_how_far_it_came_last()
    {
        var trace = new BootTrace(TimeProvider.System);
        await using var server = new LoopbackTftp(Slow, trace: trace);
        server.Put("file", 5000);

        for (var blocks = 1; blocks <= 3; blocks++)
        {
            using var client = new HandClient(server.EndPoint);
            client.Ask("file");
            for (var number = 1; number <= blocks; number++)
            {
                client.ReceiveBlock(number);
                client.Acknowledge(number);
            }

            client.Send([0, 5, 0, 3, .. "out of memory\0"u8]);
            await Eventually.TrueAsync(() => server.Transfers == 0);
        }

        var hop = Assert.Single(trace.Find(MacAddress.FromOctets([2, 0, 0, 0, 0, 1]))!.Hops);
        Assert.Equal("failed: file by TFTP ended early: out of memory", $"{hop.Name}: {hop.Detail}");
        Assert.Equal((3, 1536, 5000), (hop.Count, hop.Bytes, hop.Total));
    }
}
