using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Primitives;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Identity;

/// <summary>What public bug reports of network boot are about, over real sockets and with a real store, by their letters in docs/troubleshooting.md.</summary>
public class IdentityCasesTests
{
    private const string U1 = "10101010-1111-2222-3333-444444444444";
    private const string U2 = "20202020-1111-2222-3333-444444444444";
    private const string CardX = "52:54:00:00:00:01";
    private const string CardY = "52:54:00:00:00:02";

    [Theory]
    [InlineData("grub")]
    [InlineData("pxelinux")]
    public async Task A_a_running_machine_with_the_card_of_one_to_be_installed_is_not_installed_for_it(string loader)
    {
        await using var server = await TestServer.StartAsync($"pxe: {{loader: {loader}}}\nprofiles: [{{name: core, quantity: 3}}]");
        await RunAsync(server, "serial-a", U1, CardX);
        await RunAsync(server, "serial-b", U2, CardY);
        await server.ChangeAsync(HttpMethod.Put, "machines/serial-a/state", new JsonObject { ["state"] = "configured" });

        // Card X is in b now. Its firmware tells b's UUID by DHCP; the loader asks for the name of the card; the discovery system may have been
        // told anything.
        server.Decisions.Note(Mac(CardX), Guid.Parse(U2));
        var script = await server.Boot.GetStringAsync(loader == "grub" ? "/loaders/grub.cfg-01-52-54-00-00-00-01" : "/loaders/pxelinux.cfg/01-52-54-00-00-00-01");
        Assert.DoesNotContain("serial-a", script, StringComparison.Ordinal);
        foreach (var (claimed, dmi, uuid, cards) in new (string?, string?, string?, string[])[]
        {
            ("serial-a", "serial-b", U2, [CardX]), ("serial-a", "serial-b", U2, [CardX, CardY]), ("serial-a", "Default string", U2, [CardX]),
            ("serial-a", "serial-b", null, [CardX]), ("serial-a", null, U2, [CardX]), (null, "serial-b", U2, [CardX]), (null, null, U2, [CardX]),
        })
        {
            var answer = await FactsAsync(server, claimed, dmi, uuid, cards);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.DoesNotContain("delete", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Conflict, (await server.Boot.GetAsync(new Uri("/install-plan/serial-b", UriKind.Relative), Token)).StatusCode);
        var (a, b) = (await server.MachineAsync("serial-a"), await server.MachineAsync("serial-b"));
        Assert.Equal(("configured", U1, "running", U2), ((string?)a["state"], (string?)a["uuid"], (string?)b["state"], (string?)b["uuid"]));
        var conflict = (a["conflict"] ?? b["conflict"])!;
        Assert.Contains("serial-b", (string?)conflict["why"] + conflict["others"], StringComparison.Ordinal);
        Assert.Contains("mayuctl set serial-a macs", (string?)conflict["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task B_a_new_board_with_the_uuid_of_a_running_one_is_discovered_and_becomes_a_machine_of_its_own()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "Default string", U1, CardX);
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX, U1));
        // DHCP does not stay silent: a UUID alone is nobody.
        Assert.Equal("discover", await AnswerAsync(server, CardY, U1));
        var refused = await FactsAsync(server, null, "Default string", U1, [CardY]);
        Assert.Contains($"mayuctl resolve {U1} --separate", await TestServer.DetailOf(refused), StringComparison.Ordinal);

        await server.ChangeAsync(HttpMethod.Post, $"machines/{U1}/conflict", new JsonObject { ["verdict"] = "separate" });
        foreach (var card in new[] { CardY, "52:54:00:00:00:03" })
        {
            Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, null, "Default string", U1, [card])).StatusCode);
            Assert.Equal("installing", (string?)(await server.MachineAsync(card))["state"]);
        }

        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX, U1));
        Assert.Equal("running", (string?)(await server.MachineAsync(U1))["state"]);
    }

    [Theory]
    [InlineData("one-serial")]
    [InlineData("Default string")]
    public async Task B2_two_boards_with_one_serial_and_one_uuid_that_are_installed_at_once_are_never_one_machine(string serial)
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, null, serial, U1, [CardX])).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, null, serial, U1, [CardY])).StatusCode);
        Assert.Equal([Mac(CardX)], Assert.Single(server.Store.Current.Machines).MacAddresses);
    }

    [Fact]
    public async Task C_a_new_machine_behind_a_used_card_is_a_stranger_at_once()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "old", U1, CardX);
        Assert.Equal("discover", await AnswerAsync(server, CardX, U2));
        var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=new&uuid={U2}&mac={CardX.Replace(':', '-')}&platform=efi");
        Assert.Contains("mayu.serial=new", script, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, "new", "new", U2, [CardX])).StatusCode);

        Assert.Equal(("running", "installing"), ((string?)(await server.MachineAsync("old"))["state"], (string?)(await server.MachineAsync("new"))["state"]));
        Assert.Contains("exit", await server.Boot.GetStringAsync($"/ipxebootscript?serial=old&uuid={U1}&mac={CardX.Replace(':', '-')}&platform=efi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task D_the_network_card_of_a_board_controller_identifies_nobody()
    {
        const string Bmc = "02:25:90:00:00:99";
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        foreach (var (uuid, card) in new[] { (U1, CardX), (U2, CardY) })
        {
            var facts = Facts(null, "Default string", uuid, [card]);
            facts["NetDevs"]!.AsArray().Add(new JsonObject { ["Name"] = "usb0", ["MacAddress"] = Bmc, ["Driver"] = "cdc_ether" });
            Assert.Equal(HttpStatusCode.OK, (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token)).StatusCode);
            Assert.Equal([Mac(card)], server.Store.Current.Machines.Single(machine => machine.Serial.Text == uuid).MacAddresses);
            Assert.Contains(Bmc, (await server.MachineAsync(uuid))["facts"]!["netDevs"]!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task D_infiniband_and_more_cards_than_fit_are_taken()
    {
        const string InfiniBand = "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1";
        await using var server = await TestServer.StartAsync();
        var facts = Facts(null, "big", U1, [CardX]);
        facts["NetDevs"]!.AsArray().Add(new JsonObject { ["Name"] = "ib0", ["MacAddress"] = InfiniBand });
        facts["NetDevs"]!.AsArray().Add(new JsonObject { ["Name"] = "dummy0", ["MacAddress"] = "00:00:00:00:00:00" });
        for (var i = 0; i < 400; i++)
        {
            facts["NetDevs"]!.AsArray().Add(new JsonObject { ["Name"] = $"vf{i}", ["MacAddress"] = $"52:54:01:00:{i >> 8:x2}:{i & 255:x2}" });
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token)).StatusCode);
        var machine = Assert.Single(server.Store.Current.Machines);
        Assert.Equal((64, Mac(CardX)), (machine.MacAddresses.Length, machine.MacAddresses[0]));
        Assert.Contains(machine.Facts!.NetDevs, nic => nic.MacAddress == InfiniBand);
    }

    [Fact]
    public async Task E_the_nodes_of_a_chassis_that_say_one_serial_are_told_apart_by_the_rule_uuid()
    {
        await using var server = await TestServer.StartAsync("identity: uuid\nprofiles: [{name: core, quantity: 3}]");
        foreach (var (uuid, card) in new[] { (U1, CardX), (U2, CardY) })
        {
            var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=chassis&uuid={uuid}&mac={card.Replace(':', '-')}&platform=efi");
            Assert.Contains($"mayu.serial={uuid}", script, StringComparison.Ordinal);
            var answer = await FactsAsync(server, uuid, "chassis", uuid, [card]);
            Assert.Equal((HttpStatusCode.OK, uuid), (answer.StatusCode, answer.Headers.GetValues("Mayu-Serial").Single()));
        }

        Assert.Equal([U1, U2], server.Store.Current.Machines.Select(machine => machine.Serial.Text).Order());
    }

    [Fact]
    public async Task E_or_by_an_operators_word()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "chassis", U1, CardX);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, "chassis", "chassis", U2, [CardY])).StatusCode);
        var separated = await server.ChangeAsync(HttpMethod.Post, "machines/chassis/conflict", new JsonObject { ["verdict"] = "separate" });
        Assert.True((bool)separated["sharesSerial"]!);

        var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=chassis&uuid={U2}&mac={CardY.Replace(':', '-')}&platform=efi");
        Assert.Contains($"mayu.serial={U2}", script, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, U2, "chassis", U2, [CardY])).StatusCode);
        Assert.Contains("exit", await server.Boot.GetStringAsync($"/ipxebootscript?serial=chassis&uuid={U1}&mac={CardX.Replace(':', '-')}&platform=efi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E_a_claim_that_was_dismissed_is_out_of_the_list_until_it_comes_again()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "chassis", U1, CardX);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, "chassis", "chassis", U2, [CardY])).StatusCode);
        Assert.Equal([U2, "chassis"], await SerialsAsync(server));

        var dismissed = await server.ChangeAsync(HttpMethod.Post, "machines/chassis/conflict", new JsonObject { ["verdict"] = "dismiss" });

        Assert.Null(dismissed["conflict"]);
        Assert.Equal(["chassis"], await SerialsAsync(server));
        Assert.Equal(Mac(CardX), Assert.Single(server.Trace.Find(Serial.TryParse("chassis", out var serial, out _) ? serial : default)!.Macs));
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, "chassis", "chassis", U2, [CardY])).StatusCode);
        Assert.Equal([U2, "chassis"], await SerialsAsync(server));
    }

    [Fact]
    public async Task E_marks_that_another_machine_left_under_this_ones_name_say_its_mac()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        // Both are strangers yet, and say one serial.
        foreach (var card in new[] { CardX, CardY })
        {
            await server.Boot.GetStringAsync($"/ipxebootscript?serial=chassis&mac={card.Replace(':', '-')}&platform=efi");
        }

        var before = await MarksAsync(server);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, "chassis", "chassis", U1, [CardX])).StatusCode);

        Assert.Equal([$"script {CardX}", $"script {CardY}"], before);
        Assert.Equal(["script ", $"script {CardY}", "facts "], (await MarksAsync(server)).Take(3));
    }

    private static async Task<IEnumerable<string>> MarksAsync(TestServer server) =>
        (await server.GetAsync("machines/chassis/trace"))["items"]!.AsArray().Select(hop => $"{hop!["name"]} {hop["macAddress"]}");

    private static async Task<IEnumerable<string>> SerialsAsync(TestServer server) =>
        (await server.GetAsync("machines"))["items"]!.AsArray().Select(machine => (string)machine!["serial"]!);

    [Fact]
    public async Task F_a_running_machine_whose_uuid_changed_is_accepted_and_left_to_its_disk_at_once()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "Default string", U1, CardX);
        Assert.Equal("discover", await AnswerAsync(server, CardX, U2));
        server.Decisions.Note(Mac(CardX), Guid.Parse(U2));
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, U2, "Default string", U2, [CardX])).StatusCode);

        var accepted = await server.ChangeAsync(HttpMethod.Post, $"machines/{U1}/conflict", new JsonObject { ["verdict"] = "accept" });
        Assert.Equal((U2, "running"), ((string?)accepted["uuid"], (string?)accepted["state"]));
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX, U2));
        Assert.Null(server.Trace.SerialOf(Mac(CardX)));
        // Where the serial is its own, nobody has to say a word.
        await RunAsync(server, "with-serial", "30303030-1111-2222-3333-444444444444", CardY);
        var script = await server.Boot.GetStringAsync($"/ipxebootscript?serial=with-serial&uuid=40404040-1111-2222-3333-444444444444&mac={CardY.Replace(':', '-')}&platform=efi");
        Assert.EndsWith("exit 1\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G_serials_that_make_one_label_get_host_names_of_their_own_that_stay()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 9}]");
        var names = new List<string>();
        foreach (var (serial, number) in new[] { ("ab/1", 1), ("ab.1", 2), ("AB-1", 3) })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync(serial, number)).StatusCode);
            names.Add((string)(await server.MachineAsync(serial.ToLowerInvariant()))["hostname"]!);
        }

        Assert.Equal("ab-1", names[0]);
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^ab-1(-[0-9a-f]{5})?$", name));
        var history = await server.Api.GetStringAsync("/api/v1/history?serial=ab.1", Token);
        Assert.Contains($"host name {names[1]} because machine ab/1 has ab-1", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_and_uuid_are_set_by_an_operator_and_what_was_heard_before_is_forgotten()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        server.Decisions.Note(Mac(CardX), Guid.Parse(U1));
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX, null));

        var changed = await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["macAddresses"] = new JsonArray(CardY), ["uuid"] = U2 });
        Assert.Equal((CardY, U2), ((string?)changed["macAddresses"]![0], (string?)changed["uuid"]));
        Assert.Equal("discover", await AnswerAsync(server, CardX, null));
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardY, U2));
        foreach (var (field, value) in new (string, JsonNode)[] { ("macAddresses", new JsonArray()), ("macAddresses", new JsonArray("x")), ("uuid", "x"), ("uuid", Guid.Empty.ToString()) })
        {
            await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Patch, "machines/a", new JsonObject { [field] = value });
        }
    }

    [Fact]
    public async Task What_explain_is_asked_is_not_remembered_as_what_a_machine_said()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        Assert.Equal("discover", await AnswerAsync(server, CardX, U2));
        await server.Api.GetStringAsync($"/api/v1/explain/other?mac={CardX}", Token);

        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX, null));
        Assert.Contains("chainloader", await server.Boot.GetStringAsync("/loaders/grub.cfg-01-52-54-00-00-00-01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_that_a_doubtful_machine_had_for_a_while_is_gone_once_it_is_known_and_so_is_the_claim_once_the_cards_are_set()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "Default string", U1, CardX);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, null, "Default string", U2, [CardX])).StatusCode);
        var sighted = await server.MachineAsync(U2);
        Assert.Equal($"it is not certain which machine asks: it may be {U1}; why, and what to do, is in its status (mayuctl status {U1})", (string?)sighted["problem"]!["reason"]);

        var set = await server.ChangeAsync(HttpMethod.Patch, $"machines/{U1}", new JsonObject { ["uuid"] = U2 });
        Assert.Null(set["conflict"]);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, null, "Default string", U2, [CardX])).StatusCode);
        Assert.Null((await server.MachineAsync(U1))["conflict"]);
        Assert.Equal([U1], JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/machines", Token))!["items"]!.AsArray().Select(one => (string)one!["serial"]!));
    }

    [Fact]
    public async Task Dnsmasq_which_is_told_by_mac_alone_leaves_a_card_of_two_machines_alone_while_one_of_them_runs()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3, localboot: silent}]");
        await RunAsync(server, "a", U1, CardX);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, "b", "b", U2, [CardX, CardY])).StatusCode);

        Assert.Equal([Mac(CardX)], server.Decisions.UnansweredMacs());
    }

    // The script is asked for with serial and UUID, which are another machine's.
    [Fact]
    public async Task Where_the_disk_is_started_by_a_script_a_card_of_two_machines_is_answered_and_never_installs_over_the_one_that_runs()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, "b", "b", U2, [CardX, CardY])).StatusCode);

        Assert.Empty(server.Decisions.UnansweredMacs());
        Assert.Contains("its own disk", await ScriptAsync("a", U1), StringComparison.Ordinal);
        Assert.Contains("kernel http", await ScriptAsync("b", U2), StringComparison.Ordinal);
        Assert.Equal("discover", await AnswerAsync(server, CardX, U1));

        Task<string> ScriptAsync(string serial, string uuid) => server.Boot.GetStringAsync($"/ipxebootscript?serial={serial}&uuid={uuid}&mac={CardX}", Token);
    }

    [Fact]
    public async Task What_the_discovery_system_is_to_call_itself_is_the_servers_to_say()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("vm-1\n", await server.Boot.GetStringAsync($"/serial?serial=VM%201&uuid={U1}&mac={CardX}"));
        Assert.Equal($"{U1}\n", await server.Boot.GetStringAsync($"/serial?serial=Default+string&uuid={U1}&mac={CardX}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Boot.GetAsync(new Uri("/serial?serial=&uuid=&mac=", UriKind.Relative), Token)).StatusCode);
        await RunAsync(server, "a", U1, CardX);
        Assert.Equal("a\n", await server.Boot.GetStringAsync($"/serial?serial=&uuid={U1}&mac={CardX}"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new ArgumentException(text, nameof(text));

    // What DHCP and the scripts would answer, asked of them by explain.
    private static async Task<string?> AnswerAsync(TestServer server, string mac, string? uuid)
    {
        var explained = JsonNode.Parse(await server.Api.GetStringAsync($"/api/v1/explain/{mac}{(uuid is null ? "" : $"?uuid={uuid}")}", Token))!;
        var dhcp = explained["protocols"]!.AsArray().First(protocol => (string?)protocol!["name"] == "dhcp")!;
        Assert.Equal((string?)explained["answer"] != "local-disk", (bool)dhcp["answers"]!);
        return (string?)explained["answer"];
    }

    private static JsonObject Facts(string? claimed, string? dmi, string? uuid, string[] cards) => new()
    {
        ["Serial"] = claimed,
        ["Uuid"] = uuid,
        ["Dmi"] = new JsonObject { ["Serial"] = dmi, ["Uuid"] = uuid },
        ["NetDevs"] = new JsonArray([.. cards.Select((card, i) => new JsonObject { ["Name"] = $"eth{i}", ["MacAddress"] = card, ["Driver"] = "virtio_net" })]),
        ["ConnectedNIC"] = "eth0",
    };

    private static Task<HttpResponseMessage> FactsAsync(TestServer server, string? claimed, string? dmi, string? uuid, string[] cards) =>
        server.Boot.PostAsJsonAsync("/provisioning-config", Facts(claimed, dmi, uuid, cards), Token);

    private static async Task RunAsync(TestServer server, string dmi, string uuid, string card)
    {
        var answer = await FactsAsync(server, null, dmi, uuid, [card]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var name = Uri.UnescapeDataString(answer.Headers.GetValues("Mayu-Serial").Single());
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(name, "installed")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(name, "boot_complete")).StatusCode);
    }
}
