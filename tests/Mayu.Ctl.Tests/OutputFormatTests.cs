using System.Text.RegularExpressions;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>-o wide</c> and <c>-o name</c>.</summary>
public sealed class OutputFormatTests
{
    private const string Machines = """
        {"items":[{"serial":"sn-1","state":"running","enabled":true,"profile":"core","internalAddress":"10.0.0.5","hostname":"node-5","image":"debian-12","firmware":"uefi",
                   "macAddresses":["52:54:00:00:00:01","52:54:00:00:00:02"],"bmcAddress":"10.9.0.5","cabinet":"c7","metadata":["rack=7"],"lastSeen":"2026-01-02T11:59:30Z",
                   "overrides":{"token":"s3cret"},"problem":{"at":"2026-01-02T11:59:30Z","hop":"config","reason":"it has no image"}},
                  {"serial":"sn-2","state":"unknown","enabled":true}]}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wide_shows_more_columns_on_one_line_whatever_the_width(bool isTerminal)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", Machines);
        var run = CtlRun.Against(api, isTerminal, width: 40);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "-o", "wide"));

        var lines = Regex.Replace(run.Out, "\u001b\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1)).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "serial ip profile state hop lastseen hostname image firmware mac ipmiaddr cabinet metadata note problem",
            string.Join(' ', lines[0].ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("52:54:00:00:00:01,52:54:00:00:00:02  10.9.0.5  c7       rack=7", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("it has no image", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Wide_keeps_the_columns_that_are_asked_for()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", Machines);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "-o", "wide", "--fields", "serial,problem"));

        Assert.Equal("SERIAL  PROBLEM\nsn-1    it has no image\nsn-2    -\n", run.Out);
    }

    [Theory]
    [InlineData("list", "GET /api/v1/machines", Machines, "sn-1\nsn-2\n")]
    [InlineData("list --state unknown", "GET /api/v1/machines", Machines, "sn-2\n")]
    [InlineData("list --state installing", "GET /api/v1/machines", Machines, "")]
    [InlineData("pins", "GET /api/v1/pins", """{"items":[{"key":"mac:52:54:00:00:00:01"},{"key":"serial:a"}]}""", "mac:52:54:00:00:00:01\nserial:a\n")]
    [InlineData("profiles", "GET /api/v1/profiles", """{"items":[{"name":"core"}],"orphaned":[{"name":"old"}]}""", "core\nold\n")]
    [InlineData("set sn-1 profile core", "PATCH /api/v1/machines/sn-1", """{"serial":"sn-1"}""", "sn-1\n")]
    [InlineData("override sn-1 a b", "PUT /api/v1/machines/sn-1/overrides/a", """{"serial":"sn-1"}""", "sn-1\n")]
    [InlineData("delete sn-1 --yes", "DELETE /api/v1/machines/sn-1", """{"serial":"sn-1"}""", "sn-1\n")]
    [InlineData("resolve sn-1 --accept", "POST /api/v1/machines/sn-1/conflict", """{"serial":"sn-1"}""", "sn-1\n")]
    [InlineData("rollback sn-1 --to 2h", "POST /api/v1/machines/sn-1/rollback", """{"serial":"sn-1"}""", "sn-1\n")]
    [InlineData("pin sn-1 --profile core", "PUT /api/v1/pins/sn-1", """{"key":"serial:sn-1"}""", "serial:sn-1\n")]
    [InlineData("unpin sn-1", "DELETE /api/v1/pins/sn-1", """{"key":"serial:sn-1"}""", "serial:sn-1\n")]
    public async Task Name_prints_what_it_is_about_and_nothing_else(string line, string request, string answer, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(request, answer);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync([.. line.Split(' '), "-o", "name"]));

        Assert.Equal((expected, ""), (run.Out, run.Error));
    }

    [Theory]
    [InlineData("status a -o wide", "-o wide is not possible here. The formats of status are: table, json, yaml, name.")]
    [InlineData("history -o name", "-o name is not possible here. The formats of history are: table, wide, json, yaml.")]
    [InlineData("reload -o name", "-o name is not possible here. The formats of reload are: table, json, yaml.")]
    [InlineData("set a profile core -o wide", "-o wide is not possible here. The formats of set are: table, json, yaml, name.")]
    [InlineData("list --watch -o yaml", "-o yaml is not possible here. The formats of list --watch are: table, wide, json, name.")]
    [InlineData("trace a --follow -o yaml", "-o yaml is not possible here. The formats of trace --follow are: table, wide, json.")]
    [InlineData("version -o wide", "-o wide is not possible here. The formats of version are: table, json, yaml.")]
    public async Task Where_it_makes_no_sense_nothing_is_asked_or_changed(string line, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Usage, await run.RunAsync(line.Split(' ')));

        Assert.StartsWith($"mayuctl: {expected}\nTry 'mayuctl {line.Split(' ')[0]} --help'.\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("history", "GET /api/v1/history?limit=50", """{"items":[{"id":"0123456789abcdef","at":"2026-01-02T11:00:00Z","who":"operator","serial":"sn-1","what":"updated state to configured","why":"new disks"}]}""", 2)]
    [InlineData("leases", "GET /api/v1/leases", """{"items":[{"address":"192.168.100.100","mac":"52:54:00:00:00:07","serial":"4c4c4544-0042-4a10-8052-b7c04f4a4d33","state":"leased"}]}""", 2)]
    [InlineData("addresses", "GET /api/v1/addresses", """{"pools":[{"name":"internal","start":"10.0.0.100","end":"10.0.0.150","size":51,"used":1,"free":50}]}""", 2)]
    [InlineData("trace", "GET /api/v1/strangers", """{"items":[{"macAddresses":["52:54:00:00:00:07"],"lastSeen":"2026-01-02T11:00:00Z","problem":{"at":"2026-01-02T11:00:00Z","hop":"x","reason":"a long reason that is not short"}}]}""", 2)]
    public async Task Every_table_can_be_wide(string line, string request, string answer, int lines)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(request, answer);
        var run = CtlRun.Against(api, isTerminal: true, width: 30);

        Assert.Equal(ExitCode.Ok, await run.RunAsync([line, "-o", "wide"]));

        Assert.Equal((lines, ""), (run.Out.TrimEnd('\n').Split('\n').Length, run.Error));
    }
}
