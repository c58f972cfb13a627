using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Access;

/// <summary>The API's certificate and those of its clients, with openssl and curl.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
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
    }

    public async ValueTask DisposeAsync()
    {
        await _mayu.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_replaced_certificate_is_shown_with_its_chain_and_no_restart_and_half_a_replacement_harms_nobody()
    {
        await _make.MakeAsync("between", "/CN=between", "root", CertificateMaker.Authority);
        await _make.MakeAsync("first", "/CN=first", "between", CertificateMaker.Server);
        await _make.MakeAsync("second", "/CN=second", "between", CertificateMaker.Server);
        await InstallAsync("first");
        File.Copy(_make.Key("first"), Key);
        await _mayu.ConfigureAsync(MayuServer.OnLoopback + $"api: {{ tls_certificate: {Chain}, tls_key: {Key} }}\n");
        await _mayu.StartAsync();
        // Who trusts the root alone needs the certificate between.
        Assert.Equal("200", await StatusAsync("/healthz"));
        Assert.Contains("CN = first", await ShownAsync(), StringComparison.Ordinal);

        await InstallAsync("second");
        await UntilAsync("was replaced, and cannot be used", () => CurlAsync("/readyz"));
        Assert.Contains("CN = first", await ShownAsync(), StringComparison.Ordinal);

        File.Copy(_make.Key("second"), Key, overwrite: true);
        await UntilAsync("CN = second", ShownAsync);
        Assert.Equal("200", await StatusAsync("/healthz"));
        Assert.DoesNotContain("was replaced", await CurlAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_is_worth_what_its_name_is_until_the_name_is_taken_off_the_list()
    {
        await _make.MakeAsync("alice", "/O=ops/CN=alice", "root", CertificateMaker.Client);
        await _make.MakeAsync("bob", "/CN=bob", "root", CertificateMaker.Client);
        await _make.MakeAsync("carol", "/CN=carol", "root", CertificateMaker.Client);
        await _make.MakeAsync("two", "/CN=carol/CN=alice", "root", CertificateMaker.Client);
        // A server's certificate of the same CA, and one of another CA with the right name.
        await _make.MakeAsync("server", "/CN=alice", "root", CertificateMaker.Server);
        await _make.MakeAsync("other", "/CN=other", null, CertificateMaker.Authority);
        await _make.MakeAsync("forged", "/CN=alice", "other", CertificateMaker.Client);
        const string Alice = "{ name: alice, role: operator, selector: rack=7 }";
        const string Bob = "{ name: bob, role: viewer }";
        await ConfigureAsync(Alice, Bob);
        await _mayu.StartAsync();
        await RegisterAsync("a");
        await RegisterAsync("b");
        await _mayu.ApiAsync("/api/v1/machines/a", "--fail", "--request", "PATCH", "--json", """{"metadata":["rack=7"]}""");

        Assert.Equal("200", await StatusAsync("/api/v1/machines", "alice"));
        Assert.Equal("200", await StatusAsync("/api/v1/machines", "bob"));
        foreach (var (who, why) in new[]
        {
            (null, "it has no token"), ("carol", "auth.client_certificates has no client named carol"), ("two", "does not have one common name"),
            ("server", "its certificate is not valid here: "), ("forged", "its certificate is not valid here: "),
        })
        {
            Assert.Equal(who is null ? "The token is missing or wrong 401" : "The client certificate is not accepted 401", await RefusalAsync("/api/v1/machines", who));
            await _mayu.PrintsAsync(why);
        }

        // Its role and its scope.
        Assert.Equal("403", await StatusAsync("/api/v1/machines/a", "bob", "--request", "PATCH", "--json", """{"hostname":"x"}"""));
        Assert.Equal("403", await StatusAsync("/api/v1/machines/b", "alice", "--request", "PATCH", "--json", """{"hostname":"x"}"""));
        Assert.Equal("200", await StatusAsync("/api/v1/machines/a", "alice", "--request", "PATCH", "--json", """{"hostname":"x"}"""));
        // A key of a request is the client's, as it is a token's.
        Assert.Equal("200", await StatusAsync("/api/v1/machines/a", "alice", "--request", "PATCH", "--header", "Idempotency-Key: one", "--json", """{"hostname":"y"}"""));
        Assert.Equal("422", await StatusAsync("/api/v1/machines/a", "alice", "--request", "PATCH", "--header", "Idempotency-Key: one", "--json", """{"hostname":"z"}"""));
        Assert.Contains("\"who\":\"certificate alice\"", await _mayu.ApiAsync("/api/v1/history?serial=a"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_mayu.Folder, "bob.both"), await File.ReadAllTextAsync(_make.Certificate("bob")) + await File.ReadAllTextAsync(_make.Key("bob")));
        var (code, listed) = await TestNetwork.TryAsync(_host, "env", "XDG_CONFIG_HOME=" + _mayu.Folder, Programs.Mayuctl, "list", "-o", "name", "--ca", Path.Combine(_mayu.Data, "keys", "ca.pem"),
            "--cert", Path.Combine(_mayu.Folder, "bob.both"));
        Assert.Equal((0, "a\nb"), (code, listed.Trim()));
        await ListsByCertificateBetweenAsync();
        // A browser adds the certificate to what another site's page sends.
        Assert.Equal("403", await StatusAsync("/api/v1/machines/a", "alice", "--request", "PATCH", "--json", """{"hostname":"y"}""", "--header", "Origin: https://evil.example"));

        var stream = TestNetwork.TryAsync(_host, "curl", "--silent", "--no-buffer", "--max-time", "60", "--cacert", Path.Combine(_mayu.Data, "keys", "ca.pem"),
            "--cert", _make.Certificate("alice"), "--key", _make.Key("alice"), "https://127.0.0.1:4080/api/v1/events/machines");
        await UntilAsync("events/machines", () => TestNetwork.RunAsync(_host, "sh", "-c", "ps -ef; ss -Htn state established dport = :4080"));
        await ConfigureAsync(Bob);
        await _mayu.SignalAsync("HUP");
        await _mayu.PrintsAsync("The configuration was reloaded");
        // What alice reads ends by itself, and not by curl's limit.
        Assert.Equal(0, (await stream).ExitCode);
        Assert.Equal("401", await StatusAsync("/api/v1/machines", "alice"));
        Assert.Equal("200", await StatusAsync("/api/v1/machines", "bob"));
    }

    // The server knows the root alone; who asks sends what is between.
    private async Task ListsByCertificateBetweenAsync()
    {
        await _make.MakeAsync("between", "/CN=between", "root", CertificateMaker.Authority);
        await _make.MakeAsync("bob-2", "/CN=bob", "between", CertificateMaker.Client);
        var file = Path.Combine(_mayu.Folder, "bob-2.all");
        await File.WriteAllTextAsync(file, string.Concat(await Task.WhenAll(new[] { _make.Certificate("bob-2"), _make.Certificate("between"), _make.Key("bob-2") }.Select(path => File.ReadAllTextAsync(path)))));
        var (code, listed) = await TestNetwork.TryAsync(_host, "env", "XDG_CONFIG_HOME=" + _mayu.Folder, Programs.Mayuctl, "list", "-o", "name", "--ca", Path.Combine(_mayu.Data, "keys", "ca.pem"), "--cert", file);
        Assert.Equal((0, "a\nb"), (code, listed.Trim()));
    }

    private string Chain => Path.Combine(_mayu.Folder, "chain.pem");

    private string Key => Path.Combine(_mayu.Folder, "chain.key");

    private Task ConfigureAsync(params string[] clients) => _mayu.ConfigureAsync(
        MayuServer.OnLoopback + $"auth: {{ client_ca: {_make.Certificate("root")}, client_certificates: [{string.Join(", ", clients)}] }}\n");

    // As a renewal does: the file is replaced, the certificate first and then those up to the root, which clients have.
    private async Task InstallAsync(string name)
    {
        var next = Chain + ".next";
        await File.WriteAllTextAsync(next, await File.ReadAllTextAsync(_make.Certificate(name)) + await File.ReadAllTextAsync(_make.Certificate("between")));
        File.Move(next, Chain, overwrite: true);
    }

    private async Task RegisterAsync(string serial) => await TestNetwork.TryAsync(_host, "curl", "--silent", "--max-time", "20", "--data",
        $$"""{"Serial":"{{serial}}","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:0{{serial}}"}],"ConnectedNIC":"eth0"}""", "http://127.0.0.1:4081/provisioning-config");

    private Task<string> CurlAsync(string path) => TestNetwork.RunAsync(_host, "curl", "--silent", "--max-time", "20", "--cacert", _make.Certificate("root"), $"https://127.0.0.1:4080{path}");

    private async Task<string> RefusalAsync(string path, string? client)
    {
        var told = await AskAsync(path, client, "--write-out", "\n%{http_code}");
        return $"{JsonNode.Parse(told.Split('\n')[0])!["title"]} {told.Split('\n')[1]}";
    }

    private Task<string> StatusAsync(string path, string? client = null, params string[] more) =>
        AskAsync(path, client, ["--output", "/dev/null", "--write-out", "%{http_code}", .. more]);

    private Task<string> AskAsync(string path, string? client, params string[] more) => TestNetwork.RunAsync(_host, [
        "curl", "--silent", "--max-time", "20",
        "--cacert", File.Exists(Chain) ? _make.Certificate("root") : Path.Combine(_mayu.Data, "keys", "ca.pem"),
        .. client is null ? [] : new[] { "--cert", _make.Certificate(client), "--key", _make.Key(client) }, .. more, $"https://127.0.0.1:4080{path}"]);

    private Task<string> ShownAsync() => TestNetwork.RunAsync(_host, "sh", "-c", "openssl s_client -connect 127.0.0.1:4080 </dev/null 2>/dev/null | openssl x509 -noout -subject");

    private async Task UntilAsync(string said, Func<Task<string>> ask)
    {
        var answer = await ask();
        for (var tries = 0; tries < 200 && !answer.Contains(said, StringComparison.Ordinal); tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            answer = await ask();
        }

        Assert.True(answer.Contains(said, StringComparison.Ordinal), $"not \"{said}\" but {answer}\n{_mayu.Log}");
    }
}
