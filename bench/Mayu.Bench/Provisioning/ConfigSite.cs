using System.Net.Http.Json;
using Mayu.Bench.Network;
using Mayu.Bench.Smoke;
using Mayu.Client.Contracts;
using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Provisioning;

/// <summary>A server that answers machines their configs, their boot scripts, and those that wait their 503.</summary>
internal interface IConfigSite : IAsyncDisposable
{
    /// <summary>Starts it, with that many machines known to it. It has given none of them a config since it started.</summary>
    Task StartAsync(IReadOnlyList<SimulatedMachine> machines, CancellationToken cancellation);

    /// <summary>From now on no machine can be given a config.</summary>
    Task HoldBackAsync(CancellationToken cancellation);
}

/// <summary>The native <c>mayu serve</c>.</summary>
internal sealed class ConfigMayu(BenchContext context) : IConfigSite
{
    // Machines register by themselves, so many at a time.
    private const int AtOnce = 64;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private RackProcess? _process;

    /// <inheritdoc/>
    public async Task StartAsync(IReadOnlyList<SimulatedMachine> machines, CancellationToken cancellation)
    {
        await StartAsync("bench-os", cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (connection, token) => context.Network.ConnectAsync(null, connection.DnsEndPoint, token) });
        await Parallel.ForEachAsync(machines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (machine, token) =>
        {
            using var answer = await http.PostAsJsonAsync($"{ConfigLoad.Server}/provisioning-config", machine.Facts, BootJsonContext.Default.FactsReport, token);
            if (!answer.IsSuccessStatusCode)
            {
                throw new LabException($"{machine.Serial} was not registered: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}");
            }
        });
        await DisposeAsync();
        await StartAsync("bench-os", cancellation);
    }

    /// <inheritdoc/>
    public async Task HoldBackAsync(CancellationToken cancellation)
    {
        await DisposeAsync();
        await StartAsync("missing-os", cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(StopPatience);
            await _process.DisposeAsync();
            _process = null;
        }
    }

    private async Task StartAsync(string image, CancellationToken cancellation)
    {
        var images = Path.Combine(context.Folder, "images");
        BenchImages.Write(images);
        _process = await BenchMayu.StartAsync(
            context,
            context.Folder,
            $$"""
              router: {{BenchNetwork.ServerAddress}}
              dns: [{{BenchNetwork.ServerAddress}}]
              probe: false
            # wrk says a request again and again, and each boot has another token.
            boot: {tokens: optional}
            # It measures configs, not a history of 10,000 machines.
            git: {enabled: false}
            images_dir: {{images}}
            defaults: {image: {{image}}}
            vars: {ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f bench]}
            """,
            cancellation,
            ("10.77.16.1", "10.77.63.254"));
    }
}

/// <summary>The floor: nginx, which has the same answers as files. It knows no machine.</summary>
internal sealed class ConfigNginx(BenchContext context, string config, string script) : IConfigSite
{
    private readonly BenchNginx _nginx = new(context);

    /// <inheritdoc/>
    public async Task StartAsync(IReadOnlyList<SimulatedMachine> machines, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(context.Folder, "config"), config, cancellation);
        await File.WriteAllTextAsync(Path.Combine(context.Folder, "script"), script, cancellation);
        await StartAsync($"error_page 405 =200 /config; alias {context.Folder}/config;", cancellation);
    }

    /// <inheritdoc/>
    public async Task HoldBackAsync(CancellationToken cancellation)
    {
        await DisposeAsync();
        await StartAsync("return 503 '{\"title\":\"No config for this machine\"}';", cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _nginx.DisposeAsync();

    private Task StartAsync(string answer, CancellationToken cancellation) => _nginx.StartAsync(
        $$"""
            default_type text/plain;
            server {
                listen {{BenchNetwork.ServerAddress}}:4081;
                root {{context.Folder}};
                location = /ipxebootscript { rewrite ^ /script last; }
                location = /provisioning-config { {{answer}} }
            }
        """,
        cancellation);
}
