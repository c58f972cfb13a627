using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Who is given a config, over real sockets: whoever has the token of the machine's own boot.</summary>
public sealed partial class BootTokenServerTests
{
    private const string Live = "profiles: [{name: core, quantity: 2, mode: live}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_there_is_neither_a_config_nor_a_report_and_the_machine_shows_why()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.AskForConfigAsync("a")).StatusCode);
        foreach (var report in new[] { "progress", "failed", "installed", "boot_complete" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await server.ReportAsync("a", report)).StatusCode);
        }

        Assert.Equal(0, server.Store.Current.Count);
        Assert.Contains("it carries no boot token", await TestServer.DetailOf(await server.AskForConfigAsync("a")), StringComparison.Ordinal);
        Assert.True(Serial.TryParse("a", out var serial, out _));
        Assert.Contains(server.Trace.Find(serial)!.Hops, hop => hop.Detail.Contains("a request from 127.0.0.1: it carries no boot token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_of_its_script_brings_a_machine_from_its_facts_to_installed_and_is_spent_then()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        Assert.Equal(token + "\n", Encoding.ASCII.GetString(CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/boot/{token}/mayu.cpio", Token))["mayu/boot-token"]));

        // An answer that was lost is asked for again.
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, token, "a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, token, "a")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, token, "/callbacks/a/progress", [])).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, token, "/callbacks/a/installed", [])).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(server, token, "/callbacks/a/installed", [])).StatusCode);

        // Even an operator's word gives an old boot nothing: the machine has to boot again.
        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = server.Store.Current.Machines.Single().InstallId })).StatusCode);
        (await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured" }, Token)).EnsureSuccessStatusCode();
        var spent = await FactsAsync(server, token, "a");
        Assert.Equal(HttpStatusCode.Forbidden, spent.StatusCode);
        Assert.Contains("its boot token is spent", await TestServer.DetailOf(spent), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), "a")).StatusCode);
    }

    // Its kernel line may still have the token, which any process can read.
    [Fact]
    public async Task A_live_systems_token_is_spent_once_it_runs()
    {
        await using var server = await TestServer.StartAsync(Live, needsTokens: true);
        (await FactsAsync(server, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), "a")).EnsureSuccessStatusCode();
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        var config = new Uri($"/boot/{token}/config", UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await server.Boot.GetAsync(config, Token)).StatusCode);

        Assert.Equal(HttpStatusCode.Accepted, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = server.Store.Current.Machines.Single().InstallId })).StatusCode);

        var late = await server.Boot.GetAsync(config, Token);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Contains("its boot token is spent", await TestServer.DetailOf(late), StringComparison.Ordinal);
    }

    // Ignition asks again after each 503, and never after a 403.
    [Fact]
    public async Task A_config_that_could_not_be_given_does_not_count_as_given()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "ignition")).FullName, "default.yaml");
        await File.WriteAllTextAsync(template, "{{ if }}", Token);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await FactsAsync(server, token, "a")).StatusCode);
        }

        File.Delete(template);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, token, "a")).StatusCode);
    }

    [Fact]
    public async Task A_loader_that_tells_a_card_alone_is_known_by_it_and_one_that_tells_nothing_by_the_facts()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var grub = TokenIn(await server.Boot.GetStringAsync("/loaders/grub.cfg-01-52-54-00-00-00-01", Token));
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, grub, "a")).StatusCode);
        Assert.Equal(grub + "\n", Encoding.ASCII.GetString(CpioReader.FilesOf(await server.Boot.GetByteArrayAsync($"/loaders/boot/{grub}/mayu.cpio", Token))["mayu/boot-token"]));

        var pxelinux = await server.Boot.GetStringAsync("/loaders/pxelinux.cfg/default", Token);
        Assert.Contains("mayu.token=", pxelinux, StringComparison.Ordinal);
        Assert.DoesNotContain("mayu.cpio", pxelinux, StringComparison.Ordinal);
        var nameless = TokenIn(pxelinux);
        Assert.Equal(HttpStatusCode.OK, (await FactsAsync(server, nameless, "b", 2)).StatusCode);

        // From then on it is that machine's.
        Assert.Equal(HttpStatusCode.Forbidden, (await FactsAsync(server, nameless, "a")).StatusCode);
    }

    [Fact]
    public async Task A_thousand_guessed_stolen_old_and_others_tokens_bring_no_config()
    {
        await using var server = await TestServer.StartAsync(Live, needsTokens: true);
        foreach (var (serial, number) in new[] { ("a", 1), ("b", 2) })
        {
            var own = await ScriptTokenAsync(server, $"serial={serial}&mac=52-54-00-00-00-0{number}");
            (await FactsAsync(server, own, serial, number)).EnsureSuccessStatusCode();
        }

        var others = await ScriptTokenAsync(server, "serial=b&mac=52-54-00-00-00-02");
        var stranger = await ScriptTokenAsync(server, "serial=c&mac=52-54-00-00-00-03");
        var before = server.Store.Current;
        var random = new Random(12);
        for (var i = 0; i < 1000; i++)
        {
            var token = (i % 5) switch
            {
                0 => others,
                1 => stranger,
                2 => others[..^1] + (others[^1] == '0' ? '1' : '0'),
                3 => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()),
                _ => new string([.. Enumerable.Range(0, random.Next(1, 100)).Select(_ => (char)random.Next('!', '~'))]),
            };
            using var facts = await FactsAsync(server, token, "a");
            Assert.Equal(HttpStatusCode.Forbidden, facts.StatusCode);
            if (i % 5 != 0)
            {
                using var config = await server.Boot.GetAsync(new Uri($"/boot/{Uri.EscapeDataString(token)}/config", UriKind.Relative), Token);
                Assert.True(config.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Conflict, config.StatusCode.ToString());
            }
        }

        Assert.Same(before, server.Store.Current);
        Assert.Contains("mayu_boot_token_refusals_total", await server.Api.GetStringAsync("/metrics", Token), StringComparison.Ordinal);
    }

    // What somebody says of itself is not enough where the machine is known: it has a token of its own boot, and names its own card.
    [Theory]
    [InlineData("/ipxebootscript?serial=c&mac=52-54-00-00-00-03")]
    [InlineData("/ipxebootscript?mac=52-54-00-00-00-03")]
    [InlineData("/loaders/grub.cfg-01-52-54-00-00-00-03")]
    [InlineData("/loaders/pxelinux.cfg/default")]
    public async Task Facts_in_the_name_of_a_known_machine_need_its_token_whatever_cards_they_name(string script)
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        (await FactsAsync(server, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), "a")).EnsureSuccessStatusCode();
        var before = RecordOf("a");
        var token = TokenIn(await server.Boot.GetStringAsync(script, Token));
        foreach (var cards in new[] { new[] { 3 }, [3, 1], [1, 3], [1] })
        {
            var facts = TestServer.Facts("a");
            facts["NetDevs"] = new JsonArray([.. cards.Select(card => new JsonObject { ["Name"] = $"eth{card}", ["MacAddress"] = $"52:54:00:00:00:{card:x2}" })]);
            using var answer = await PostAsync(server, token, "/provisioning-config", facts);
            // A conflict where the cards are another machine's than the serial: then it is not known whose config was asked for.
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Conflict, $"{answer.StatusCode} for {facts.ToJsonString()}");
        }

        // That somebody else claims the serial is noted.
        Assert.Equal(before, RecordOf("a") with { Conflict = null });

        Machine RecordOf(string serial) => server.Store.Current.Machines.Single(machine => machine.Serial.Text == serial);
    }

    [Fact]
    public async Task A_right_token_from_the_address_of_a_stranger_is_refused()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        (await FactsAsync(server, token, "a")).EnsureSuccessStatusCode();
        Assert.True(MacAddress.TryParse("52:54:00:00:00:99", out var stranger));
        server.Clients.Lease(new Ipv4(0x7F000001), stranger, TimeSpan.FromHours(1));

        foreach (var own in new[] { token, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-99") })
        {
            using var refused = await FactsAsync(server, own, "a");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("which is leased to 52:54:00:00:00:99, and the machine has no such card", await TestServer.DetailOf(refused), StringComparison.Ordinal);
        }
    }

    // The other device may have that address for good reasons, so it is not refused.
    [Fact]
    public async Task A_config_for_an_address_that_nobody_has_while_the_machine_has_another_is_told_with_both()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        (await FactsAsync(server, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), "a")).EnsureSuccessStatusCode();
        Assert.True(Serial.TryParse("a", out var serial, out _));
        Assert.DoesNotContain(server.Trace.Find(serial)!.Hops, hop => hop.Detail.Contains("asked from", StringComparison.Ordinal));
        Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out var card));
        server.Clients.Lease(new Ipv4(0x7F000063), card, TimeSpan.FromHours(1));

        (await FactsAsync(server, await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01"), "a")).EnsureSuccessStatusCode();

        const string Told = ", asked from 127.0.0.1, which is leased to nobody, while the machine has 127.0.0.99: another device may have asked";
        Assert.Contains(server.Trace.Find(serial)!.Hops, hop => hop.Detail.StartsWith("iPXE script", StringComparison.Ordinal) && hop.Detail.EndsWith(Told, StringComparison.Ordinal));
        Assert.Contains(server.Trace.Find(serial)!.Hops, hop => hop.Detail == "config.ign for profile core" + Told);
    }

    [Fact]
    public async Task A_report_in_a_machines_name_from_elsewhere_is_no_problem_of_the_machine()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        (await FactsAsync(server, token, "a")).EnsureSuccessStatusCode();
        (await PostAsync(server, token, "/callbacks/a/installed", [])).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Conflict, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = "bogus" })).StatusCode);
        Assert.Null((string?)(await server.MachineAsync("a"))["problem"]?["reason"]);
        Assert.Contains("complete from 127.0.0.1", (await server.Api.GetStringAsync("/api/v1/machines/a/trace", Token)), StringComparison.Ordinal);

        // From the machine's own address it is: an older system of it runs.
        Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out var card));
        server.Clients.Lease(new Ipv4(0x7F000001), card, TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Conflict, (await server.ReportAsync("a", "boot_complete", new JsonObject { ["InstallId"] = "bogus" })).StatusCode);
        Assert.Contains("older installation", (string?)(await server.MachineAsync("a"))["problem"]?["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_token_from_the_address_of_another_machine_is_refused()
    {
        await using var server = await TestServer.StartAsync(needsTokens: true);
        (await FactsAsync(server, await ScriptTokenAsync(server, "serial=b&mac=52-54-00-00-00-02"), "b", 2)).EnsureSuccessStatusCode();
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        Assert.True(MacAddress.TryParse("52:54:00:00:00:02", out var card));
        server.Clients.Lease(new Ipv4(0x7F000001), card, TimeSpan.FromHours(1));

        var refused = await FactsAsync(server, token, "a");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("which is leased to another machine (52:54:00:00:00:02)", await TestServer.DetailOf(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_carries_a_token_never_shows_in_trace_or_api()
    {
        await using var server = await TestServer.StartAsync(Live, needsTokens: true);
        var token = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        await FactsAsync(server, token, "a");
        var live = await ScriptTokenAsync(server, "serial=a&mac=52-54-00-00-00-01");
        await server.Boot.GetByteArrayAsync($"/boot/{live}/mayu.cpio", Token);
        foreach (var path in new[] { "machines", "machines/a", "machines/a/trace", "explain/a?loader=ipxe", "history", "leases" })
        {
            var text = await server.Api.GetStringAsync($"/api/v1/{path}", Token);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(live, text, StringComparison.Ordinal);
        }
    }

    internal static string TokenIn(string script) => TokenText().Match(script).Value is { Length: > 0 } token ? token : throw new InvalidOperationException("no token in: " + script);

    private static async Task<string> ScriptTokenAsync(TestServer server, string query) => TokenIn(await server.Boot.GetStringAsync($"/ipxebootscript?{query}", Token));

    private static Task<HttpResponseMessage> FactsAsync(TestServer server, string token, string serial, int number = 1) =>
        PostAsync(server, token, "/provisioning-config", TestServer.Facts(serial, number));

    private static Task<HttpResponseMessage> PostAsync(TestServer server, string token, string path, JsonObject body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return server.Boot.SendAsync(request, Token);
    }

    [GeneratedRegex("(?<=boot/|mayu\\.token=)[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenText();
}
