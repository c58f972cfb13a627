using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests;

public sealed class ListTests
{
    private const string Line = "GET /api/v1/machines";

    private const string Machines = """
        {"items":[
          {"serial":"vm-001","state":"running","profile":"core","internalAddress":"10.1.0.2","enabled":true,"lastSeen":"2026-01-02T11:59:30Z","hop":{"name":"complete","at":"2026-01-02T11:59:30Z"},"metadata":["role=core","x"]},
          {"serial":"vm-002","state":"installing","enabled":true,"profile":"default","internalAddress":"10.1.0.10","lastSeen":"2026-01-02T11:00:00Z","hop":{"name":"progress","at":"2026-01-02T11:00:00Z","bytes":50,"total":200},"problem":{"at":"2026-01-02T11:00:00Z","hop":"image","reason":"the disk is too small"}},
          {"serial":"new","state":"unknown","enabled":true}
        ]}
        """;

    [Fact]
    public async Task In_a_pipe_columns_are_aligned_times_exact_and_nothing_is_a_dash()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));

        Assert.Equal(
            """
            SERIAL  IP         PROFILE  STATE       HOP           LASTSEEN              NOTE  PROBLEM
            vm-001  10.1.0.2   core     running     complete      2026-01-02T11:59:30Z  -     -
            vm-002  10.1.0.10  default  installing  progress 25%  2026-01-02T11:00:00Z  -     the disk is too small
            new     -          -        unknown     -             -                     -     -

            """,
            run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task On_a_terminal_there_is_a_table_that_tells_how_long_ago()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        var run = CtlRun.Against(api, isTerminal: true);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));

        Assert.Contains("30s ago", run.Out, StringComparison.Ordinal);
        Assert.Contains("1h00m ago", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_take_two_places_are_counted_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, """{"items":[{"serial":"a","cabinet":"東京","state":"running"},{"serial":"b","cabinet":"c7","state":"unknown"}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "--fields", "cabinet,state", "--no-legend"));

        Assert.Equal("東京  running\nc7    unknown\n", run.Out);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public async Task A_terminal_breaks_no_serial_address_or_state_and_a_problem_has_lines_of_its_own(int width)
    {
        await using var api = await FakeApi.StartAsync();
        const string Serial = "4c4c4544-0042-4a10-8052-b7c04f4a4d33";
        const string Reason = "its image debian-12-x64 is missing: there is no folder /var/lib/mayu/images/debian-12-x64, so it cannot be installed. Put the image there.";
        api.Answer(Line, $$$"""
            {"items":[{"serial":"{{{Serial}}}","state":"installing","enabled":true,"profile":"storage-large","internalAddress":"10.123.123.123","lastSeen":"2026-01-02T11:59:30Z",
              "hop":{"name":"initrd","bytes":1,"total":4,"at":"2026-01-02T11:59:30Z"},"problem":{"at":"2026-01-02T11:59:30Z","hop":"config","reason":"{{{Reason}}}"}}]}
            """);
        var run = CtlRun.Against(api, isTerminal: true, width);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));

        var lines = run.Out.TrimEnd('\n').Split('\n').Select(line => Regex.Replace(line, "\u001b\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1))).ToList();
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.All(new[] { Serial, "10.123.123.123", "installing", "storage-large" }, word => Assert.Contains(word, lines[1], StringComparison.Ordinal));
        Assert.StartsWith("    problem: its image debian-12-x64 is missing", lines[2], StringComparison.Ordinal);
        Assert.Equal(width >= 100, lines[1].Contains("initrd 25%", StringComparison.Ordinal));
        Assert.Equal(width == 80 ? "Not shown, since the terminal is too narrow: hop, lastseen.\n" : width == 100 ? "Not shown, since the terminal is too narrow: lastseen.\n" : "", run.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_operator_decided_is_noted(bool isTerminal)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, """
            {"items":[
              {"serial":"a","state":"running","profile":"core","enabled":false,"installedProfile":"default"},
              {"serial":"b","state":"running","profile":"core","enabled":true,"installedProfile":"default"},
              {"serial":"c","state":"running","profile":"core","enabled":true,"installedProfile":"core"}
            ]}
            """);
        var run = CtlRun.Against(api, isTerminal, width: 80);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));

        var text = Regex.Replace(run.Out, "\u001b\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Equal(
            isTerminal
                ? """
                  serial  ip  profile  state    hop  lastseen
                  a           core     running
                      note: disabled; installed with profile default
                  b           core     running
                      note: installed with profile default
                  c           core     running

                  """
                : """
                  SERIAL  IP  PROFILE  STATE    HOP  LASTSEEN  NOTE                                      PROBLEM
                  a       -   core     running  -    -         disabled; installed with profile default  -
                  b       -   core     running  -    -         installed with profile default            -
                  c       -   core     running  -    -         -                                         -

                  """,
            string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())));
    }

    [Theory]
    [InlineData("problem")]
    [InlineData("conflict,problem")]
    public async Task A_terminal_shows_problems_alone_too(string fields)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, """{"items":[{"serial":"a","state":"unknown","problem":{"at":"2026-01-02T11:59:30Z","hop":"config","reason":"it has no image"}}]}""");
        var run = CtlRun.Against(api, isTerminal: true, width: 80);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "--fields", fields));

        Assert.Contains("it has no image", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fields SERIAL,ip,metadata --profile core", "SERIAL  IP        METADATA\nvm-001  10.1.0.2  role=core,x\n")]
    [InlineData("--fields=serial --no-legend", "vm-001\nvm-002\nnew\n")]
    [InlineData("--fields serial,state --state unknown --no-legend", "new  unknown\n")]
    public async Task Columns_and_machines_can_be_chosen(string options, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(["list", .. options.Split(' ')]));

        Assert.Equal(expected, run.Out);
    }

    [Fact]
    public async Task Every_column_can_be_asked_for()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "--fields", string.Join(',', MachineField.All.Select(field => field.Name))));

        Assert.Equal(4, run.Out.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Json_is_the_apis_own_and_filtered_too()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "-o", "json", "--state", "installing"));

        var machine = Assert.Single(JsonNode.Parse(run.Out)!.AsArray())!;
        Assert.Equal("vm-002", (string?)machine["serial"]);
        Assert.Equal("the disk is too small", (string?)machine["problem"]!["reason"]);
    }

    [Fact]
    public async Task An_empty_list_says_on_stderr_what_to_do_and_is_an_empty_list_to_programs()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, """{"items":[]}""");
        var table = CtlRun.Against(api);
        var json = CtlRun.Against(api);
        var yaml = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await table.RunAsync("list"));
        Assert.Equal(ExitCode.Ok, await json.RunAsync("list", "-o", "json"));
        Assert.Equal(ExitCode.Ok, await yaml.RunAsync("list", "-o", "yaml"));

        Assert.Equal("", table.Out);
        Assert.Contains("Power one on", table.Error, StringComparison.Ordinal);
        Assert.Equal("[]\n", json.Out);
        Assert.Equal("[]\n", yaml.Out);
    }

    [Fact]
    public async Task A_filter_that_nothing_passes_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        api.Answer("GET /api/v1/profiles", """{"items":[{"name":"core"},{"name":"idle"},{"name":"default"}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "--profile", "idle"));

        Assert.Contains("No machine matches", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_there_is_not_is_refused()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Machines);
        api.Answer("GET /api/v1/profiles", """{"items":[{"name":"core"},{"name":"default"}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("list", "--profile", "croe"));

        Assert.Equal(("", "mayuctl: there is no profile 'croe'. There are: core, default.\n"), (run.Out, run.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_from_machines_reaches_the_terminal_escaped(bool isTerminal)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, """{"items":[{"serial":"[red]x[/]","state":"\u001b[2J","profile":"a\nb\u202ec","problem":{"at":"2026-01-02T11:00:00Z","hop":"x","reason":"]["}}]}""");
        var run = CtlRun.Against(api, isTerminal);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));

        Assert.Contains("[red]x[/]", run.Out, StringComparison.Ordinal);
        Assert.Contains(@"\x1b[2J", run.Out, StringComparison.Ordinal);
        Assert.Contains(@"a\nb\u{202e}c", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", run.Out, StringComparison.Ordinal);
    }
}
