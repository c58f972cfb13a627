using System.Text;
using Mayu.Core.Boot;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Hostile.Tests;

/// <summary>TFTP transfers in the name of others, who never asked: what room they leave. The clock stands unless a test says so.</summary>
public sealed class TransferRoomTests : IDisposable
{
    private static readonly Ipv4 Machine = new(0x7F020001);
    private static readonly TftpSettings Settings = new() { SinglePort = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-hostile-tftp-").FullName;
    private readonly StoppedClock _clock = new();
    private readonly SendBatch _batch = new();
    private readonly TftpPort _port;
    private readonly TftpRequests _requests;

    public TransferRoomTests()
    {
        File.WriteAllBytes(Path.Combine(_folder, "file"), new byte[100_000]);
        var nic = new BootInterface("lo", new Ipv4(0x7F000001), 65536);
        Assert.True(TftpPort.TryOpen(nic, 0, out var port, out _));
        _port = port;
        _requests = new TftpRequests(
            new TftpParts(new ServedFiles(new FolderSource(_folder)), Settings, new TftpMarks(new BootTrace(_clock), new ClientTable(NoMachines.Instance, _clock)), _clock),
            nic.Mtu, [_port], new UnresolvedClients(256, _ => true, _clock), new TftpLog(NullLogger<TftpListener>.Instance, _clock));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Requests_in_the_name_of_a_machine_keep_it_from_no_file(bool acknowledges)
    {
        for (ushort port = 2000; port < 2000 + Settings.MaximumTransfersPerClient; port++)
        {
            Forge(Machine, port, acknowledges);
        }

        // Firmware asks again after some seconds.
        _clock.Pass(Settings.FirstTimeout);
        Ask(new SocketName(Machine, 3000));

        Assert.True(IsServed(new SocketName(Machine, 3000)));
    }

    [Fact]
    public void Requests_with_a_blind_ACK_each_keep_out_nobody_and_end_no_transfer_that_goes_on()
    {
        var busy = new SocketName(Machine, 1000);
        Ask(busy);
        Acknowledge(busy, 0);
        var block = 0;
        for (var i = 0; i < AttackCount.Of(3, 16) * Settings.MaximumTransfers; i++)
        {
            Forge(new Ipv4(0x7F030000u + (uint)(i / Settings.MaximumTransfersPerClient)), (ushort)(2000 + (i % Settings.MaximumTransfersPerClient)), acknowledges: true);
            if (i % 1000 == 0)
            {
                _clock.Pass(Settings.FirstTimeout / 2);
                Acknowledge(busy, ++block);
            }
        }

        _clock.Pass(Settings.FirstTimeout);
        Acknowledge(busy, ++block);
        var late = new SocketName(Machine, 3000);
        Ask(late);

        Assert.True(IsServed(late));
        Assert.True(IsServed(busy));
        Assert.InRange(_requests.Transfers.Count, 1, Settings.MaximumTransfers);
    }

    [Fact]
    public void Requests_that_each_begin_anew_leave_no_deadlines_behind()
    {
        var client = new SocketName(Machine, 2000);
        for (var i = 0; i < AttackCount.Of(1 << 16, 1 << 20); i++)
        {
            Take(client, $"\0\u0001file\0octet\0timeout\0{15}\0blksize\0{512 + (i % 512)}\0");
        }

        Assert.Equal(1, _requests.Transfers.Count);
        Assert.InRange(_requests.Transfers.Deadlines, 1, 1000);
        Assert.True(IsServed(client));
    }

    public void Dispose()
    {
        _requests.Transfers.StopAll("the test is over");
        _batch.Dispose();
        _port.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Forge(Ipv4 address, ushort port, bool acknowledges)
    {
        var client = new SocketName(address, port);
        Ask(client);
        if (acknowledges)
        {
            Acknowledge(client, 0);
        }
    }

    private bool IsServed(SocketName client) => _requests.Transfers.Find(client) is { IsOver: false };

    private void Ask(SocketName client) => Take(client, "\0\u0001file\0octet\0blksize\0" + "512\0");

    private void Acknowledge(SocketName client, int block) => Take(client, $"\0\u0004{(char)(block >> 8)}{(char)(block & 255)}");

    private void Take(SocketName client, string bytes)
    {
        _requests.Take(_port, isRequestPort: true, Encoding.Latin1.GetBytes(bytes), client, _batch, _clock.GetTimestamp());
        _port.Send(_batch);
    }
}
