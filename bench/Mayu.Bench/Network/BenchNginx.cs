using Mayu.Lab.Rack;

namespace Mayu.Bench.Network;

/// <summary>nginx at the servers' end, with files in the measurement's folder: a floor, for it knows no machine.</summary>
internal sealed class BenchNginx(BenchContext context) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private RackProcess? _process;

    /// <summary>Starts it, and returns when it answers.</summary>
    /// <param name="servers">The <c>server</c> blocks of its configuration; paths without a slash before them are in the folder.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task StartAsync(string servers, CancellationToken cancellation)
    {
        var file = Path.Combine(context.Folder, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off;
            user root;
            worker_processes auto;
            pid nginx.pid;
            error_log stderr notice;
            events { worker_connections 4096; }
            http {
                sendfile on;
                tcp_nopush on;
                keepalive_requests 1000000;
                access_log off;
                client_body_temp_path nginx-body;
            {{servers}}
            }

            """,
            cancellation);
        _process = await context.Network.StartServerAsync(
            Path.Combine(context.Folder, "nginx.log"), "start worker process", "nginx", ["-p", context.Folder, "-c", file], cancellation);
    }

    /// <summary>Ends it; it may be started again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(StopPatience);
            await _process.DisposeAsync();
            _process = null;
        }
    }
}
