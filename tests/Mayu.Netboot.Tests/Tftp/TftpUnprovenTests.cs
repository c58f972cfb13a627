using System.Text;
using Mayu.Core.Boot;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>What windows draw in the name of a client that may be made up: counted where they are decided, with a clock that stands.</summary>
public sealed class TftpUnprovenTests : IDisposable
{
    private const int BlockSize = 1428;
    private const int Window = 64;
    private const int WindowBytes = Window * (4 + BlockSize);
    private const int Share = UnprovenBudget.Capacity / WindowBytes;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(25);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-tftp-").FullName;
    private readonly StoppedClock _clock = new();
    private readonly SendBatch _batch = new();
    private readonly TftpPort _port;
    private readonly TftpRequests _requests;

    public TftpUnprovenTests()
    {
        File.WriteAllBytes(Path.Combine(_folder, "file"), new byte[10 * WindowBytes]);
        var nic = new BootInterface("lo", new Ipv4(0x7F000001), 65536);
        Assert.True(TftpPort.TryOpen(nic, 0, out var port, out _));
        _port = port;
        _requests = new TftpRequests(
            new TftpParts(new ServedFiles(new FolderSource(_folder)), new TftpSettings { SinglePort = true }, new TftpMarks(new BootTrace(_clock), new ClientTable(new FakeCluster(), _clock)), _clock),
            nic.Mtu,
            [_port],
            new UnresolvedClients(256, _ => true, _clock),
            new TftpLog(NullLogger<TftpListener>.Instance, _clock));
    }

    [Fact]
    public void Made_up_senders_draw_no_more_than_the_budget_and_a_block_each()
    {
        const int Senders = 1000;
        for (var i = 0; i < Senders; i++)
        {
            Ask(Sender(i));
            Acknowledge(Sender(i), 0);
        }

        PassAllWaits();

        Assert.InRange(Enumerable.Range(0, Senders).Sum(i => Allowed(Sender(i))), 1, (2 * Share * Window) + Senders);
    }

    [Fact]
    public void Who_confirms_a_block_gets_whole_windows_however_many_made_up_senders_there_are()
    {
        for (var i = 0; i < 1000; i++)
        {
            Ask(Sender(i));
            Acknowledge(Sender(i), 0);
        }

        var client = Sender(1000);
        Ask(client);
        Acknowledge(client, 0);
        PassAllWaits();
        Assert.Equal(1, Allowed(client));

        Acknowledge(client, 1);
        Assert.Equal(Window, Allowed(client));
        Acknowledge(client, 1 + Window);
        Assert.Equal(Window, Allowed(client));
    }

    [Fact]
    public void Who_needs_a_window_waits_a_moment_for_those_that_have_the_budget_and_confirm()
    {
        for (var i = 0; i <= Share; i++)
        {
            Ask(Sender(i));
            Acknowledge(Sender(i), 0);
        }

        Assert.All(Enumerable.Range(0, Share), i => Assert.Equal(Window, Allowed(Sender(i))));
        Assert.Equal(0, Allowed(Sender(Share)));

        Acknowledge(Sender(0), Window);
        PassAllWaits();

        Assert.Equal(Window, Allowed(Sender(Share)));
    }

    [Fact]
    public void A_client_that_confirms_nothing_gets_its_window_twice_and_then_the_first_block()
    {
        Ask(Sender(0));
        Acknowledge(Sender(0), 0);
        Assert.Equal(Window, Allowed(Sender(0)));
        Send();

        Acknowledge(Sender(0), 0);
        Assert.Equal(Window, Allowed(Sender(0)));
        Send();

        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(1, Allowed(Sender(0)));
    }

    [Fact]
    public void A_client_without_windows_waits_for_nobody()
    {
        for (var i = 0; i < 100; i++)
        {
            Ask(Sender(i));
            Acknowledge(Sender(i), 0);
        }

        Ask(Sender(100), window: 1);
        Acknowledge(Sender(100), 0);

        Assert.Equal(1, Allowed(Sender(100)));
    }

    public void Dispose()
    {
        _requests.Transfers.StopAll("the test is over");
        _batch.Dispose();
        _port.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SocketName Sender(int number) => new(new Ipv4(0x7F030000u + (uint)number), 2000);

    private void Ask(SocketName client, int window = Window)
    {
        Take(client, Encoding.ASCII.GetBytes($"\0\u0001file\0octet\0windowsize\0{window}\0blksize\0{BlockSize}\0"));
        Send();
    }

    private void Acknowledge(SocketName client, int block) => Take(client, [0, 4, (byte)(block >> 8), (byte)block]);

    private void Take(SocketName client, byte[] packet) =>
        _requests.Take(_port, isRequestPort: true, packet, client, _batch, _clock.GetTimestamp());

    private void Send() => _port.Send(_batch);

    private void PassAllWaits()
    {
        for (var i = 0; i < 12; i++)
        {
            Pass(Wait);
        }
    }

    private void Pass(TimeSpan time)
    {
        _clock.Pass(time);
        _requests.Transfers.Expire(_clock.GetTimestamp());
    }

    // Blocks that a client is sent beyond those that it confirmed.
    private long Allowed(SocketName client)
    {
        var transfer = _requests.Transfers.Find(client);
        Assert.NotNull(transfer);
        return transfer.EndBlock - 1 - (transfer.Bytes / BlockSize);
    }
}
