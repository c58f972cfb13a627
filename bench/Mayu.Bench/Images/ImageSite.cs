using Mayu.Bench.Network;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Images;

/// <summary>A server that has two files of an image.</summary>
internal interface IImageSite : IAsyncDisposable
{
    /// <summary>Starts it.</summary>
    /// <param name="images">The folder of images, which has <c>discovery/vmlinuz</c> and <c>discovery/initrd.cpio.gz</c>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task StartAsync(string images, CancellationToken cancellation);
}

/// <summary>The native <c>mayu serve</c>.</summary>
internal sealed class ImageMayu(BenchContext context) : IImageSite
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private RackProcess? _process;

    /// <inheritdoc/>
    public async Task StartAsync(string images, CancellationToken cancellation) => _process = await BenchMayu.StartAsync(
        context,
        context.Folder,
        $$"""
        images_dir: {{images}}
        defaults: {image: discovery, mode: live}
        # All clients are one here.
        boot: {max_connections_per_client: 128}
        """,
        cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(StopPatience);
            await _process.DisposeAsync();
        }
    }
}

/// <summary>The floor: nginx with <c>sendfile</c>, which knows no machine.</summary>
internal sealed class ImageNginx(BenchContext context) : IImageSite
{
    private readonly BenchNginx _nginx = new(context);

    /// <inheritdoc/>
    public Task StartAsync(string images, CancellationToken cancellation) => _nginx.StartAsync(
        $$"""
            default_type application/octet-stream;
            server {
                listen {{BenchNetwork.ServerAddress}}:4081;
                location /images/ { alias {{images}}/discovery/; }
            }
        """,
        cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _nginx.DisposeAsync();
}
