using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Access;

/// <summary>Tokens of a real OpenID provider: npm's oidc-provider, pinned by the lock file beside this one.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private const string Provider = "https://127.0.0.1:9443";

    private readonly TestNetwork _network = new();
    private string _host = "";
    private MayuServer _mayu = null!;
    private CertificateMaker _make = null!;

    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _host = await _network.AddHostAsync("s");
        _mayu = new MayuServer(_host, "127.0.0.1");
        _make = new CertificateMaker(_mayu.Folder);
        await _make.MakeAsync("root", "/CN=root", null, CertificateMaker.Authority);
        await _make.MakeAsync("provider", "/CN=provider", "root", CertificateMaker.Server);
    }

    public async ValueTask DisposeAsync()
    {
        await _mayu.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task Its_tokens_are_taken_for_what_their_claims_say_also_when_it_has_other_keys_and_refused_while_it_is_away()
    {
        var program = await InstallAsync();
        await _mayu.ConfigureAsync(MayuServer.OnLoopback + $$"""
            auth:
              oidc:
                issuer: {{Provider}}
                audience: mayu
                ca: {{_make.Certificate("root")}}
                roles:
                  - { claim: groups, value: mayu-operators, role: operator }
                  - { claim: groups, value: mayu-viewers, role: viewer }
            """);
        await _mayu.StartAsync();
        await TestNetwork.TryAsync(_host, "curl", "--silent", "--max-time", "20", "--data",
            """{"Serial":"a","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01"}],"ConnectedNIC":"eth0"}""", "http://127.0.0.1:4081/provisioning-config");

        string former;
        await using (await StartProviderAsync(program))
        {
            former = await TokenAsync("alice");
            Assert.Equal("200", await StatusAsync(former, "/api/v1/machines"));
            Assert.Equal("200", await StatusAsync(former, "/api/v1/machines/a", "--request", "PATCH", "--json", """{"hostname":"x"}"""));
            Assert.Contains("\"who\":\"oidc alice\"", await _mayu.ApiAsync("/api/v1/history?serial=a"), StringComparison.Ordinal);
            var bob = await TokenAsync("bob");
            Assert.Equal("200", await StatusAsync(bob, "/api/v1/machines"));
            Assert.Equal("403", await StatusAsync(bob, "/api/v1/machines/a", "--request", "PATCH", "--json", """{"hostname":"y"}"""));
            Assert.Equal("403", await StatusAsync(former, "/api/v1/tokens"));

            Assert.Equal("401", await StatusAsync(await TokenAsync("carol"), "/api/v1/machines"));
            await _mayu.PrintsAsync("no rule of auth.oidc.roles fits carol");
            Assert.Equal("401", await StatusAsync(await TokenAsync("alice", "other"), "/api/v1/machines"));
            await _mayu.PrintsAsync("it is for another service");
            Assert.Equal("401", await StatusAsync(former[..^6] + "AAAAAA", "/api/v1/machines"));
            await _mayu.PrintsAsync("its signature is wrong");
        }

        // What it knows of the provider is enough while that is away.
        Assert.Equal("200", await StatusAsync(former, "/api/v1/machines"));

        // New keys: they are fetched when a token is signed with one of them, a while after the wrong signature above had them fetched.
        await using (await StartProviderAsync(program))
        {
            var next = await TokenAsync("alice");
            for (var tries = 0; tries < 60 && await StatusAsync(next, "/api/v1/machines") != "200"; tries++)
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }

            Assert.Equal("200", await StatusAsync(next, "/api/v1/machines"));
        }
    }

    private async Task<string> InstallAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_mayu.Folder, "provider")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Access", "Provider")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await ProgramRun.OrFailAsync("sh", "-c", "cd \"$1\" && npm ci --ignore-scripts", "sh", folder);
        return Path.Combine(folder, "provider.js");
    }

    private Task<RunningProgram> StartProviderAsync(string program) =>
        RunningProgram.StartAsync(_host, "provider listens", "node", program, _make.Certificate("provider"), _make.Key("provider"));

    private async Task<string> TokenAsync(string client, string service = "mayu")
    {
        var answer = await TestNetwork.RunAsync(_host, "curl", "--silent", "--max-time", "20", "--cacert", _make.Certificate("root"), "--user", $"{client}:secret",
            "--data", $"grant_type=client_credentials&resource=https://services.example/{service}", $"{Provider}/token");
        return (string?)JsonNode.Parse(answer)!["access_token"] ?? throw new InvalidOperationException(answer);
    }

    private Task<string> StatusAsync(string token, string path, params string[] more) => TestNetwork.RunAsync(_host, [
        "curl", "--silent", "--max-time", "20", "--output", "/dev/null", "--write-out", "%{http_code}", "--cacert", Path.Combine(_mayu.Data, "keys", "ca.pem"),
        "--header", $"Authorization: Bearer {token}", .. more, $"https://127.0.0.1:4080{path}"]);
}
