using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Netboot.Tftp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>Large files, and networks that lose, reorder and double.</summary>
public sealed class TftpLossTests
{
    private static readonly TftpSettings Hasty = new() { FirstTimeout = TimeSpan.FromMilliseconds(20), IdleTimeout = TimeSpan.FromSeconds(30) };

    private static bool Full => Environment.GetEnvironmentVariable("TEST_LEVEL") == "full";

    /// <summary>40 MB are 81,920 blocks of 512 bytes: the numbers go round once and a quarter.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task Forty_megabytes_in_small_blocks_arrive_whole(int window)
    {
        await using var server = new LoopbackTftp();
        var content = server.Put("file", 40 << 20);

        var got = await new PatientClient(server.EndPoint, window, 512, TimeSpan.FromSeconds(1)).GetAsync("file", TestContext.Current.CancellationToken);

        Assert.True(content.AsSpan().SequenceEqual(got));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    public async Task With_five_percent_lost_five_overtaken_and_five_doubled_a_file_arrives_whole(int window, bool singlePort)
    {
        await using var server = new LoopbackTftp(Hasty with { SinglePort = singlePort });
        var content = server.Put("file", Full ? 4_000_000 : 400_000);
        await using var relay = new LossyRelay(server.EndPoint, loss: 0.05, seed: 20261124 + window);

        var got = await new PatientClient(relay.EndPoint, window, 1024, TimeSpan.FromMilliseconds(30)).GetAsync("file", TestContext.Current.CancellationToken);

        Assert.True(content.AsSpan().SequenceEqual(got));
        Assert.True(relay.Lost > 10 && relay.Overtaken > 10 && relay.Doubled > 10, $"{relay.Lost} were lost, {relay.Overtaken} overtaken, {relay.Doubled} doubled");
    }

    /// <summary>A client as RFC 1350 and RFC 7440 describe it, which repeats its ACK when it hears nothing.</summary>
    private sealed class PatientClient(IPEndPoint server, int window, int blockSize, TimeSpan patience)
    {
        public async Task<byte[]> GetAsync(string name, CancellationToken cancellation)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var windowOption = window > 1 ? $"windowsize\0{window}\0" : "";
            var request = Encoding.ASCII.GetBytes($"\0\u0001{name}\0octet\0blksize\0{blockSize}\0{windowOption}");
            EndPoint peer = server;
            var file = new MemoryStream();
            var buffer = new byte[65536];
            var agreed = false;
            long received = 0;
            var inWindow = 0;
            await socket.SendToAsync(request, SocketFlags.None, server, cancellation);
            while (true)
            {
                using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                patient.CancelAfter(patience);
                int length;
                try
                {
                    var answer = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), patient.Token);
                    (length, peer) = (answer.ReceivedBytes, answer.RemoteEndPoint);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    await socket.SendToAsync(agreed ? Ack(received) : request, SocketFlags.None, agreed ? peer : server, cancellation);
                    inWindow = 0;
                    continue;
                }

                var isBlock = buffer[1] == 3 && agreed;
                var number = (ushort)((buffer[2] << 8) | buffer[3]);
                Assert.True(buffer[1] is 3 or 6, Encoding.ASCII.GetString(buffer, 0, length));
                if (buffer[1] == 6)
                {
                    agreed = true;
                }
                else if (isBlock && number == (ushort)(received + 1))
                {
                    file.Write(buffer, 4, length - 4);
                    received++;
                    if (++inWindow < window && length == blockSize + 4)
                    {
                        continue;
                    }
                }
                else if (!isBlock || (ushort)(number - received) > 32768)
                {
                    // An old one, that came late or again.
                    continue;
                }

                inWindow = 0;
                await socket.SendToAsync(Ack(received), SocketFlags.None, peer, cancellation);
                if (isBlock && number == (ushort)received && length < blockSize + 4)
                {
                    return file.ToArray();
                }
            }
        }

        private static byte[] Ack(long block) => [0, 4, (byte)(block >> 8), (byte)block];
    }
}
