using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Identity;

/// <summary>Forged packets, old records and bad moments, over real sockets and with a real store.</summary>
public class IdentityHardCasesTests
{
    private const string U1 = "10101010-1111-2222-3333-444444444444";
    private const string U2 = "20202020-1111-2222-3333-444444444444";
    private const string CardX = "52:54:00:00:00:01";
    private const string CardY = "52:54:00:00:00:02";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_forged_with_the_card_of_a_running_machine_holds_until_its_facts_say_better()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX));
        await server.Boot.GetStringAsync($"/ipxebootscript?serial=forged&uuid={U2}&mac={CardX}&platform=efi");
        Assert.Equal("discover", await AnswerAsync(server, CardX));
        // It is in the discovery system now, by a loader that told its card alone.
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, "a", U1, CardX)).StatusCode);
        Assert.Equal("local-disk-by-script", await AnswerAsync(server, CardX));
    }

    [Theory]
    [InlineData("a", U1)]
    [InlineData("Default string", U1)]
    [InlineData("Default string", null)]
    public async Task No_forged_packet_keeps_a_configured_machine_from_its_config(string serial, string? uuid)
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, serial, uuid, CardX);
        var name = Assert.Single(server.Store.Current.Machines).Serial.Text;
        var forgeries = new Func<Task>[]
        {
            () => server.Boot.GetAsync(new Uri($"/ipxebootscript?serial=forged&uuid={U2}&mac={CardX}", UriKind.Relative), Token),
            () => server.Boot.GetAsync(new Uri($"/ipxebootscript?serial={Uri.EscapeDataString(serial)}&uuid={U2}&mac={CardY}", UriKind.Relative), Token),
            () => Noted(server, U2),
            () => FactsAsync(server, serial, U2, CardY),
            () => FactsAsync(server, serial, uuid, CardY),
            () => FactsAsync(server, "forged", uuid, CardY),
            () => FactsAsync(server, "forged", U2, CardX),
            () => FactsAsync(server, name, null, CardY),
        };
        foreach (var forge in forgeries)
        {
            await server.ChangeAsync(HttpMethod.Put, $"machines/{name}/state", new JsonObject { ["state"] = "configured" });
            await forge();
            if (server.Store.Current.Find(Serial(name)) is { State: MachineState.Installing })
            {
                // It was forged in every part that the machine itself says.
                continue;
            }

            var answer = await FactsAsync(server, serial, uuid, CardX);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
            Assert.Equal(name, Uri.UnescapeDataString(answer.Headers.GetValues("Mayu-Serial").Single()));
        }
    }

    [Fact]
    public async Task A_uuid_that_the_report_leaves_empty_is_read_from_its_dmi_fields()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "Default string", U1, CardX);
        foreach (var empty in new[] { "", "Not Settable", "00000000-0000-0000-0000-000000000000" })
        {
            var facts = Facts("Default string", U1, CardY);
            facts["Uuid"] = empty;
            Assert.Equal(HttpStatusCode.Conflict, (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token)).StatusCode);
        }

        Assert.Single(server.Store.Current.Machines);
    }

    [Fact]
    public async Task Pxelinux_that_tells_the_uuid_of_a_running_machine_is_not_silenced_where_its_own_record_has_none()
    {
        await using var server = await TestServer.StartAsync("pxe: {loader: pxelinux}\nprofiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        // A record of the first Mayu, of another board with the same UUID.
        await PutAsync(server, new Machine { Serial = Serial("b"), State = MachineState.Configured, Profile = "core", MacAddresses = [Mac(CardY)] });
        server.Clients.Hear(new Ipv4(0x7F000001), Mac(CardY), time: null);
        var script = await server.Boot.GetStringAsync($"/loaders/pxelinux.cfg/{U1}");
        Assert.DoesNotContain("LOCALBOOT", script, StringComparison.Ordinal);
        Assert.Contains("images/vmlinuz", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_switched_off_while_it_installs_gets_neither_config_nor_plan_nor_image()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, "a", U1, CardX)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Boot.GetAsync(new Uri("/install-plan/a", UriKind.Relative), Token)).StatusCode);
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["enabled"] = false });
        foreach (var path in new[] { "/install-plan/a", "/images/a/install_image.bin.gz" })
        {
            var refused = await server.Boot.GetAsync(new Uri(path, UriKind.Relative), Token);
            Assert.Equal((HttpStatusCode.Conflict, "Machine a is disabled."), (refused.StatusCode, await TestServer.DetailOf(refused)));
        }

        var machine = server.Store.Current.Find(Serial("a"))!;
        Assert.IsType<Proposal.Refuse>(Lifecycle.ConfigFetched(machine, "os", "id", DateTimeOffset.UnixEpoch));
        Assert.IsType<Proposal.Refuse>(Lifecycle.LiveConfigFetched(machine, "os", "id", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task Many_boards_with_one_serial_and_one_uuid_that_report_at_once_are_one_machine_and_conflicts()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 30}]");
        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => FactsAsync(server, "one", U1, $"52:54:00:00:01:{i:x2}")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        var machine = Assert.Single(server.Store.Current.Machines);
        Assert.Equal((MachineState.Installing, 1), (machine.State, machine.MacAddresses.Length));
        // The claims are one change in the history, however many they were.
        var history = JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=one", Token))!["items"]!.AsArray();
        Assert.Single(history, change => change!.ToJsonString().Contains("another machine may be meant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_that_is_called_by_its_mac_is_explained_by_it()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        await RunAsync(server, "Default string", U2, CardY);
        Assert.Equal(HttpStatusCode.Conflict, (await FactsAsync(server, "Default string", U2, CardX)).StatusCode);
        var explained = await server.Api.GetStringAsync($"/api/v1/explain/{CardX}?uuid={U2}", Token);
        Assert.Contains($"it has the MAC {CardX} of machine a (running)", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_given_to_two_machines_is_told_in_the_history()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        await RunAsync(server, "b", U2, CardY);
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["macAddresses"] = new JsonArray(CardY) });
        Assert.Contains($"set MACs to {CardY} (machine b has it too)", await server.Api.GetStringAsync("/api/v1/history?serial=a", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_without_an_address_is_left_out()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        var facts = Facts("a", U1, CardX);
        facts["NetDevs"]!.AsArray().Add(new JsonObject { ["Name"] = "wwan0", ["MacAddress"] = "" });
        Assert.Equal(HttpStatusCode.OK, (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token)).StatusCode);
        Assert.Single(server.Store.Current.Find(Serial("a"))!.Facts!.NetDevs);
    }

    [Fact]
    public async Task Hostile_texts_reach_neither_history_nor_claim()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}]");
        await RunAsync(server, "a", U1, CardX);
        foreach (var text in new[] { new string('x', 64 * 1024), "a\u001b[2J\nforged", "\u202eevil", "a\" } ], \"b" })
        {
            var facts = Facts(text, U1, CardY);
            facts["Serial"] = text;
            facts["ConnectedNIC"] = text;
            facts["Dmi"]!["BoardSerial"] = text;
            var answer = await server.Boot.PostAsJsonAsync("/provisioning-config", facts, Token);
            var detail = await answer.Content.ReadAsStringAsync(Token);
            Assert.True(detail.Length < 4096 && !detail.Contains('\u001b', StringComparison.Ordinal) && !detail.Contains('\u202e', StringComparison.Ordinal), detail);
        }

        var shown = await server.Api.GetStringAsync("/api/v1/machines", Token) + await server.Api.GetStringAsync("/api/v1/history", Token);
        Assert.True(shown.Length < 64 * 1024 && !shown.Contains("\\u001b", StringComparison.OrdinalIgnoreCase) && !shown.Contains("\\u202e", StringComparison.OrdinalIgnoreCase), shown);
    }

    private static Task Noted(TestServer server, string uuid)
    {
        server.Decisions.Note(Mac(CardX), Guid.Parse(uuid));
        return Task.CompletedTask;
    }

    private static Task<ChangeOutcome> PutAsync(TestServer server, Machine machine) =>
        server.Store.ChangeAsync(new Author("hand"), _ => new Proposal.Put(machine, "written by hand"), Token);

    private static Serial Serial(string text) => Primitives.Serial.TryParse(text, out var serial, out var refusal) ? serial : throw new ArgumentException(refusal, nameof(text));

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new ArgumentException(text, nameof(text));

    private static async Task<string?> AnswerAsync(TestServer server, string mac) =>
        (string?)JsonNode.Parse(await server.Api.GetStringAsync($"/api/v1/explain/{mac}", Token))!["answer"];

    private static JsonObject Facts(string? dmi, string? uuid, string card) => new()
    {
        ["Uuid"] = uuid,
        ["Dmi"] = new JsonObject { ["Serial"] = dmi, ["Uuid"] = uuid },
        ["NetDevs"] = new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = card }),
        ["ConnectedNIC"] = "eth0",
    };

    private static Task<HttpResponseMessage> FactsAsync(TestServer server, string? dmi, string? uuid, string card) =>
        server.Boot.PostAsJsonAsync("/provisioning-config", Facts(dmi, uuid, card), Token);

    private static async Task RunAsync(TestServer server, string dmi, string? uuid, string card)
    {
        var answer = await FactsAsync(server, dmi, uuid, card);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var name = Uri.UnescapeDataString(answer.Headers.GetValues("Mayu-Serial").Single());
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(name, "installed")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync(name, "boot_complete")).StatusCode);
    }
}
