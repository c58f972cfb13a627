using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

public sealed class ExplainTests
{
    [Fact]
    public async Task A_stranger_is_told_a_loader_then_a_script_then_the_discovery_system()
    {
        await using var server = await StartAsync();
        var explanation = await server.GetAsync("explain/52:54:00:00:00:07?firmware=bios");

        Assert.Equal(("discover", "it is not known yet"), ((string?)explanation["answer"], (string?)explanation["reason"]));
        Assert.Null(explanation["serial"]);
        Assert.Contains("the boot file undionly.kpxe by TFTP from 127.0.0.1", Detail(explanation, "dhcp"), StringComparison.Ordinal);
        Assert.Contains("/ipxebootscript", Detail(explanation, "dhcp-ipxe"), StringComparison.Ordinal);
        Assert.Contains("mayu.serial=", Text(explanation, "ipxe"), StringComparison.Ordinal);
        Assert.Contains("KERNEL images/vmlinuz", Text(explanation, "pxelinux"), StringComparison.Ordinal);
        Assert.Contains("discovery/vmlinuz, 6 bytes", Detail(explanation, "kernel"), StringComparison.Ordinal);
        Assert.Contains("it has to send its facts first", Detail(explanation, "config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_runs_is_left_alone_by_firmware_and_its_system_is_not()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, localboot: silent}]");
        await server.RunAsync("vm-001");
        var explanation = await server.GetAsync("explain/vm-001");

        Assert.Equal(("running", "core", "local-disk"), ((string?)explanation["state"], (string?)explanation["profile"], (string?)explanation["answer"]));
        Assert.Equal("no answer: it is running: Mayu does not answer, so it boots its own disk", Detail(explanation, "dhcp"));
        Assert.False((bool)Protocol(explanation, "dhcp")["answers"]!);
        Assert.Contains("it boots its own disk", Detail(explanation, "kernel"), StringComparison.Ordinal);
        Assert.Contains("it boots its own disk", Detail(explanation, "config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_rightly_not_answered_is_no_failure_and_what_is_missing_is_one()
    {
        await using var server = await StartAsync();
        await server.RunAsync("vm-001");
        await server.RegisterAsync("vm-002", 2);
        File.Delete(Path.Combine(server.Folder, "images", "os", "install_image.bin.gz"));
        File.Delete(Path.Combine(server.Folder, "images", "discovery", "vmlinuz"));

        Assert.Empty(Failing(await server.GetAsync("explain/vm-001")));
        Assert.Equal(["kernel"], Failing(await server.GetAsync("explain/52:54:00:00:00:07")));
        Assert.Equal(["kernel", "config"], Failing(await server.GetAsync("explain/vm-002")));
    }

    [Fact]
    public async Task Who_was_never_seen_is_told_apart_from_who_has_a_record_or_asked()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("vm-001", 1);
        await server.Boot.GetStringAsync("/ipxebootscript?serial=vm-002&mac=52-54-00-00-00-02&platform=efi", TestContext.Current.CancellationToken);

        Assert.True((bool)(await server.GetAsync("explain/nosuch"))["neverSeen"]!);
        Assert.True((bool)(await server.GetAsync("explain/52:54:00:00:00:99"))["neverSeen"]!);
        foreach (var seen in new[] { "vm-001", "vm-002", "52:54:00:00:00:02" })
        {
            Assert.False((bool)(await server.GetAsync($"explain/{seen}"))["neverSeen"]!, seen);
        }
    }

    [Fact]
    public async Task A_pin_is_told()
    {
        await using var server = await StartAsync();
        await server.ChangeAsync(HttpMethod.Put, "pins/mac:52:54:00:00:00:07", new JsonObject { ["profile"] = "core", ["address"] = "127.0.0.12" });

        var pin = Assert.Single((await server.GetAsync("explain/52:54:00:00:00:07"))["pins"]!.AsArray())!;

        Assert.Equal(("mac:52:54:00:00:00:07", "core", "127.0.0.12"), ((string?)pin["key"], (string?)pin["profile"], (string?)pin["address"]));
        Assert.Empty((await server.GetAsync("explain/52:54:00:00:00:08"))["pins"]!.AsArray());
    }

    private static IEnumerable<string> Failing(JsonNode explanation) =>
        explanation["protocols"]!.AsArray().Where(protocol => (bool)protocol!["failing"]!).Select(protocol => (string)protocol!["name"]!);

    [Fact]
    public async Task What_is_said_is_what_the_protocol_says()
    {
        await using var server = await StartAsync();
        await server.ConfigureAsync("vm-001");
        var script = Text(await server.GetAsync("explain/vm-001?loader=ipxe"), "ipxe");
        var said = await server.Boot.GetStringAsync(
            "/ipxebootscript?serial=vm-001&mac=52-54-00-00-00-01&platform=efi", TestContext.Current.CancellationToken);
        Assert.Equal(said.Replace(BootTokenServerTests.TokenIn(said), "TOKEN", StringComparison.Ordinal), script);
    }

    [Fact]
    public async Task A_config_is_announced_and_never_shown()
    {
        await using var server = await StartAsync();
        await server.ConfigureAsync("vm-001");
        var explanation = await server.GetAsync("explain/vm-001");
        Assert.StartsWith("config.ign of profile core, ", Detail(explanation, "config"), StringComparison.Ordinal);
        Assert.Null(Protocol(explanation, "config")["text"]);

        File.Delete(Path.Combine(server.Folder, "images", "os", "install_image.bin.gz"));
        Assert.Contains("lacks the file", Detail(await server.GetAsync("explain/vm-001"), "config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_touched()
    {
        await using var server = await StartAsync();
        await server.ConfigureAsync("vm-001");
        var (snapshot, events) = (server.Store.Current, server.Trace.Events.Newest);
        foreach (var loader in new[] { "pxe", "http", "ipxe", "grub", "pxelinux" })
        {
            await server.GetAsync($"explain/vm-001?loader={loader}&firmware=bios");
            await server.GetAsync($"explain/52:54:00:00:00:07?loader={loader}");
        }

        Assert.Same(snapshot, server.Store.Current);
        Assert.Equal(events, server.Trace.Events.Newest);
    }

    [Fact]
    public async Task A_firmware_over_http_gets_a_url_and_another_serials_machine_is_told_apart()
    {
        await using var server = await StartAsync();
        var facts = TestServer.Facts("vm-001");
        facts["Uuid"] = "aabbccdd-4455-6677-8899-aabbccddeeff";
        (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Contains("/loaders/snponly.efi", Detail(await server.GetAsync("explain/vm-001?loader=http"), "dhcp-http"), StringComparison.Ordinal);
        var other = await server.GetAsync("explain/vm-001?mac=52:54:00:00:00:77&uuid=00112233-4455-6677-8899-aabbccddeeff");
        Assert.Contains("it has the serial of machine vm-001 (installing), but another UUID", (string?)other["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_misspelt_is_refused()
    {
        await using var server = await StartAsync();
        Assert.Contains("uefi-x64", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "explain/a?firmware=x64"), StringComparison.Ordinal);
        Assert.Contains("pxelinux", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "explain/a?loader=lilo"), StringComparison.Ordinal);
        Assert.Contains("127.0.0.0/24 on lo", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "explain/a?network=eth7"), StringComparison.Ordinal);
        Assert.Contains("mac", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "explain/a?mac=7"), StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync();

    private static JsonNode Protocol(JsonNode explanation, string name) => explanation["protocols"]!.AsArray().Single(protocol => (string?)protocol!["name"] == name)!;

    private static string Detail(JsonNode explanation, string name) => (string)Protocol(explanation, name)["detail"]!;

    private static string Text(JsonNode explanation, string name) => (string)Protocol(explanation, name)["text"]!;
}
