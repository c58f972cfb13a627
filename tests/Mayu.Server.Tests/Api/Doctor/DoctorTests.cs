using System.Net;
using System.Text.Json.Nodes;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Doctor;

/// <summary><c>GET /api/v1/doctor</c> of a server that lacks something.</summary>
public sealed class DoctorTests
{
    private static readonly string[] Checks =
    [
        "token", "configuration", "ports", "interfaces", "dhcp-servers", "engine", "tftp-root", "images", "templates", "certificate", "clock", "store", "neighbours", "machines",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_lacks_nothing_has_an_answer_of_every_check_and_no_error()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        foreach (var loader in new[] { "undionly.kpxe", "snponly.efi" })
        {
            await File.WriteAllTextAsync(Path.Combine(server.Folder, "tftp", loader), "MZ", Cancel);
        }

        var findings = await LookAsync(server);

        Assert.Equal(Checks, findings.Select(finding => (string)finding["id"]!));
        Assert.DoesNotContain("error", findings.Select(finding => (string)finding["status"]!));
        Assert.Equal("the token operator has the role admin", (string?)Of(findings, "token")["what"]);
        Assert.Equal("the configs of 2 profiles and 1 known machine can be rendered", (string?)Of(findings, "templates")["what"]);
        // Loopback is no Ethernet.
        Assert.Equal("unknown", (string?)Of(findings, "dhcp-servers")["status"]);
    }

    [Fact]
    public async Task Images_that_are_gone_are_errors_that_name_the_profiles()
    {
        await using var server = await TestServer.StartAsync();
        Directory.Delete(Path.Combine(server.Folder, "images"), recursive: true);

        var images = (await LookAsync(server)).Where(finding => (string?)finding["id"] == "images").ToList();

        Assert.All(images, finding => Assert.Equal("error", (string?)finding["status"]));
        Assert.Contains(images, finding => ((string)finding["what"]!).StartsWith("discovery_image: ", StringComparison.Ordinal));
        Assert.Contains(images, finding => ((string)finding["what"]!).StartsWith("defaults: profiles core, default: ", StringComparison.Ordinal));
        Assert.All(images, finding => Assert.Contains($"{server.Folder}/images", (string)finding["remedy"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_template_that_is_broken_is_an_error_with_its_place()
    {
        await using var server = await TestServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "first_stage_script.sh"), "#!/bin/sh\n{{ nosuch }}\n", Cancel);

        var finding = Of(await LookAsync(server), "templates");

        Assert.Equal("error", (string?)finding["status"]);
        Assert.StartsWith("templates_dir: ", (string)finding["what"]!, StringComparison.Ordinal);
        Assert.Matches(@"first_stage_script\.sh.*\b2\b.*nosuch", (string)finding["what"]!);
    }

    [Fact]
    public async Task A_file_that_was_changed_or_broken_since_is_told()
    {
        await using var server = await TestServer.StartAsync();
        var file = Path.Combine(server.Folder, "config.yaml");
        var text = await File.ReadAllTextAsync(file, Cancel);
        await File.WriteAllTextAsync(file, text.Replace("quantity: 2", "quantity: 3", StringComparison.Ordinal), Cancel);
        var changed = Of(await LookAsync(server), "configuration");

        await File.WriteAllTextAsync(file, text + "\ncolour: red\n", Cancel);
        var broken = Of(await LookAsync(server), "configuration");

        Assert.Equal(("warning", "the file was changed and not reloaded: profiles"), ((string?)changed["status"], (string?)changed["what"]));
        Assert.Contains("mayuctl reload", (string?)changed["remedy"], StringComparison.Ordinal);
        Assert.Equal("warning", (string?)broken["status"]);
        Assert.Contains("colour", (string?)broken["what"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_gone_is_an_error()
    {
        await using var server = await TestServer.StartAsync();
        Directory.Move(Path.Combine(server.Folder, "cluster"), Path.Combine(server.Folder, "gone"));

        var finding = (await LookAsync(server)).First(finding => (string?)finding["id"] == "store");
        Directory.Move(Path.Combine(server.Folder, "gone"), Path.Combine(server.Folder, "cluster"));

        Assert.Equal("error", (string?)finding["status"]);
        Assert.Contains(Path.Combine(server.Folder, "cluster"), (string)finding["what"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_over_full_and_a_pool_that_is_full_are_warnings()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var number in Enumerable.Range(1, 3))
        {
            await server.RegisterAsync($"m{number}", number);
        }

        var finding = Of(await LookAsync(server), "machines");

        Assert.Equal("warning", (string?)finding["status"]);
        Assert.StartsWith("alarm: address pool internal", (string)finding["what"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_an_error_and_mode_auto_tells_what_it_found()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.Trouble = "dnsmasq does not run";
        server.Engine.Finding = new AutoFinding(GivesAddresses: false, [Ipv4.TryParse("127.0.0.9", out var other) ? other : default]);

        var findings = await LookAsync(server);

        Assert.Equal(("error", "dnsmasq does not run"), ((string?)Of(findings, "engine")["status"], (string?)Of(findings, "engine")["what"]));
        Assert.Equal(
            ("ok", "another DHCP server, 127.0.0.9, answers on lo, so Mayu sends only the boot file (dhcp.mode: auto)"),
            ((string?)Of(findings, "dhcp-servers")["status"], (string?)Of(findings, "dhcp-servers")["what"]));
    }

    [Fact]
    public async Task A_token_of_a_scope_is_told_with_it()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.SendAsync(HttpMethod.Post, "tokens", new JsonObject { ["name"] = "rack7", ["role"] = "viewer", ["scope"] = "rack=7" });
        var text = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["token"]!;
        using var client = server.NewApiClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", text);

        var answer = JsonNode.Parse(await client.GetStringAsync("/api/v1/doctor", Cancel))!;

        Assert.Equal("the token rack7 has the role viewer, for machines with rack=7", (string?)answer["items"]![0]!["what"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ApiWithoutToken.GetAsync(new Uri("/api/v1/doctor", UriKind.Relative), Cancel)).StatusCode);
    }

    private static async Task<List<JsonNode>> LookAsync(TestServer server) => [.. (await server.GetAsync("doctor"))["items"]!.AsArray().Select(item => item!)];

    private static JsonNode Of(IEnumerable<JsonNode> findings, string id) => Assert.Single(findings, finding => (string?)finding["id"] == id);
}
