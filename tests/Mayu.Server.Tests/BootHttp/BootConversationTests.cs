using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>What machines and operators are answered, over real sockets and with a real store.</summary>
public class BootConversationTests
{
    [Fact]
    public async Task A_machine_goes_from_its_script_to_running_and_the_history_tells_each_step()
    {
        await using var server = await TestServer.StartAsync();

        var script = await server.Boot.GetStringAsync("/ipxebootscript?serial=ABC%201&uuid=11111111-2222-3333-4444-555555555555&mac=52-54-00-00-00-01&platform=pcbios");
        Assert.StartsWith("#!ipxe\n", script, StringComparison.Ordinal);
        Assert.Contains("/images/abc-1/vmlinuz initrd=mayu.cpio initrd=initrd.cpio.gz mayu.url=http://127.0.0.1:0 mayu.serial=abc-1 BOOTIF=01-52-54-00-00-00-01", script, StringComparison.Ordinal);
        Assert.Equal("unknown", (string?)(await server.MachineAsync("abc-1"))["state"]);
        Assert.Equal("kernel", await server.Boot.GetStringAsync("/images/abc-1/vmlinuz"));
        Assert.Contains("SERIAL='abc-1'\n", await server.Boot.GetStringAsync("/first-stage-script/abc-1"), StringComparison.Ordinal);

        var config = await server.AskForConfigAsync("abc-1");
        Assert.Equal(HttpStatusCode.OK, config.StatusCode);
        Assert.Equal("3.3.0", (string?)JsonNode.Parse(await config.Content.ReadAsStringAsync())!["ignition"]!["version"]);
        var machine = await server.MachineAsync("abc-1");
        Assert.Equal(("installing", "core", "127.0.0.10", "os"), ((string?)machine["state"], (string?)machine["profile"], (string?)machine["internalAddress"], (string?)machine["image"]));

        Assert.Matches("^[0-9a-f]{32}$", server.Store.Current.Machines.Single().InstallId);

        var plan = await server.Boot.GetStringAsync("/install-plan/abc-1");
        Assert.Contains("serial=abc-1\n", plan, StringComparison.Ordinal);
        Assert.Contains($"machine_id={machine["machineId"]}\n", plan, StringComparison.Ordinal);
        Assert.Contains("image_size=1048576\n", plan, StringComparison.Ordinal);
        Assert.Equal(TestServer.DiskImage, await server.Boot.GetStringAsync("/images/abc-1/install_image.bin.gz"));

        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("abc-1", "installed")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("abc-1", "installed")).StatusCode);
        var complete = await server.ReportAsync("abc-1", "boot_complete", new JsonObject { ["Versions"] = new JsonObject { ["OS"] = "Lab 1.0" } });
        Assert.Equal(HttpStatusCode.Accepted, complete.StatusCode);
        machine = await server.MachineAsync("abc-1");
        Assert.Equal(("running", "Lab 1.0"), ((string?)machine["state"], (string?)machine["versions"]!["OS"]));

        var history = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=abc-1"))!["items"]!.AsArray();
        string[] expected = ["updated state to running", "updated state to installed", "updated state to installing", "updated state to configured (profile core, address 127.0.0.10)"];
        Assert.Equal(expected, history.Select(change => (string)change!["what"]!));
        Assert.All(history, change => Assert.Equal("machine abc-1", (string?)change!["who"]));
    }

    [Fact]
    public async Task A_running_machine_is_left_to_its_disk_and_gets_neither_kernel_nor_config_nor_image()
    {
        await using var server = await RunningAsync("a");

        var script = await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01&platform=pcbios");
        Assert.Contains("sanboot --no-describe --drive 0x80", script, StringComparison.Ordinal);
        Assert.DoesNotContain("kernel", script, StringComparison.Ordinal);
        var efi = await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01&platform=efi");
        Assert.EndsWith("exit 1\n", efi, StringComparison.Ordinal);
        // Its firmware lost the serial: DHCP knows it by its MAC, and so does the script.
        Assert.EndsWith("exit 1\n", await server.Boot.GetStringAsync("/ipxebootscript?serial=None&mac=52-54-00-00-00-01&platform=efi"), StringComparison.Ordinal);
        Assert.EndsWith("exit 1\n", await server.Boot.GetStringAsync("/ipxebootscript?mac=52-54-00-00-00-01&platform=efi"), StringComparison.Ordinal);
        foreach (var answer in new[]
        {
            await server.Boot.GetAsync(new Uri("/images/a/vmlinuz", UriKind.Relative)),
            await server.Boot.GetAsync(new Uri("/images/a/install_image.bin.gz", UriKind.Relative)),
            await server.Boot.GetAsync(new Uri("/install-plan/a", UriKind.Relative)),
            await server.AskForConfigAsync("a"),
        })
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }

        Assert.Equal("running", (string?)(await server.MachineAsync("a"))["state"]);
    }

    [Fact]
    public async Task An_operator_can_have_it_reinstalled_with_the_same_address_and_machine_id()
    {
        await using var server = await RunningAsync("a");
        var before = await server.MachineAsync("a");

        var set = await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured", ["reason"] = "new disks" });
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["Versions"] = new JsonObject() })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("a")).StatusCode);

        var after = await server.MachineAsync("a");
        Assert.Equal("installing", (string?)after["state"]);
        Assert.Equal(((string?)before["internalAddress"], (string?)before["machineId"]), ((string?)after["internalAddress"], (string?)after["machineId"]));
        var history = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=a"))!["items"]!.AsArray();
        var word = Assert.Single(history, change => (string?)change!["who"] == "operator");
        Assert.Equal(("updated state to configured", "new disks"), ((string?)word!["what"], (string?)word["why"]));
    }

    [Fact]
    public async Task A_machine_whose_report_of_its_written_disk_was_lost_is_known_by_its_installation_when_it_comes_up()
    {
        await using var server = await RunningAsync("a");
        var old = server.Store.Current.Machines.Single().InstallId;
        Assert.NotNull(old);
        await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured" });
        var config = await (await server.AskForConfigAsync("a")).Content.ReadAsStringAsync();
        var again = await (await server.AskForConfigAsync("a")).Content.ReadAsStringAsync();
        var current = server.Store.Current.Machines.Single().InstallId;
        Assert.Equal(config, again);
        Assert.NotEqual(old, current);
        var files = JsonNode.Parse(config)!["storage"]!["files"]!.AsArray();
        var source = (string)files.Single(file => (string?)file!["path"] == "/opt/mayu/boot-complete")!["contents"]!["source"]!;
        Assert.Contains($"\nINSTALL_ID='{current}'\n", Encoding.UTF8.GetString(Convert.FromBase64String(source[(source.IndexOf(',', StringComparison.Ordinal) + 1)..])), StringComparison.Ordinal);

        foreach (var refused in new[] { new JsonObject { ["InstallId"] = old }, new JsonObject { ["InstallId"] = "" }, [] })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await server.ReportAsync("a", "boot_complete", refused)).StatusCode);
            Assert.Equal("installing", (string?)(await server.MachineAsync("a"))["state"]);
        }

        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = current })).StatusCode);
        var machine = await server.MachineAsync("a");
        Assert.Equal("running", (string?)machine["state"]);
        Assert.Null(machine["problem"]);
    }

    [Fact]
    public async Task A_live_machine_fetches_system_and_config_at_every_boot_and_no_disk_image()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, mode: live}]");
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("a")).StatusCode);
        Assert.Equal("serial=a\nmode=live\n", await server.Boot.GetStringAsync("/install-plan/a"));

        for (var boot = 1; boot <= 2; boot++)
        {
            var script = await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01&platform=efi");
            Assert.Contains("/images/a/vmlinuz initrd=mayu.cpio initrd=initrd.cpio.gz", script, StringComparison.Ordinal);
            Assert.DoesNotContain("config.url=", script, StringComparison.Ordinal);
            Assert.Equal("os kernel", await server.Boot.GetStringAsync("/images/a/vmlinuz"));
            var token = BootTokenServerTests.TokenIn(script);
            foreach (var (path, content) in CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio")))
            {
                Assert.Contains(path, new[] { "usr/share/oem/config.ign", "usr/lib/ignition/user.ign", "config.ign" });
                Assert.Equal("3.3.0", (string?)JsonNode.Parse(content)!["ignition"]!["version"]);
            }

            Assert.Equal("3.3.0", (string?)JsonNode.Parse(await server.Boot.GetStringAsync($"/boot/{token}/config"))!["ignition"]!["version"]);
            var installId = server.Store.Current.Machines.Single().InstallId;
            Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = installId })).StatusCode);
            Assert.Equal("running", (string?)(await server.MachineAsync("a"))["state"]);
        }

        var history = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=a"))!["items"]!.AsArray();
        string[] expected = ["updated state to running", "updated state to installing", "updated state to configured (profile core, address 127.0.0.10)"];
        Assert.Equal(expected, history.Select(change => (string)change!["what"]!));
    }

    [Fact]
    public async Task A_machine_that_does_not_run_live_gets_no_live_config()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var serial in new[] { "a", "nobody" })
        {
            var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync($"/ipxebootscript?serial={serial}&mac=52-54-00-00-00-01"));
            await server.AskForConfigAsync("a");
            Assert.Equal(HttpStatusCode.Conflict, (await server.Boot.GetAsync(new Uri($"/boot/{token}/config", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task A_further_interface_has_its_address_in_the_config()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}]", "extra_nics: [{name: eth1, subnet: 10.1.0.0/24, range: {start: 10.1.0.5, end: 10.1.0.9}}]");
        var config = JsonNode.Parse(await (await server.AskForConfigAsync("a")).Content.ReadAsStringAsync())!;
        var file = config["storage"]!["files"]!.AsArray().Single(entry => (string?)entry!["path"] == "/etc/systemd/network/20-mayu-eth1.network")!;
        var source = (string)file["contents"]!["source"]!;
        Assert.Equal(
            "[Match]\nName=eth1\n\n[Network]\nAddress=10.1.0.5/24\n",
            Encoding.UTF8.GetString(Convert.FromBase64String(source[(source.IndexOf(',', StringComparison.Ordinal) + 1)..])));
    }

    [Fact]
    public async Task A_full_pool_is_a_clear_error_that_the_machine_carries_and_others_do_not_feel()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync($"m{i}", i)).StatusCode);
        }

        var answer = await server.AskForConfigAsync("m4", 4);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("127.0.0.10-127.0.0.12", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        var machine = await server.MachineAsync("m4");
        Assert.Equal(("unknown", "facts"), ((string?)machine["state"], (string?)machine["problem"]!["hop"]));
        Assert.Contains("m4", (string?)machine["problem"]!["reason"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("m1", "installed")).StatusCode);
    }

    // Its firmware tells no serial: the collector says what it was told to call the machine.
    [Theory]
    [InlineData("my-name", "my-name")]
    [InlineData("To be filled by O.E.M.", "52-54-00-00-00-01")]
    public async Task A_machine_without_a_serial_is_called_as_its_collector_was_told_unless_that_is_a_placeholder(string asked, string name)
    {
        await using var server = await TestServer.StartAsync();
        var facts = TestServer.Facts(asked);
        facts["Dmi"] = new JsonObject { ["Serial"] = "To be filled by O.E.M." };

        await server.Boot.PostAsJsonAsync("/provisioning-config", facts, TestContext.Current.CancellationToken);

        Assert.Equal(name, server.Store.Current.Machines.Single().Serial.Text.Replace(':', '-'));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(5, 10, true)]
    [InlineData(-1, 10, false)]
    [InlineData(5, -1, false)]
    public async Task How_far_a_machine_is_stands_in_its_trace_in_numbers_that_can_be(int done, int total, bool isTaken)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.ReportAsync("vm-001", "progress", new JsonObject { ["What"] = "disk", ["Done"] = done, ["Total"] = total });

        Assert.Equal(isTaken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest, answer.StatusCode);
        var trace = Serial.TryParse("vm-001", out var serial, out _) ? server.Trace.Find(serial) : null;
        Assert.Equal(isTaken ? [(HopKind.Progress, "disk", (long?)done, (long?)total)] : [], (trace?.Hops ?? []).Select(hop => (hop.Kind, hop.Detail, hop.Bytes, hop.Total)));
    }

    [Fact]
    public async Task A_missing_image_is_named_and_the_machine_does_not_count_as_installing()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, image: os-9}]");
        var answer = await server.AskForConfigAsync("a");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("image \"os-9\" is missing", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        var machine = await server.MachineAsync("a");
        Assert.Equal("configured", (string?)machine["state"]);
        Assert.Contains("os-9", (string?)machine["problem"]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_error_names_file_and_line_and_heals_when_the_template_is_mended()
    {
        await using var server = await TestServer.StartAsync();
        var template = Path.Combine(server.Folder, "templates", "ignition", "default.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(template)!);
        await File.WriteAllTextAsync(template, "ignition:\n  version: {{ machine.nonsense }}\n", TestContext.Current.CancellationToken);

        var answer = await server.AskForConfigAsync("a");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains($"{template}, line 2", await TestServer.DetailOf(answer), StringComparison.Ordinal);

        await File.WriteAllTextAsync(template, "ignition:\n  version: 3.3.0\n", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("a")).StatusCode);
        Assert.Null((await server.MachineAsync("a"))["problem"]);
    }

    [Theory]
    [InlineData("""{"NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01"}]}""", "no Serial")]
    [InlineData("""{"Serial":"  ","NetDevs":[]}""", "no Serial")]
    [InlineData("""{"Serial":"a","NetDevs":[{"Name":"eth0","MacAddress":"nonsense"}]}""", "no valid MacAddress")]
    [InlineData("""{"Serial":"a","NetDevs":[]}""", "no network interface")]
    [InlineData("""{"Serial":"a\u0001b","NetDevs":[]}""", "do not identify the machine")]
    [InlineData("""{"Serial":""", "Line 1")]
    [InlineData("""[]""", "Line 1")]
    [InlineData("""null""", "JSON object")]
    public async Task Facts_that_cannot_be_used_are_a_400_that_says_why(string body, string expected)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in new[] { "/provisioning-config", "/final-ignition-config.json" })
        {
            var answer = await server.Boot.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(expected, await TestServer.DetailOf(answer), StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Store.Current.Count);
    }

    [Fact]
    public async Task A_second_machine_with_the_serial_of_one_that_runs_is_discovered_and_both_are_shown()
    {
        await using var server = await TestServer.StartAsync();
        const string First = "11111111-1111-1111-1111-111111111111";
        const string Second = "22222222-2222-2222-2222-222222222222";
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, First, "52:54:00:00:00:01")).StatusCode);
        await server.ReportAsync("a", "installed");
        await server.ReportAsync("a", "boot_complete");

        for (var boot = 1; boot <= 2; boot++)
        {
            var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&uuid={Second}&mac=52-54-00-00-00-02&platform=efi");
            Assert.Contains("/images/vmlinuz initrd=mayu.cpio initrd=initrd.cpio.gz ", script, StringComparison.Ordinal);
            var refused = await AskAsync(server, Second, "52:54:00:00:00:02");
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(Second, await TestServer.DetailOf(refused), StringComparison.Ordinal);
        }

        var machine = await server.MachineAsync("a");
        Assert.Equal(("running", First, Second), ((string?)machine["state"], (string?)machine["uuid"], (string?)machine["conflict"]!["uuid"]));
        Assert.True(MacAddress.TryParse("52:54:00:00:00:02", out var stranger));
        Assert.Equal(Second, server.Trace.SerialOf(stranger)?.Text);
        var own = await server.Boot.GetStringAsync($"/ipxebootscript?serial=a&uuid={First}&mac=52-54-00-00-00-01&platform=efi");
        Assert.EndsWith("exit 1\n", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_serials_stay_inside_the_store_and_the_script()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (serial, number) in new[] { ("../evil", 1), ("${net0/mac}", 2), ("a;reboot", 3) })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync(serial, number)).StatusCode);
            var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial={Uri.EscapeDataString(serial)}&platform=pcbios");
            Assert.DoesNotContain("${net0", script, StringComparison.Ordinal);
            Assert.DoesNotContain(";reboot", script, StringComparison.Ordinal);
        }

        Assert.Equal(["cluster", "config.yaml", "images", "keys", "templates", "tftp"], Directory.GetFileSystemEntries(server.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("/0001/cn7016")]
    [InlineData("50%off")]
    [InlineData("a%2fb")]
    [InlineData("a/%2f%252f")]
    [InlineData("q?x=1&y#z")]
    public async Task A_serial_with_url_characters_is_the_same_machine_on_every_path(string serial)
    {
        await using var server = await TestServer.StartAsync();
        var word = Uri.EscapeDataString(serial);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync(serial)).StatusCode);
        Assert.Contains($"serial={serial}\n", await server.Boot.GetStringAsync($"/install-plan/{word}"), StringComparison.Ordinal);
        Assert.Equal(TestServer.DiskImage, await server.Boot.GetStringAsync($"/images/{word}/install_image.bin.gz"));
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(serial, "installed")).StatusCode);
        Assert.Equal((serial, "installed"), ((string?)(await server.MachineAsync(serial))["serial"], (string?)(await server.MachineAsync(serial))["state"]));
        Assert.Equal(1, server.Store.Current.Count);
    }

    [Fact]
    public async Task A_serial_that_no_machine_can_have_is_replaced_by_the_mac()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("0123456789", 1)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync(new string('x', 70_000), 2)).StatusCode);
        Assert.Equal("installing", (string?)(await server.MachineAsync("52:54:00:00:00:01"))["state"]);
        Assert.Equal("installing", (string?)(await server.MachineAsync("52:54:00:00:00:02"))["state"]);
    }

    [Fact]
    public async Task A_file_is_answered_whole_by_head_and_by_range()
    {
        await using var server = await TestServer.StartAsync();
        var head = await server.Boot.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/images/vmlinuz"), TestContext.Current.CancellationToken);
        Assert.Equal(6, head.Content.Headers.ContentLength);
        foreach (var (from, to, expected) in new (long?, long?, string)[] { (0, 2, "ker"), (3, null, "nel"), (null, 2, "el"), (2, 100, "rnel") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/images/vmlinuz") { Headers = { Range = new RangeHeaderValue(from, to) } };
            var part = await server.Boot.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(expected, await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using var beyond = new HttpRequestMessage(HttpMethod.Get, "/images/vmlinuz") { Headers = { Range = new RangeHeaderValue(6, 9) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await server.Boot.SendAsync(beyond, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static Task<HttpResponseMessage> AskAsync(TestServer server, string uuid, string mac) => server.Boot.PostAsJsonAsync("/provisioning-config", new JsonObject
    {
        ["Serial"] = "a",
        ["Uuid"] = uuid,
        ["NetDevs"] = new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = mac }),
        ["ConnectedNIC"] = "eth0",
    });

    private static async Task<TestServer> RunningAsync(string serial)
    {
        var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync(serial)).StatusCode);
        await server.ReportAsync(serial, "installed");
        await server.ReportAsync(serial, "boot_complete", new JsonObject { ["Versions"] = new JsonObject() });
        return server;
    }
}
