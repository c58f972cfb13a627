using Mayu.Bench.Network;
using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Smoke;

/// <summary>
/// The peer: Debian's dnsmasq for DHCP, and nginx, which has the same answers in files. It decides nothing, and nothing of
/// what machines report is written down.
/// </summary>
internal sealed class StockSite : IBootSite
{
    private const int BootPort = 4081;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly RackProcess _dnsmasq;
    private readonly RackProcess _nginx;

    private StockSite(RackProcess dnsmasq, RackProcess nginx)
    {
        _dnsmasq = dnsmasq;
        _nginx = nginx;
    }

    /// <param name="context">Where.</param>
    /// <param name="answers">What nginx answers everybody.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<StockSite> StartAsync(BenchContext context, Answers answers, CancellationToken cancellation)
    {
        var nginx = await StartNginxAsync(context, answers, cancellation);
        return new StockSite(await StartDnsmasqAsync(context, cancellation), nginx);
    }

    /// <summary>Its answers are the same for everybody; that they all came is checked.</summary>
    public Task CheckAsync(IReadOnlyList<SimulatedMachine> machines, IReadOnlyList<Answers> answers, CancellationToken cancellation)
    {
        var expected = answers[0];
        var wrong = answers.Count(one => !one.Config.AsSpan().SequenceEqual(expected.Config) || !one.Plan.AsSpan().SequenceEqual(expected.Plan));
        return wrong == 0 && expected.Config.Length > 0 && expected.Plan.Length > 0
            ? Task.CompletedTask
            : throw new LabException($"nginx answered {wrong} of {machines.Count} machines something else than its files");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _dnsmasq, _nginx })
        {
            await process.StopAsync(StopPatience);
            await process.DisposeAsync();
        }
    }

    private static Task<RackProcess> StartDnsmasqAsync(BenchContext context, CancellationToken cancellation)
    {
        var (first, last) = BenchNetwork.Leasable;
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root", "--log-facility=-", "--pid-file=",
            "--port=0", $"--interface={BenchNetwork.Nic}", "--bind-interfaces", "--dhcp-authoritative",
            // Otherwise it waits three seconds for an echo from each address before it offers it.
            "--no-ping",
            $"--dhcp-range={first},{last},255.255.0.0,1h",
            $"--dhcp-option=option:router,{BenchNetwork.ServerAddress}",
            $"--dhcp-option=option:dns-server,{BenchNetwork.ServerAddress}",
            "--dhcp-userclass=set:ipxe,iPXE",
            $"--dhcp-boot=tag:ipxe,http://{BenchNetwork.ServerAddress}:{BootPort}/ipxebootscript",
            $"--dhcp-leasefile={Path.Combine(context.Folder, "dnsmasq.leases")}",
        ];
        return context.Network.StartServerAsync(
            Path.Combine(context.Folder, "dnsmasq.log"), "DHCP, IP range", "dnsmasq", arguments, cancellation);
    }

    private static async Task<RackProcess> StartNginxAsync(BenchContext context, Answers answers, CancellationToken cancellation)
    {
        var files = Directory.CreateDirectory(Path.Combine(context.Folder, "www")).FullName;
        foreach (var (name, body) in new[]
        {
            ("chain", answers.Chain), ("boot", answers.BootScript), ("initrd", answers.TokenInitrd), ("first-stage", answers.FirstStage), ("config", answers.Config), ("plan", answers.Plan),
        })
        {
            await File.WriteAllBytesAsync(Path.Combine(files, name), body, cancellation);
        }

        var config = Path.Combine(context.Folder, "nginx.conf");
        await File.WriteAllTextAsync(config, NginxConfiguration(context.Folder, files), cancellation);
        return await context.Network.StartServerAsync(
            Path.Combine(context.Folder, "nginx.log"), "start worker process", "nginx", ["-p", context.Folder, "-c", config], cancellation);
    }

    /// <summary>As Debian's, with an access log; a file answers a POST by the detour over error 405, as nginx serves files to GET alone.</summary>
    private static string NginxConfiguration(string folder, string files) =>
        $$"""
        daemon off;
        user root;
        worker_processes auto;
        pid {{folder}}/nginx.pid;
        error_log stderr notice;
        events { worker_connections 768; }
        http {
            sendfile on;
            tcp_nopush on;
            default_type text/plain;
            access_log {{folder}}/access.log;
            client_body_temp_path {{folder}}/nginx-body;
            server {
                listen {{BenchNetwork.ServerAddress}}:{{BootPort}};
                root {{files}};
                location = /ipxebootscript {
                    if ($arg_serial) { rewrite ^ /boot last; }
                    rewrite ^ /chain last;
                }
                location /boot/ { rewrite ^ /initrd last; }
                location /first-stage-script/ { rewrite ^ /first-stage last; }
                location /install-plan/ { rewrite ^ /plan last; }
                location = /provisioning-config {
                    error_page 405 =200 /config;
                    alias {{files}}/config;
                }
                location /callbacks/ { return 200; }
            }
        }

        """;
}
