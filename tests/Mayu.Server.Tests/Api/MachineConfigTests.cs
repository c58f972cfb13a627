using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>What a machine would be given, for who only looks.</summary>
public sealed class MachineConfigTests
{
    private const string Profiles = """
        profiles:
          - {name: core, quantity: 1, provisioning: generic, template: core.txt, tags: [role=core]}
          - {name: cloud, quantity: 1, provisioning: cloud-init, template: cloud}
        vars: {rack: r1}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_what_the_machine_gets_and_changes_nothing()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("a");
        var before = server.Store.Current;
        var config = await server.GetAsync("machines/a/config");

        Assert.Equal(("a", "core", "os"), ((string?)config["serial"], (string?)config["profile"], (string?)config["image"]));
        var file = Assert.Single(config["files"]!.AsArray())!;
        using var given = await server.AskForConfigAsync("a");
        Assert.Equal("a on r1 as role=core", (string?)file["text"]);
        Assert.Equal((string?)file["text"], await given.Content.ReadAsStringAsync(Token));
        Assert.Empty(config["warnings"]!.AsArray());
        Assert.Same(before.Find(before.Machines.Single().Serial), server.Store.Current.Machines.Single());
    }

    [Fact]
    public async Task As_if_it_had_another_profile_it_has_that_ones_tags_and_files()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("a");
        var config = await server.GetAsync("machines/a/config?profile=cloud");
        Assert.Equal("cloud", (string?)config["profile"]);
        Assert.Equal(["meta-data", "network-config", "user-data", "vendor-data"], config["files"]!.AsArray().Select(file => (string)file!["name"]!).Order(StringComparer.Ordinal));
        Assert.Equal("core", server.Store.Current.Machines.Single().Profile);

        var ofNobody = await server.GetAsync("profiles/core/config");
        Assert.Null(ofNobody["serial"]);
        Assert.Equal("example-1 on r1 as role=core", (string?)ofNobody["files"]![0]!["text"]);
    }

    [Theory]
    [InlineData("machines/nosuch/config", HttpStatusCode.NotFound, "There is no machine nosuch")]
    [InlineData("machines/a/config?profile=nosuch", HttpStatusCode.BadRequest, "There is no profile \"nosuch\"; the configuration has core, cloud, default.")]
    [InlineData("machines/a/config?prof=core", HttpStatusCode.BadRequest, "unknown")]
    [InlineData("profiles/croe/config", HttpStatusCode.NotFound, "There is no profile croe; did you mean \"core\"?")]
    [InlineData("machines/b/config", HttpStatusCode.Conflict, "Machine b has no profile yet")]
    [InlineData("profiles/broken/config", HttpStatusCode.Conflict, "generic/nosuch.txt")]
    public async Task What_cannot_be_shown_is_explained(string path, HttpStatusCode status, string reason)
    {
        await using var server = await StartAsync("  - {name: broken, quantity: 1, provisioning: generic, template: nosuch.txt}");
        await server.RegisterAsync("a");
        await server.Store.ChangeAsync(
            new Core.Machines.Author("test"),
            snapshot => new Core.Machines.Proposal.Put(snapshot.Machines.Single() with { Serial = Primitives.Serial.TryParse("b", out var b, out _) ? b : default, Profile = null, InternalAddress = null, Hostname = null, MacAddresses = [], MachineId = null }, "added"),
            Token);

        Assert.Contains(reason.Replace("core, cloud, default", "core, cloud, broken, default", StringComparison.Ordinal), await server.RefusedAsync(status, HttpMethod.Get, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_and_tokens_are_placeholders()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-config-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "key"), "hunter2", Token);
            await using var server = await StartAsync($"secrets: [{{name: key, file: {folder}/key}}]");
            await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "core.txt"), "{{ secrets.key | uri }} {{ mayu.boot_token }} {{ machine.install_id }}", Token);
            await server.RegisterAsync("a");
            using var given = await server.AskForConfigAsync("a");
            Assert.Contains("hunter2", await given.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

            foreach (var path in new[] { "machines/a/config", "profiles/core/config" })
            {
                var text = await server.Api.GetStringAsync($"/api/v1/{path}", Token);
                Assert.Contains("SECRET-KEY", text, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("TOKEN INSTALL-ID", text, StringComparison.Ordinal);
                Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What vars says in it, no other answer shows.
    [Fact]
    public async Task It_is_for_operators_and_of_machines_that_they_may_change()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("a");
        await server.RegisterAsync("b", number: 2);
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["metadata"] = new JsonArray("rack=7") });
        using var viewer = AccessTests.ClientOf(server, await AccessTests.CreateAsync(server, "v", "viewer"));
        using var scoped = AccessTests.ClientOf(server, await AccessTests.CreateAsync(server, "s", "operator", "rack=7"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, "machines/a/config"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, "profiles/core/config"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scoped, "machines/a/config"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(scoped, "machines/b/config"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(scoped, "profiles/core/config"));
        using var ofProfile = AccessTests.ClientOf(server, await AccessTests.CreateAsync(server, "p", "operator", "profile=core"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ofProfile, "machines/a/config"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(ofProfile, "machines/a/config?profile=default"));

        static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Token);
            return answer.StatusCode;
        }
    }

    private static async Task<TestServer> StartAsync(string more = "")
    {
        var server = await TestServer.StartAsync(more.StartsWith(' ') ? Profiles.Replace("vars:", $"{more}\nvars:", StringComparison.Ordinal) : $"{Profiles}\n{more}");
        foreach (var (name, text) in new[] { ("generic/core.txt", "{{ machine.serial }} on {{ vars.rack }} as {{ machine.tags | array.join ',' }}"), ("cloudinit/cloud.yaml", "#cloud-config\nhostname: {{ machine.hostname }}\n") })
        {
            var file = Path.Combine(server.Folder, "templates", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, Token);
        }

        return server;
    }
}
