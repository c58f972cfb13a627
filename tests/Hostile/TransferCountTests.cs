using Mayu.Netboot.Tests;
using Mayu.Netboot.Tests.Tftp;

namespace Mayu.Hostile.Tests;

/// <summary>More blocks and more transfers than 16 bits count, while others send what is not theirs to send.</summary>
public sealed class TransferCountTests
{
    private const int BlockSize = 8;
    private const int Window = 64;

    [Fact]
    public async Task A_file_of_three_times_as_many_blocks_as_there_are_numbers_arrives_whole_whatever_others_send()
    {
        await using var server = new LoopbackTftp();
        var content = server.Put("file", (3 << 16) * BlockSize + 3);
        using var client = new HandClient(server.EndPoint);
        using var stranger = new HandClient(server.EndPoint);
        client.Ask("file", "blksize", $"{BlockSize}", "windowsize", $"{Window}", "windowsize", "65535", "multicast", "", "tsize", "-1", "timeout", "256");
        Assert.StartsWith("\0\u0006blksize\0" + $"{BlockSize}\0", System.Text.Encoding.ASCII.GetString(client.Receive()), StringComparison.Ordinal);
        client.Acknowledge(0);

        var file = new MemoryStream();
        for (long number = 1; file.Length < content.Length; number++)
        {
            file.Write(client.ReceiveBlock(number));
            if (number % Window == 0)
            {
                if (number % (Window * 500) == 0)
                {
                    SendWhatIsNotTheirs(client, stranger, number);
                }

                client.Acknowledge(number);
            }
        }

        client.Acknowledge((3 << 16) + 1);
        Assert.Equal(content, file.ToArray());
        await Eventually.TrueAsync(() => server.Transfers == 0);
    }

    [Fact]
    public async Task One_transfer_after_the_other_from_the_same_port_is_whole_each_time()
    {
        await using var server = new LoopbackTftp();
        var files = Enumerable.Range(0, 3).Select(i => server.Put($"file{i}", 700 + i)).ToList();
        using var client = new HandClient(server.EndPoint);
        for (var i = 0; i < AttackCount.Of(3000, 1 << 16); i++)
        {
            client.Ask($"file{i % 3}");
            Assert.Equal(files[i % 3], client.ReceiveFile());
        }

        await Eventually.TrueAsync(() => server.Transfers == 0 && server.Files.OpenFiles == 0);
    }

    // A stranger's own address and port have no transfer (RFC 1350 §4: error 5, and the other one goes on); the client's own ACKs of blocks that
    // were not sent, or long ago, move nothing.
    private static void SendWhatIsNotTheirs(HandClient client, HandClient stranger, long number)
    {
        stranger.Transfer = client.Transfer;
        stranger.Send([0, 5, 0, 0, (byte)'x', 0]);
        stranger.Acknowledge(number);
        Assert.Equal(5, stranger.ReceiveError().Code);
        client.Acknowledge(number + 1);
        client.Acknowledge(number + 30_000);
        client.Acknowledge(number - Window - 1);
        client.Send([0, 3, 0, 1, 0]);
        client.Send([0, 6, 0]);
        client.Send([0, 4]);
    }
}
