
using Mayu.Netboot.Tftp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>Files that somebody writes to while they are sent.</summary>
public sealed class TftpChangingFileTests
{
    private const int Size = 40 * 4096;

    private static readonly TftpSettings Slow = new() { FirstTimeout = TimeSpan.FromSeconds(20), IdleTimeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task A_file_that_is_cut_to_nothing_ends_with_an_error_and_the_server_lives()
    {
        await using var server = new LoopbackTftp(Slow);
        server.Put("file", Size);
        var other = server.Put("other", 5000);
        using var client = new HandClient(server.EndPoint);

        client.Ask("file");
        client.ReceiveBlock(1);
        File.WriteAllText(server.PathOf("file"), "");
        client.Acknowledge(1);

        Assert.Equal((0, "the file changed"), client.ReceiveError());
        await Eventually.TrueAsync(() => server.Transfers == 0);
        client.Ask("other");
        Assert.Equal(other, client.ReceiveFile());
        await Eventually.TrueAsync(() => server.Files.OpenFiles == 0);
    }

    [Theory]
    [InlineData(Size - 1, false)]
    [InlineData(Size, false)]
    [InlineData(Size + 1, false)]
    [InlineData(Size, true)]
    public async Task A_file_that_is_written_to_never_arrives_as_a_mixture(int newSize, bool keepsTime)
    {
        await using var server = new LoopbackTftp(Slow);
        server.Put("file", Size);
        var time = File.GetLastWriteTimeUtc(server.PathOf("file"));
        using var client = new HandClient(server.EndPoint);

        client.Ask("file", "blksize", "4096", "windowsize", "4");
        client.Receive();
        client.Acknowledge(0);
        for (var number = 1; number <= 4; number++)
        {
            client.ReceiveBlock(number);
        }

        await File.WriteAllBytesAsync(server.PathOf("file"), new byte[newSize], TestContext.Current.CancellationToken);
        if (keepsTime)
        {
            // As `cp -p` and `rsync --inplace -t` do.
            File.SetLastWriteTimeUtc(server.PathOf("file"), time);
        }

        var last = 4;
        byte[] packet;
        do
        {
            client.Acknowledge(last);
            packet = client.Receive();
            for (var more = 1; packet[1] == 3 && more < 4; more++)
            {
                packet = client.Receive();
            }

            last += 4;
        }
        while (packet[1] == 3 && last <= Size / 4096);

        Assert.Equal([0, 5, 0, 0, .. "the file changed"u8, 0], packet);
    }

    [Fact]
    public async Task A_file_that_is_replaced_is_sent_to_its_end_as_it_was()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", Size);
        using var client = new HandClient(server.EndPoint);
        using var later = new HandClient(server.EndPoint);

        client.Ask("file", "blksize", "8192");
        client.Receive();
        // As package managers and careful people do: a new file takes the name.
        await File.WriteAllTextAsync(server.PathOf("new"), "new", TestContext.Current.CancellationToken);
        File.Move(server.PathOf("new"), server.PathOf("file"), overwrite: true);
        client.Acknowledge(0);

        Assert.Equal(content, client.ReceiveFile(8192));
        later.Ask("file");
        Assert.Equal("new"u8, later.ReceiveFile());
    }
}
