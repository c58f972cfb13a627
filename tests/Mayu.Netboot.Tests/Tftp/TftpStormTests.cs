using System.Net;
using Mayu.Netboot.Tests.Files;
using Mayu.Netboot.Tftp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>What nobody sends who only wants a file.</summary>
public sealed class TftpStormTests
{
    private static readonly TftpSettings Slow = new() { FirstTimeout = TimeSpan.FromSeconds(20), IdleTimeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task Five_hundred_hostile_names_get_an_error_each_and_nothing_else()
    {
        Assert.InRange(HostileNames.All.Count, 500, 5000);
        await using var server = new LoopbackTftp(Slow);
        LayTraps(server);
        using var client = new HandClient(server.EndPoint);

        foreach (var name in HostileNames.All)
        {
            client.Ask(name);
            Assert.InRange(client.ReceiveError().Code, 1, 2);
        }

        client.Ask("good");
        Assert.Equal("good"u8, client.ReceiveFile());
        await Eventually.TrueAsync(() => server.Files.OpenFiles == 0);
    }

    [Fact]
    public async Task Requests_that_do_not_end_or_have_a_nul_in_the_middle_get_nothing_of_a_secret()
    {
        await using var server = new LoopbackTftp(Slow);
        LayTraps(server);
        using var client = new HandClient(server.EndPoint);

        foreach (var name in HostileNames.All.Take(100))
        {
            // No terminator at all, none behind the mode, and a NUL after which the rest would be the mode.
            client.Request("\0\u0001" + name);
            Assert.Equal(4, client.ReceiveError().Code);
            client.Request($"\0\u0001{name}\0octet");
            Assert.Equal(4, client.ReceiveError().Code);
            client.Request($"\0\u0001good\0{name}\0octet\0");
            Assert.InRange(client.ReceiveError().Code, 0, 4);
        }

        client.Request("\0\u0001" + new string('a', 600) + "\0octet\0");
        client.Ask("good");
        Assert.Equal("good"u8, client.ReceiveFile());
    }

    [Fact]
    public async Task Made_up_senders_keep_nobody_out_who_answers()
    {
        await using var server = new LoopbackTftp(Slow with { MaximumTransfers = 20 });
        var content = server.Put("file", 5000);
        using var first = new HandClient(server.EndPoint);
        using var late = new HandClient(server.EndPoint);

        first.Ask("file");
        first.ReceiveBlock(1);
        first.Acknowledge(1);
        AbandonedRequests.Make(server, senders: 100, requestsOfEach: 1);
        late.Ask("file");

        Assert.Equal(content, late.ReceiveFile());
        Assert.Equal(content[512..1024], first.ReceiveBlock(2));
        await Eventually.TrueAsync(() => server.Transfers == 19);
    }

    [Fact]
    public async Task One_address_has_only_its_share_of_transfers()
    {
        await using var server = new LoopbackTftp(Slow with { MaximumTransfersPerClient = 3 });
        var content = server.Put("file", 1100);
        var clients = Enumerable.Range(0, 4).Select(_ => new HandClient(server.EndPoint)).ToList();
        using var neighbour = new HandClient(server.EndPoint, new IPAddress([127, 0, 0, 9]));

        clients.ForEach(client => client.Ask("file"));
        clients[..3].ForEach(client => client.ReceiveBlock(1));
        Assert.Equal((0, "too many transfers, try again later"), clients[3].ReceiveError());
        neighbour.Ask("file");
        Assert.Equal(content, neighbour.ReceiveFile());

        clients[0].Send([0, 5, 0, 0, 0]);
        await Eventually.TrueAsync(() => server.Transfers == 2);
        clients[3].Ask("file");
        Assert.Equal(content, clients[3].ReceiveFile());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Random_packets_stop_nothing()
    {
        await using var server = new LoopbackTftp(Slow);
        var content = server.Put("file", 1100);
        using var client = new HandClient(server.EndPoint);
        using var noise = new HandClient(server.EndPoint);
        var random = new Random(20261124);

        client.Ask("file");
        client.ReceiveBlock(1);
        for (var i = 0; i < 5000; i++)
        {
            var packet = new byte[random.Next(40)];
            random.NextBytes(packet);
            if (packet.Length > 1)
            {
                packet[0] = 0;
                packet[1] &= 7;
            }

            noise.Transfer = i % 2 == 0 ? server.EndPoint : client.Transfer;
            noise.Send(packet);
        }

        client.Acknowledge(1);
        Assert.Equal(content[512..1024], client.ReceiveBlock(2));
    }

    private static void LayTraps(LoopbackTftp server)
    {
        var root = server.PathOf("");
        var outside = Directory.CreateDirectory(server.PathOf("../" + Path.GetFileName(root.TrimEnd('/')) + "-outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "secret"), "secret");
        File.WriteAllText(server.PathOf("good"), "good");
        Directory.CreateDirectory(server.PathOf("folder"));
        File.CreateSymbolicLink(server.PathOf("link-secret"), "../" + Path.GetFileName(outside) + "/secret");
        File.CreateSymbolicLink(server.PathOf("link-absolute"), Path.Combine(outside, "secret"));
        File.CreateSymbolicLink(server.PathOf("link-out"), outside);
        File.CreateSymbolicLink(server.PathOf("link-root"), "/");
        File.CreateSymbolicLink(server.PathOf("link-chain"), "link-secret");
        File.CreateSymbolicLink(server.PathOf("link-self"), "link-self");
        File.CreateSymbolicLink(server.PathOf("link-proc"), "/proc/self/root/etc/passwd");
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", server.PathOf("fifo"));
        mkfifo.WaitForExit();
        server.RemoveAtEnd(outside);
    }
}
