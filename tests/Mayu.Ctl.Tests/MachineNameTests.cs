using Mayu.Client;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary>What may be typed where a command wants a machine.</summary>
public sealed class MachineNameTests
{
    private const string List = "GET /api/v1/machines";

    private const string Machines = """
        {"items":[{"serial":"sn-0010","state":"running","macAddresses":["52:54:00:ab:cd:0a"]},
                  {"serial":"sn-0011","state":"running","macAddresses":["52:54:00:ab:cd:0b"]},
                  {"serial":"blade-7","state":"unknown","macAddresses":["52:54:00:ab:cd:0c"]}]}
        """;

    public static TheoryData<string> Lines =>
    [
        "status", "status --at 2h", "trace", "set profile core", "set state configured --yes", "override swap 8G", "override --remove swap",
        "resolve --accept", "rollback --to 2h", "delete --yes",
    ];

    [Theory]
    [InlineData("52:54:00:ab:cd:0c")]
    [InlineData("52:54:00:AB:CD:0C")]
    [InlineData("52-54-00-ab-cd-0c")]
    [InlineData("52-54-00-AB-CD-0C")]
    [InlineData("5254.00ab.cd0c")]
    [InlineData("5254.00AB.CD0C")]
    [InlineData("525400abcd0c")]
    [InlineData("525400ABCD0C")]
    public async Task A_mac_is_typed_in_any_usual_form(string mac)
    {
        await using var api = await ApiAsync(mac);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", mac, "profile", "core"));

        Assert.Equal("blade-7 has profile core\n", run.Out);
    }

    [Theory]
    [InlineData("52:54:00:ab:cd")]
    [InlineData("52:54-00:ab:cd:0c")]
    [InlineData("5254.00ab:cd0c")]
    [InlineData("525400abcd0g")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData(" 25400abcd0c")]
    [InlineData("")]
    public void What_is_no_mac_of_a_machine_is_none(string text) => Assert.False(MachineName.TryParseMac(text, out _));

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_serial_that_is_there_costs_no_list(string line)
    {
        await using var api = await ApiAsync("nobody");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(Words(line, "blade-7")));

        Assert.DoesNotContain(List, api.Requests.Select(request => request.Line));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task The_beginning_of_a_serial_is_enough_but_not_for_what_cannot_be_taken_back(string line)
    {
        await using var api = await ApiAsync("bl");
        var run = CtlRun.Against(api);
        var isFinal = line.Contains("--yes", StringComparison.Ordinal);

        Assert.Equal(isFinal ? ExitCode.NotFound : ExitCode.Ok, await run.RunAsync(Words(line, "bl")));

        Assert.Equal(isFinal ? "mayuctl: Not found: There is no machine bl\n  did you mean 'blade-7'?\n" : "", run.Error);
    }

    [Theory]
    [InlineData("delete", "Delete the record of machine blade-7? [y/N] ")]
    [InlineData("set state configured", "")]
    public async Task A_person_sees_which_machine_is_meant(string line, string question)
    {
        await using var api = await ApiAsync("bl");
        var run = CtlRun.Against(api);
        (run.IsAttended, run.Input) = (true, "y\n");

        Assert.Equal(ExitCode.Ok, await run.RunAsync(Words(line, "bl")));

        Assert.EndsWith(question, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("blade-7 ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_beginning_that_several_have_lists_them()
    {
        await using var api = await ApiAsync("sn");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Usage, await run.RunAsync("status", "sn"));

        Assert.Equal("mayuctl: 'sn' means 2 machines: sn-0010, sn-0011\n  type more of the serial\n", run.Error);
    }

    [Fact]
    public async Task A_serial_that_is_also_a_beginning_is_itself()
    {
        await using var api = await ApiAsync("nobody");
        api.Answer("GET /api/v1/machines/sn-001", """{"serial":"sn-001","state":"running"}""").Answer("GET /api/v1/machines/sn-001/trace", """{"items":[]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "sn-001"));

        Assert.StartsWith("serial    sn-001\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sn-0012", "  did you mean 'sn-0010'?\n")]
    [InlineData("balde-7", "  did you mean 'blade-7'?\n")]
    [InlineData("nothing-like-it", "")]
    public async Task A_serial_that_nothing_has_is_answered_with_a_near_one(string typed, string advice)
    {
        await using var api = await ApiAsync(typed);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("status", typed));

        Assert.Equal($"mayuctl: Not found: There is no machine {typed}\n{advice}", run.Error);
    }

    [Fact]
    public async Task Something_else_that_is_not_there_is_not_looked_for_among_machines()
    {
        await using var api = await ApiAsync("nobody");
        api.Problem("DELETE /api/v1/machines/blade-7/overrides/other", 404, "Not found", "It has no override other");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("override", "blade-7", "--remove", "other"));

        Assert.Equal("mayuctl: Not found: It has no override other\n", run.Error);
        Assert.DoesNotContain(List, api.Requests.Select(request => request.Line));
    }

    [Fact]
    public async Task The_trace_of_an_unknown_client_is_found_by_its_mac_in_any_form()
    {
        await using var api = await ApiAsync("5254.0000.0099");
        api.Problem("GET /api/v1/machines/5254.0000.0099/trace", 404, "Not found", "nobody")
            .Answer("GET /api/v1/machines/52%3A54%3A00%3A00%3A00%3A99/trace", """{"macAddresses":["52:54:00:00:00:99"],"items":[]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("trace", "5254.0000.0099"));

        Assert.StartsWith("no serial yet, no record, MAC 52:54:00:00:00:99\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_is_found_by_a_beginning_too()
    {
        await using var api = await ApiAsync("bl");
        api.Answer("GET /api/v1/history?limit=50&serial=bl", """{"items":[]}""")
            .Answer("GET /api/v1/history?limit=50&serial=blade-7", """{"items":[{"id":"0123456789abcdef","at":"2026-01-02T11:00:00Z","who":"boot","serial":"blade-7","what":"first seen"}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history", "bl"));

        Assert.Contains("blade-7  first seen", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_is_explained_as_it_was_typed_and_a_beginning_as_its_machine()
    {
        const string Explanation = """{"serial":"SERIAL","neverSeen":NEVER,"firmware":"bios","engine":"builtin","answer":"install","reason":"it is new"}""";
        static string Of(string serial, string never) => Explanation.Replace("SERIAL", serial, StringComparison.Ordinal).Replace("NEVER", never, StringComparison.Ordinal);
        await using var api = await ApiAsync("bl");
        api.Problem("GET /api/v1/machines/new-1", 404, "Not found", "nobody");
        api.Answer("GET /api/v1/explain/bl", Of("bl", "true")).Answer("GET /api/v1/explain/blade-7", Of("blade-7", "false")).Answer("GET /api/v1/explain/new-1", Of("new-1", "true"));
        var (known, unknown) = (CtlRun.Against(api), CtlRun.Against(api));

        Assert.Equal(ExitCode.Ok, await known.RunAsync("explain", "bl"));
        Assert.Equal(ExitCode.Ok, await unknown.RunAsync("explain", "new-1"));

        Assert.StartsWith("blade-7, ", known.Out, StringComparison.Ordinal);
        Assert.StartsWith("Nobody has asked as 'new-1'", unknown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mac:525400ABCD0C", "mac%3A52%3A54%3A00%3Aab%3Acd%3A0c")]
    [InlineData("5254.00ab.cd0c", "mac%3A52%3A54%3A00%3Aab%3Acd%3A0c")]
    [InlineData("525400abcd0c", "525400abcd0c")]
    [InlineData("serial:a.b", "serial%3Aa.b")]
    public async Task The_key_of_a_pin_may_be_a_mac_in_any_form(string key, string sent)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PUT /api/v1/pins/" + sent, """{"key":"k","profile":"core"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("pin", key, "--profile", "core"));
    }

    private static string[] Words(string line, string name)
    {
        var words = line.Split(' ');
        return [words[0], name, .. words[1..]];
    }

    // Three machines; the name that is typed is none of them.
    private static async Task<FakeApi> ApiAsync(string typed)
    {
        const string Machine = """{"serial":"blade-7","hasRecord":true,"state":"unknown","profile":"core","enabled":true}""";
        var api = await FakeApi.StartAsync();
        api.Answer(List, Machines);
        foreach (var (method, tail) in new[]
        {
            ("GET", ""), ("GET", "?at=2026-01-02T10%3A00%3A00Z"), ("PATCH", ""), ("DELETE", ""), ("PUT", "/state"), ("PUT", "/overrides/swap"), ("DELETE", "/overrides/swap"),
            ("POST", "/conflict"), ("POST", "/rollback"), ("GET", "/trace"),
        })
        {
            api.Answer($"{method} /api/v1/machines/blade-7{tail}", tail == "/trace" ? """{"serial":"blade-7","items":[]}""" : Machine);
            api.Problem($"{method} /api/v1/machines/{Uri.EscapeDataString(typed)}{tail}", 404, "Not found", $"There is no machine {typed}");
        }

        return api;
    }
}
