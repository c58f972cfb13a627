using Mayu.Bench.Network;
using Mayu.Bench.Provisioning;
using Mayu.Bench.Smoke;
using Mayu.Bench.Start;
using Mayu.Bench.Store;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Api;

/// <summary>What the API answers, and its keys: what the peer sends and has.</summary>
/// <param name="List">All machines.</param>
/// <param name="Machine">One machine.</param>
/// <param name="Changed">One machine after a change.</param>
/// <param name="Script">The boot script of a machine.</param>
/// <param name="Certificate">The server's certificate, PEM.</param>
/// <param name="Key">Its key, PEM.</param>
internal sealed record ApiAnswers(string List, string Machine, string Changed, string Script, string Certificate, string Key);

/// <summary>A server with the API's requests.</summary>
internal interface IApiSite : IAsyncDisposable
{
    /// <summary>What every request has to carry.</summary>
    string Token { get; }

    /// <summary>A program that lists all machines.</summary>
    IReadOnlyList<string> ListCommand { get; }

    /// <summary>The same program, when it asks the server for a few words: its version.</summary>
    IReadOnlyList<string> VersionCommand { get; }

    /// <summary>Starts it with so many machines known to it.</summary>
    Task StartAsync(int machines, CancellationToken cancellation);
}

/// <summary>The native <c>mayu serve</c>.</summary>
internal sealed class ApiMayu(BenchContext context) : IApiSite
{
    private readonly KnowingMayu _site = new(context);

    /// <inheritdoc/>
    public string Token { get; private set; } = "";

    /// <inheritdoc/>
    public IReadOnlyList<string> ListCommand =>
        ["env", $"MAYU_SERVER={ApiLoad.Server}", $"MAYU_CA={Path.Combine(Keys, "ca.pem")}", $"MAYU_TOKEN_FILE={Path.Combine(Keys, "operator-token")}", context.Mayuctl, "list"];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [.. ListCommand.SkipLast(1), "version"];

    private string Keys => Path.Combine(context.Folder, "data", "keys");

    /// <inheritdoc/>
    public async Task StartAsync(int machines, CancellationToken cancellation)
    {
        await _site.FillAsync(machines, cancellation);
        // What the filling left to be written is not the server's work.
        (await Tool.RunAsync("sync", ["--file-system", context.Folder], cancellation: cancellation)).OrThrow();
        await _site.StartAsync(cancellation);
        await _site.ListAsync(1, machines, cancellation);
        Token = (await File.ReadAllTextAsync(Path.Combine(Keys, "operator-token"), cancellation)).Trim();
    }

    /// <summary>What it answers.</summary>
    public async Task<ApiAnswers> AnswersAsync(CancellationToken cancellation) => new(
        await AskAsync("/api/v1/machines", cancellation),
        await AskAsync($"/api/v1/machines/{StoreKeeper.NameOf(0)}", cancellation),
        await AskAsync($"/api/v1/machines/{StoreKeeper.NameOf(0)}", cancellation, "--request", "PATCH", "--json", """{"cabinet":"1"}"""),
        await context.Network.RunClientAsync("curl", ["--silent", "--fail", "--max-time", "20", ConfigLoad.Server + ConfigLoad.ScriptPath(new SimulatedMachine(1))], cancellation),
        await File.ReadAllTextAsync(Path.Combine(Keys, "server.pem"), cancellation),
        await File.ReadAllTextAsync(Path.Combine(Keys, "server-key.pem"), cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private Task<string> AskAsync(string path, CancellationToken cancellation, params string[] more) => context.Network.RunClientAsync(
        "curl", ["--silent", "--fail", "--max-time", "20", "--cacert", Path.Combine(Keys, "ca.pem"), "--header", $"Authorization: Bearer {Token}", .. more, ApiLoad.Server + path], cancellation);
}

/// <summary>The floor: nginx, which has the same answers as files, with the same certificate. It knows nobody and changes nothing.</summary>
internal sealed class ApiNginx(BenchContext context, ApiAnswers answers) : IApiSite
{
    private readonly BenchNginx _nginx = new(context);

    /// <inheritdoc/>
    public string Token => "none";

    /// <inheritdoc/>
    public IReadOnlyList<string> ListCommand => ["curl", "--silent", "--fail", "--insecure", ApiLoad.Server + "/api/v1/machines"];

    /// <inheritdoc/>
    public IReadOnlyList<string> VersionCommand => [.. ListCommand.SkipLast(1), ApiLoad.Server + "/api/v1/machines/any"];

    /// <inheritdoc/>
    public async Task StartAsync(int machines, CancellationToken cancellation)
    {
        foreach (var (name, text) in new[]
        {
            ("list", answers.List), ("machine", answers.Machine), ("changed", answers.Changed), ("script", answers.Script), ("cert.pem", answers.Certificate), ("key.pem", answers.Key),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(context.Folder, name), text, cancellation);
        }

        await _nginx.StartAsync(
            $$"""
                default_type application/json;
                server {
                    listen {{BenchNetwork.ServerAddress}}:4080 ssl;
                    ssl_certificate {{context.Folder}}/cert.pem;
                    ssl_certificate_key {{context.Folder}}/key.pem;
                    location = /api/v1/machines { alias {{context.Folder}}/list; }
                    location = /changed { alias {{context.Folder}}/changed; }
                    location ~ ^/api/v1/machines/ { error_page 405 =200 /changed; alias {{context.Folder}}/machine; }
                }
                server {
                    listen {{BenchNetwork.ServerAddress}}:4081;
                    default_type text/plain;
                    location = /ipxebootscript { alias {{context.Folder}}/script; }
                }
            """,
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _nginx.DisposeAsync();
}
