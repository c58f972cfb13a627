using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Service;

/// <summary>A server that is told to stop lets running downloads finish, up to a limit, and begins nothing new.</summary>
public sealed class DrainTests
{
    // More than what the kernel takes of it while the client does not read.
    private const int FileSize = 32 * 1024 * 1024;
    private const string Server = "10.99.0.1";

    [Fact]
    public async Task A_download_that_runs_finishes_and_a_new_connection_is_refused()
    {
        await using var site = await SiteAsync("10m");
        using var download = await site.DownloadAsync();
        await site.Mayu.SignalAsync("TERM");
        await site.Mayu.PrintsAsync("Stopping: 1 download still runs, for 600 s at most (drain_timeout)");
        var (refused, _) = await TestNetwork.TryAsync(site.Host, "curl", "--silent", "--max-time", "20", site.Url);
        Assert.Equal(7, refused);

        await download.ContinueAsync();
        Assert.Equal(0, await download.EndsAsync());
        Assert.Equal(FileSize, new FileInfo(site.Got).Length);
        Assert.Equal(0, await site.Mayu.EndsAsync());
        Assert.DoesNotContain("did not finish", site.Mayu.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_is_stuck_is_ended_at_the_limit()
    {
        await using var site = await SiteAsync("1s");
        using var download = await site.DownloadAsync();
        await site.Mayu.SignalAsync("TERM");
        Assert.Equal(0, await site.Mayu.EndsAsync());
        Assert.Contains("1 download did not finish: drain_timeout is over", site.Mayu.Log, StringComparison.Ordinal);
        await download.ContinueAsync();
        Assert.NotEqual(0, await download.EndsAsync());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_second_signal_ends_it_at_once(string second)
    {
        await using var site = await SiteAsync("10m");
        using var download = await site.DownloadAsync();
        await site.Mayu.SignalAsync("TERM");
        await site.Mayu.PrintsAsync("Stopping: 1 download still runs");
        await site.Mayu.SignalAsync(second);
        Assert.Equal(0, await site.Mayu.EndsAsync());
        Assert.Contains("1 download did not finish: a second signal came", site.Mayu.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tftp_transfer_that_runs_finishes()
    {
        await using var site = await SiteAsync("10m");
        var loader = new byte[2000];
        new Random(1).NextBytes(loader);
        await File.WriteAllBytesAsync(Path.Combine(site.TftpRoot, "loader"), loader, TestContext.Current.CancellationToken);
        using var client = NamespaceSocket.Open(site.Client, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        EndPoint server = new IPEndPoint(new IPAddress([10, 99, 0, 1]), 69);
        await client.SendToAsync(Encoding.ASCII.GetBytes("\0\u0001loader\0octet\0"), server, TestContext.Current.CancellationToken);
        var (block, content) = await NextAsync();
        Assert.Equal(1, block);
        await site.Mayu.SignalAsync("TERM");
        await site.Mayu.PrintsAsync("Stopping: 1 download still runs");

        var got = content.ToList();
        for (ushort next = 2; content.Length == 512; next++)
        {
            await AcknowledgeAsync(block);
            do
            {
                (block, content) = await NextAsync();
            }
            while (block != next);
            got.AddRange(content);
        }

        await AcknowledgeAsync(block);
        Assert.Equal(loader, got);
        Assert.Equal(0, await site.Mayu.EndsAsync());
        Assert.DoesNotContain("did not finish", site.Mayu.Log, StringComparison.Ordinal);

        async Task<(ushort Block, byte[] Content)> NextAsync()
        {
            var buffer = new byte[600];
            var received = await client.ReceiveFromAsync(buffer.AsMemory(), server, TestContext.Current.CancellationToken);
            server = received.RemoteEndPoint;
            return (BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2)), buffer[4..received.ReceivedBytes]);
        }

        Task AcknowledgeAsync(ushort number) =>
            client.SendToAsync(new byte[] { 0, 4, (byte)(number >> 8), (byte)number }, server, TestContext.Current.CancellationToken).AsTask();
    }

    private static async Task<Site> SiteAsync(string limit)
    {
        TestNetwork.NeedRoot();
        var network = new TestNetwork();
        var (host, client) = (await network.AddHostAsync("s"), await network.AddHostAsync("c"));
        await TestNetwork.CableAsync(host, "eth0", client, "eth0");
        await TestNetwork.IpAsync(host, "address", "add", $"{Server}/24", "dev", "eth0");
        await TestNetwork.IpAsync(client, "address", "add", "10.99.0.2/24", "dev", "eth0");
        var site = new Site(network, host, client, new MayuServer(host, Server));
        Directory.CreateDirectory(site.TftpRoot);
        var image = Directory.CreateDirectory(Path.Combine(site.Mayu.Data, "images", "discovery")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(image, "vmlinuz"), new byte[FileSize]);
        await File.WriteAllTextAsync(Path.Combine(image, "initrd.cpio.gz"), "initrd");
        await site.Mayu.ConfigureAsync($$"""
            network:
              interface: eth0
              address: {{Server}}
              subnet: 10.99.0.0/24
              bootstrap_range: { start: 10.99.0.50, end: 10.99.0.60 }
              internal_range: { start: 10.99.0.100, end: 10.99.0.150 }
            tftp_root: {{site.TftpRoot}}
            drain_timeout: {{limit}}
            defaults: { image: os }
            """);
        await site.Mayu.StartAsync();
        return site;
    }

    private sealed class Site(TestNetwork network, string host, string client, MayuServer mayu) : IAsyncDisposable
    {
        public string Host => host;

        public string Client => client;

        public MayuServer Mayu => mayu;

        public string TftpRoot => Path.Combine(mayu.Folder, "tftp");

        public string Got => Path.Combine(mayu.Folder, "got");

        public string Url { get; } = $"http://{Server}:4081/images/vmlinuz";

        /// <summary>A download by curl that has begun, and then stands still.</summary>
        public async Task<StoppedDownload> DownloadAsync()
        {
            var download = new StoppedDownload(ProgramRun.Start(
                "ip", "netns", "exec", client, "curl", "--silent", "--show-error", "--fail", "--limit-rate", "8M", "--output", Got, Url));
            while (!File.Exists(Got) || new FileInfo(Got).Length == 0)
            {
                Assert.False(download.HasEnded);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            await download.SignalAsync("STOP");
            return download;
        }

        public async ValueTask DisposeAsync()
        {
            await mayu.DisposeAsync();
            await network.DisposeAsync();
        }
    }

    private sealed class StoppedDownload(Process curl) : IDisposable
    {
        public bool HasEnded => curl.HasExited;

        public Task<string> ContinueAsync() => SignalAsync("CONT");

        public async Task<int> EndsAsync()
        {
            await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
            return curl.ExitCode;
        }

        public Task<string> SignalAsync(string signal) => ProgramRun.OrFailAsync("kill", "-" + signal, curl.Id.ToString(CultureInfo.InvariantCulture));

        public void Dispose()
        {
            if (!curl.HasExited)
            {
                curl.Kill();
                curl.WaitForExit();
            }

            curl.Dispose();
        }
    }
}
