using System.Net;
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

/// <summary>The same parts that the listener's thread runs, on this thread, where what they allocate can be counted.</summary>
public sealed class TftpAllocationTests
{
    private const int Blocks = 4096;
    private const int Parts = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_transfer_under_way_allocates_nothing(int window)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-tftp-").FullName;
        File.WriteAllBytes(Path.Combine(folder, "file"), new byte[Blocks * 512]);
        var nic = new BootInterface("lo", new Ipv4(0x7F000001), 65536);
        Assert.True(TftpPort.TryOpen(nic, 0, out var requestPort, out _));
        Assert.True(TftpPort.TryOpen(nic, 0, out var port, out _));
        using (requestPort)
        using (port)
        using (var batch = new SendBatch())
        using (var client = new HandClient(new IPEndPoint(IPAddress.Loopback, requestPort.Number)))
        {
            // No time goes by: a machine under load would run into time-outs, whose first one is compiled and counted.
            var clock = new StoppedClock();
            var marks = new TftpMarks(new BootTrace(clock), new ClientTable(new FakeCluster(), clock));
            var requests = new TftpRequests(
                new TftpParts(new ServedFiles(new FolderSource(folder)), new TftpSettings(), marks, clock), nic.Mtu, [port], new UnresolvedClients(256, _ => true, clock), new TftpLog(NullLogger<TftpListener>.Instance, clock));
            var name = new SocketName(nic.Address, client.Port);
            requests.Take(requestPort, isRequestPort: true, Encoding.ASCII.GetBytes($"\0\u0001file\0octet\0windowsize\0{window}\0"), name, batch, clock.GetTimestamp());
            Assert.NotNull(requests.Transfers.Find(name));
            // The runtime allocates when it compiles anew, which it does once and at a time of its own: a packet's allocations are in each part.
            var allocated = new long[Parts];
            for (var part = 0; part < Parts; part++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Acknowledge(Blocks / Parts * part, Blocks / Parts * (part + 1));
                allocated[part] = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Contains(0, allocated);
            requests.Transfers.StopAll("the test is over");

            void Acknowledge(int from, int to)
            {
                Span<byte> packet = [0, 4, 0, 0];
                for (var block = from; block < to; block += window)
                {
                    (packet[2], packet[3]) = ((byte)(block >> 8), (byte)block);
                    requests.Take(port, isRequestPort: false, packet, name, batch, clock.GetTimestamp());
                    requests.Transfers.Expire(clock.GetTimestamp());
                    port.Send(batch);
                }
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
