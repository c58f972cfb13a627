using System.Net.Sockets;
using System.Security.Cryptography;
using Mayu.Interop.Tests.Network;
using Mayu.Server.Tests.Api.Legacy;

namespace Mayu.Interop.Tests.Legacy;

/// <summary>The real programs, with the command lines and the requests of the first Mayu.</summary>
public sealed class OldClientTests : IAsyncLifetime
{
    private readonly TestNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-old-").FullName;
    private string _host = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _host = await _network.AddHostAsync("s");
        await TestNetwork.AddBridgeAsync(_host, "br0", "10.77.0.1/24");
        var image = Directory.CreateDirectory(Path.Combine(_folder, "images", "os")).FullName;
        await File.WriteAllTextAsync(Path.Combine(image, "install_image.bin.gz"), "disk", Token);
        var sum = Convert.ToHexStringLower(SHA256.HashData("disk"u8));
        await File.WriteAllTextAsync(
            Path.Combine(image, "image.json"), $$$"""{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1048576,"sha256":"{{{sum}}}"}}""", Token);
        var templates = Directory.CreateDirectory(Path.Combine(_folder, "templates", "ignition")).FullName;
        await File.WriteAllTextAsync(Path.Combine(templates, "old.yaml"), "ignition: {version: 3.4.0}\n", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), $$"""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: {start: 127.0.0.10, end: 127.0.0.12}
            data_dir: {{_folder}}/data
            templates_dir: {{_folder}}/templates
            boot: {tokens: optional}
            auth: {legacy_clients: [127.0.0.0/8]}
            defaults: {image: os}
            profiles: [{name: core, quantity: 2, template: old}]
            """, Token);
    }

    [Fact]
    public async Task A_server_that_is_started_as_the_first_mayu_was_answers_its_clients()
    {
        await using var mayu = await RunningProgram.StartAsync(
            _host, ": ready", [Programs.Mayu, "--cluster-directory", $"{_folder}/cluster", $"--images-cache-dir={_folder}/images", "--no-tls", "--etcd-quorum-size=5", "--config", $"{_folder}/config.yaml"]);
        await mayu.PrintsAsync("auth.legacy_clients: every client in 127.0.0.0/8 can change and reinstall every machine without a token");
        await mayu.PrintsAsync("api.tls: the API is plain HTTP");
        await mayu.PrintsAsync("operators  http://127.0.0.1:4080");
        foreach (var name in OldConversation.Names)
        {
            using var socket = NamespaceSocket.Open(_host, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            var listener = new Uri($"http://127.0.0.1:{(OldConversation.IsForBoot(name) ? 4081 : 4080)}");

            var answer = await OldConversation.SendAsync(socket, listener, OldConversation.RequestOf(name), authority: null, Token);

            Assert.Equal((name, OldConversation.AnswerOf(name)), (name, answer));
        }

        Assert.Contains("\"State\":\"configured\"", (await File.ReadAllTextAsync($"{_folder}/cluster/004b27edc71b/conf.json", Token)).Replace(": ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
        var token = Path.Combine(_folder, "data", "keys", "operator-token");
        var (code, listed) = await TestNetwork.TryAsync(_host, [Programs.Mayuctl, "--no-tls", "--token-file", token, "list", "--no-legend", "--fields=serial,state"]);
        Assert.Equal((0, "004b27edc71b  configured\n"), (code, listed));
        (code, listed) = await TestNetwork.TryAsync(_host, [Programs.Mayuctl, "--host=10.77.0.1", "--no-tls", "--token-file", token, "list", "--no-legend", "--fields=serial,state"]);
        Assert.Equal(0, code);
        Assert.Contains("mayuctl: warning: the token crosses the network unencrypted to http://10.77.0.1:4080", listed, StringComparison.Ordinal);
        Assert.Contains("004b27edc71b  configured\n", listed, StringComparison.Ordinal);
        // From another address nobody is let in.
        var refused = await TestNetwork.RunAsync(_host, ["curl", "--silent", "--write-out", "%{http_code}", "--interface", "10.77.0.1", "http://10.77.0.1:4080/admin/hosts"]);
        Assert.EndsWith("403", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--first-stage-script=/x", "mayu: --first-stage-script was a flag of the first Mayu: ")]
    [InlineData("--show-templates", "use the command `mayu render`")]
    public async Task A_flag_that_means_nothing_any_more_ends_it_with_2(string flag, string expected)
    {
        var (code, output) = await TestNetwork.TryAsync(_host, [Programs.Mayu, "--config", $"{_folder}/config.yaml", flag]);

        Assert.Equal(2, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
