using System.Buffers.Binary;
using Mayu.Lab.Rack;
using Mayu.Protocols.Tftp;

namespace Mayu.Bench.Tftp;

/// <summary>Files by TFTP: many clients block by block, and one with windows, beside the TFTP servers that Debian has.</summary>
internal sealed class TftpBenchmark : IBenchmark
{
    private const string File = "loader.bin";
    private const int BlockSize = 1428;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "tftp";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        $"tftp: clients that fetch the same file at the same time, blksize {BlockSize}; the clients are one light program, the same for all servers",
        "ours: the native mayu serve; measured once per round, and next to each peer",
        "peers: dnsmasq (--tftp-max=1000: otherwise 50), tftpd-hpa and atftpd (--maxthread 1000); only atftpd supports windows (RFC 7440)",
        "      every client gets the whole file, or there is no figure; CPU is user and kernel time of the server's processes",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions => TftpServers.Versions;

    private delegate Task<RackProcess> Start(BenchContext context, string root, CancellationToken cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var root = Directory.CreateDirectory(Path.Combine(context.Folder, "root")).FullName;
        var (many, one, repeats) = context.Scale switch
        {
            Scale.Full => (8 << 20, 64 << 20, 4),
            Scale.Quick => (1 << 20, 8 << 20, 1),
            _ => (1 << 18, 1 << 20, 1),
        };
        (string Scenario, string Peer, Start Start, int Clients, int Window, int Size, int Repeats)[] measured =
        [
            ("64 clients", "dnsmasq", TftpServers.StartDnsmasqAsync, 64, 1, many, 1),
            ("64 clients", "tftpd-hpa", TftpServers.StartTftpdHpaAsync, 64, 1, many, 1),
            ("64 clients", "atftpd", TftpServers.StartAtftpdAsync, 64, 1, many, 1),
            ("256 clients", "dnsmasq", TftpServers.StartDnsmasqAsync, 256, 1, many / 4, 1),
            ("windowsize 16", "atftpd", TftpServers.StartAtftpdAsync, 1, 16, one, repeats),
            ("windowsize 64", "atftpd", TftpServers.StartAtftpdAsync, 1, 64, one, repeats),
        ];
        var figures = new List<Figure>();
        var ours = new Dictionary<string, (double Rate, double Cpu)>(StringComparer.Ordinal);
        foreach (var (scenario, peer, start, clients, window, size, times) in measured)
        {
            if (side == Side.Peer || !ours.TryGetValue(scenario, out var result))
            {
                await WriteFileAsync(Path.Combine(root, File), size, cancellation);
                result = await MeasureAsync(side == Side.Ours ? TftpServers.StartMayuAsync : start, context, root, clients, window, size, times, cancellation);
                ours[scenario] = result;
            }

            figures.Add(new Figure($"{scenario}/beside {peer}/rate", "MB/s", MoreIsBetter: true, result.Rate));
            figures.Add(new Figure($"{scenario}/beside {peer}/server CPU", "ms/MB", MoreIsBetter: false, result.Cpu));
        }

        return figures;
    }

    private static async Task<(double Rate, double Cpu)> MeasureAsync(
        Start start, BenchContext context, string root, int clients, int window, int size, int times, CancellationToken cancellation)
    {
        // Each server has a folder of its own: in one log it could find that the last one was ready.
        var folder = Directory.CreateDirectory(Path.Combine(context.Folder, Path.GetRandomFileName())).FullName;
        await using var server = await start(context with { Folder = folder }, root, cancellation);
        var options = new TftpRequestedOptions { BlockSize = BlockSize, WindowSize = window > 1 ? window : null };
        var (bytes, elapsed, cpu) = (0L, TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < times; i++)
        {
            var (more, took, used) = await TftpLoad.RunAsync(context.Network, clients, File, size, options, cancellation);
            (bytes, elapsed, cpu) = (bytes + more, elapsed + took, cpu + used);
        }

        await server.StopAsync(StopPatience);
        var megabytes = bytes / 1e6;
        return (megabytes / elapsed.TotalSeconds, cpu.TotalMilliseconds / megabytes);
    }

    private static async Task WriteFileAsync(string path, int size, CancellationToken cancellation)
    {
        var content = new byte[size];
        for (var word = 0; word < size / 4; word++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(word * 4), Download.Word(word));
        }

        await System.IO.File.WriteAllBytesAsync(path, content, cancellation);
    }
}
