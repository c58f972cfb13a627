using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>One change of several machines: looked at, confirmed, made.</summary>
public sealed class MachineChangesTests : IAsyncLifetime
{
    private TestServer? _server;

    private TestServer Server => _server!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}]\nvars: {swap_size: 1G}");
        foreach (var (serial, rack, number) in new[] { ("a", "7", 1), ("b", "8", 2), ("c", "7", 3) })
        {
            (await Server.AskForConfigAsync(serial, number)).EnsureSuccessStatusCode();
            await PatchAsync(serial, new JsonObject { ["metadata"] = new JsonArray($"rack={rack}") });
        }

        (await Server.ReportAsync("c", "installed")).EnsureSuccessStatusCode();
        await PatchAsync("c", new JsonObject { ["cabinet"] = "7" });
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task It_is_looked_at_first_and_then_made_of_the_same_machines()
    {
        const string Change = """ "selector": "rack=7", "change": {"cabinet": "7"} """;
        var looked = await SendAsync(Change);
        Assert.Equal("a changed, c unchanged", Outcomes(looked));
        Assert.Equal((true, 1, 1, 0), ((bool)looked["isDryRun"]!, (int)looked["changed"]!, (int)looked["unchanged"]!, (int)looked["refused"]!));
        Assert.Null(await CabinetAsync("a"));

        var made = await SendAsync($"{Change}, \"reason\": \"moved\", \"confirm\": \"{looked["confirm"]}\"");

        Assert.Equal("a changed, c unchanged", Outcomes(made));
        Assert.False((bool)made["isDryRun"]!);
        Assert.Null(made["confirm"]);
        Assert.Equal(("7", null, "7"), (await CabinetAsync("a"), await CabinetAsync("b"), await CabinetAsync("c")));
        var history = JsonNode.Parse(await Server.Api.GetStringAsync("/api/v1/history?limit=1", Token))!["items"]!.AsArray();
        Assert.All(history, change => Assert.Equal(("operator", "moved"), ((string?)change!["who"], (string?)change["why"])));

        // All of them are as asked now.
        Assert.Null((await SendAsync(Change))["confirm"]);
    }

    [Theory]
    [InlineData(""" "state": {"state": "configured"} """, "a changed, c changed", "configured")]
    [InlineData(""" "override": {"name": "swap_size", "value": "8G"} """, "a changed, c changed", "installing")]
    [InlineData(""" "change": {"enabled": false} """, "a changed, c changed", "installing")]
    [InlineData(""" "delete": {} """, "a changed, c refused", null)]
    [InlineData(""" "delete": {"force": true} """, "a changed, c changed", null)]
    public async Task Each_kind_of_change_has_an_answer_for_each_machine(string change, string outcomes, string? stateOfA)
    {
        change = $""" "selector": "rack=7", {change} """;
        var looked = await SendAsync(change);
        Assert.Equal(outcomes, Outcomes(looked));
        Assert.All(looked["items"]!.AsArray(), item => Assert.NotEqual("", (string?)item!["detail"]));

        var made = await SendAsync($"{change}, \"confirm\": \"{looked["confirm"]}\"");

        Assert.Equal(outcomes, Outcomes(made));
        using var a = await Server.Api.GetAsync(new Uri("/api/v1/machines/a", UriKind.Relative), Token);
        Assert.Equal(stateOfA is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, a.StatusCode);
        Assert.Equal(stateOfA, stateOfA is null ? null : (string?)JsonNode.Parse(await a.Content.ReadAsStringAsync(Token))!["state"]);
    }

    [Theory]
    [InlineData("swap_size", null)]
    [InlineData("swap_sise", "No template and no key of vars has the name swap_sise, so it has no effect; did you mean \"swap_size\"?")]
    public async Task An_override_that_nothing_reads_is_set_and_told(string name, string? warning)
    {
        var change = $$""" "selector": "rack=7", "override": {"name": "{{name}}", "value": "8G"} """;
        var looked = await SendAsync(change);
        Assert.Equal(warning, (string?)looked["warning"]);

        var made = await SendAsync($"{change}, \"confirm\": \"{looked["confirm"]}\"");

        Assert.Equal((warning, 2), ((string?)made["warning"], (int)made["changed"]!));
        Assert.DoesNotContain("8G", made.ToJsonString(), StringComparison.Ordinal);
    }

    // One of the machines; which machines they are; the change; and a word that nobody gave.
    [Theory]
    [InlineData("a", "rack=7", "9")]
    [InlineData("b", "rack=7", "9")]
    [InlineData(null, "rack=7,serial=a", "9")]
    [InlineData(null, "rack=7", "10")]
    [InlineData(null, null, null)]
    public async Task What_is_not_as_it_was_looked_at_is_not_made(string? changed, string? selector, string? cabinet)
    {
        var looked = await SendAsync(""" "selector": "rack=7", "change": {"cabinet": "9"} """);
        if (changed is not null)
        {
            await PatchAsync(changed, new JsonObject { ["metadata"] = new JsonArray("rack=7", "x=1") });
        }

        var confirm = selector is null ? new string('0', 32) : (string?)looked["confirm"];
        using var answer = await PostAsync($$""" "selector": "{{selector ?? "rack=7"}}", "change": {"cabinet": "{{cabinet ?? "9"}}"}, "confirm": "{{confirm}}" """);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Contains("ask without confirm", await TestServer.DetailOf(answer), StringComparison.Ordinal);
        Assert.Null(await CabinetAsync("a"));
    }

    [Fact]
    public async Task The_last_free_place_of_a_profile_is_taken_once()
    {
        // a and b have the two places of core; with a deleted, one is free.
        await Server.Api.DeleteAsync(new Uri("/api/v1/machines/a?force=true", UriKind.Relative), Token);
        var looked = await SendAsync(""" "selector": "rack=7", "change": {"profile": "core"} """);
        var made = await SendAsync($$""" "selector": "rack=7", "change": {"profile": "core"}, "confirm": "{{looked["confirm"]}}" """);
        Assert.Equal(Outcomes(looked), Outcomes(made));
    }

    [Fact]
    public async Task A_scope_holds_for_each_machine()
    {
        var scoped = await AccessTests.CreateAsync(Server, "seven", "operator", "serial=a|b");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/machine-changes")
        {
            Headers = { Authorization = new("Bearer", scoped) },
            Content = new StringContent("""{"selector": "rack=7", "change": {"cabinet": "9"}}"""),
        };
        using var answer = await Server.Api.SendAsync(request, Token);
        var looked = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        Assert.Equal("a changed, c refused", Outcomes(looked));
        Assert.Contains("The token seven may only change machines with serial=a|b", (string?)looked["items"]![1]!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "change": {"cabinet": "9"} """, "selector is empty")]
    [InlineData(""" "selector": " ", "change": {"cabinet": "9"} """, "selector is empty")]
    [InlineData(""" "selector": null, "change": {"cabinet": "9"} """, "selector is empty")]
    [InlineData(""" "selector": "rack", "change": {"cabinet": "9"} """, "selector: \"rack\" is no term")]
    [InlineData(""" "selector": "rack=7" """, "exactly one of: state, change, override, delete")]
    [InlineData(""" "selector": "rack=7", "change": {"cabinet": "9"}, "delete": {} """, "exactly one of")]
    [InlineData(""" "selector": "rack=7", "change": {} """, "names no field")]
    [InlineData(""" "selector": "rack=7", "change": {"hostname": "x"} """, "hostname is of one machine alone")]
    [InlineData(""" "selector": "rack=7", "change": {"macAddresses": []} """, "macAddresses is of one machine alone")]
    [InlineData(""" "selector": "rack=7", "change": {"cabinet": "9", "reason": "x"} """, "reason stands beside selector")]
    [InlineData(""" "selector": "rack=7", "state": {"state": "red"} """, "There is no such state")]
    [InlineData(""" "selector": "rack=7", "override": {"name": null, "value": "x"} """, "is not a name for a template variable")]
    public async Task What_cannot_be_meant_is_refused(string body, string problem)
    {
        using var answer = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(problem, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    // Nothing can be written where the records were.
    [Fact]
    public async Task A_disk_that_fails_has_an_answer_for_each_machine()
    {
        var looked = await SendAsync(""" "selector": "rack=7", "delete": {"force": true} """);
        var cluster = Path.Combine(Server.Folder, "cluster");
        Directory.Move(cluster, cluster + "-gone");
        try
        {
            var made = await SendAsync($$""" "selector": "rack=7", "delete": {"force": true}, "confirm": "{{looked["confirm"]}}" """);
            Assert.Equal("a refused, c refused", Outcomes(made));
            Assert.All(made["items"]!.AsArray(), item => Assert.NotEqual("deleted", (string?)item!["detail"]));
            Assert.Equal((0, 2), ((int)made["changed"]!, (int)made["refused"]!));
        }
        finally
        {
            Directory.Move(cluster + "-gone", cluster);
        }
    }

    [Fact]
    public async Task Nobody_is_selected() => Assert.Equal("", Outcomes(await SendAsync(""" "selector": "rack=99", "delete": {"force": true} """)));

    private static string Outcomes(JsonNode result) => string.Join(", ", result["items"]!.AsArray().Select(item => $"{item!["serial"]} {item["outcome"]}"));

    private Task<HttpResponseMessage> PostAsync(string body) => Server.Api.PostAsync(new Uri("/api/v1/machine-changes", UriKind.Relative), new StringContent($"{{{body}}}"), Token);

    private async Task<JsonNode> SendAsync(string body)
    {
        using var answer = await PostAsync(body);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task PatchAsync(string serial, JsonObject fields) =>
        (await Server.Api.PatchAsJsonAsync($"/api/v1/machines/{serial}", fields, Token)).EnsureSuccessStatusCode();

    private async Task<string?> CabinetAsync(string serial) => (string?)JsonNode.Parse(await Server.Api.GetStringAsync($"/api/v1/machines/{serial}", Token))!["cabinet"];
}
