using System.Diagnostics;
using System.Security.Cryptography;
using Mayu.Bench.Network;
using Mayu.Bench.Smoke;
using Mayu.Lab;

namespace Mayu.Bench.Images;

/// <summary>Files of an image by HTTP: to one client, to some and to many.</summary>
internal sealed class ImagesBenchmark : IBenchmark
{
    private const string Small = "vmlinuz";
    private const string Large = "initrd.cpio.gz";

    /// <inheritdoc/>
    public string Name => "images";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "images: bytes a second of a file of 50 MB to 1 and to 16 clients, and of one of 300 MB to 64 clients; files are in the page cache;",
        "        clients leave the bytes in the kernel (MSG_TRUNC), and share the processors with the server; CPU is the server's",
        "ours: the native mayu serve, which knows who may have the file, marks each in the machine's trace, and cuts off who reads too slowly",
        "peer: nginx with sendfile and tcp_nopush, with the same files",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("nginx", "-v")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var (small, large, repeats) = context.Scale switch
        {
            Scale.Full => (50, 300, 4),
            Scale.Quick => (50, 16, 1),
            _ => (4, 1, 1),
        };
        var images = Path.Combine(context.Folder, "images");
        BenchImages.Write(images);
        await WriteAsync(Path.Combine(images, "discovery", Small), small, cancellation);
        await WriteAsync(Path.Combine(images, "discovery", Large), large, cancellation);
        await using IImageSite site = side == Side.Ours ? new ImageMayu(context) : new ImageNginx(context);
        await site.StartAsync(images, cancellation);
        await CompareAsync(context.Network, images, cancellation);
        List<Figure> figures =
        [
            .. await MeasureAsync(context.Network, "1 client", 1, Small, small, repeats * 8, cancellation),
            .. await MeasureAsync(context.Network, "16 clients", 16, Small, small, repeats, cancellation),
            .. await MeasureAsync(context.Network, "64 clients", 64, Large, large, 1, cancellation),
        ];
        figures.Add(new Figure("memory", "MB", MoreIsBetter: false, (await context.Network.UsageAsync(cancellation)).PeakBytes / 1e6));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        BenchNetwork network, string name, int clients, string file, int megabytes, int times, CancellationToken cancellation)
    {
        var (before, start) = (await network.UsageAsync(cancellation), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ImageDownload.RunAsync(network, "/images/" + file, megabytes * 1_000_000L, times, cancellation)));
        var (elapsed, after) = (Stopwatch.GetElapsedTime(start), await network.UsageAsync(cancellation));
        var total = (double)clients * times * megabytes;
        return
        [
            new Figure($"{name}/rate", "MB/s", MoreIsBetter: true, total / elapsed.TotalSeconds),
            new Figure($"{name}/server CPU", "s/GB", MoreIsBetter: false, (after.Cpu - before.Cpu).TotalSeconds / (total / 1000)),
        ];
    }

    private static async Task WriteAsync(string path, int megabytes, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        var portion = new byte[1_000_000];
        for (var i = 0; i < megabytes; i++)
        {
            RandomNumberGenerator.Fill(portion);
            await file.WriteAsync(portion, cancellation);
        }
    }

    // That the bytes are the file's; nobody looks at them later.
    private static async Task CompareAsync(BenchNetwork network, string images, CancellationToken cancellation)
    {
        using var http = new MachineHttp(network, BenchNetwork.ClientAddress);
        foreach (var file in new[] { Small, Large })
        {
            var sent = await http.GetAsync($"http://{BenchNetwork.ServerAddress}:4081/images/{file}", cancellation);
            var there = await File.ReadAllBytesAsync(Path.Combine(images, "discovery", file), cancellation);
            if (!there.AsSpan().SequenceEqual(sent))
            {
                throw new LabException($"{file} was not served as it is");
            }
        }
    }
}
