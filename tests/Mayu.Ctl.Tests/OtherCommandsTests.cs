using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class OtherCommandsTests
{
    [Theory]
    [InlineData("configured", "false", "vm-001 is configured: its next network boot installs it\n")]
    [InlineData("configured", "true", "vm-001 is configured: its next network boot installs it, with keep_disk_data set for its config\n")]
    [InlineData("running", "false", "vm-001 is running: it boots from its own disk\n")]
    public async Task Set_state_tells_what_comes_next(string state, string keep, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PUT /api/v1/machines/vm-001/state", $$"""{"serial":"vm-001","state":"{{state}}","keepDiskData":{{keep}}}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", "vm-001", "state", state, "--yes", "--keep-disk-data", "--reason", "new \"image\""));

        Assert.Equal(expected, run.Out);
        var body = JsonNode.Parse(Assert.Single(api.Requests).Body)!;
        Assert.Equal((state, true, "new \"image\""), ((string?)body["state"], (bool)body["keepDiskData"]!, (string?)body["reason"]));
    }

    [Fact]
    public async Task A_change_that_the_server_refuses_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("PUT /api/v1/machines/vm-001/state", 409, "That is no step a machine can take", "it was never configured");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Conflict, await run.RunAsync("set", "vm-001", "state", "installed"));

        Assert.Contains("it was never configured", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_changes_and_their_reasons()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/history?limit=2&serial=vm-001", """
            {"items":[{"id":"0123456789abcdef","at":"2026-01-02T11:00:00Z","who":"operator","serial":"vm-001","what":"updated state to configured","why":"new disks"},
                      {"id":"fedcba98","at":"2026-01-02T10:00:00Z","who":"boot","serial":"vm-001","what":"first seen"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history", "vm-001", "--limit", "2"));

        Assert.Equal(
            """
            AT                    ID        WHO       SERIAL  WHAT                         WHY
            2026-01-02T11:00:00Z  01234567  operator  vm-001  updated state to configured  new disks
            2026-01-02T10:00:00Z  fedcba98  boot      vm-001  first seen                   -

            """,
            run.Out);
    }

    [Fact]
    public async Task An_empty_history_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/history?limit=50", """{"items":[]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history"));

        Assert.Equal(("", "There are no changes yet.\n"), (run.Out, run.Error));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public async Task Addresses_show_the_pools_of_dhcp_too(int width)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/addresses", """
            {"pools":[{"name":"internal","start":"10.0.0.100","end":"10.0.0.150","size":51,"used":1,"free":50},
                      {"name":"dhcp 192.168.100.0/24","start":"192.168.100.100","end":"192.168.100.199","size":100,"used":98,"reserved":2}]}
            """);
        var piped = CtlRun.Against(api);
        var terminal = CtlRun.Against(api, isTerminal: true, width);

        Assert.Equal(ExitCode.Ok, await piped.RunAsync("addresses"));
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("addresses"));

        Assert.Equal(
            """
            POOL                   START            END              SIZE  USED  RESERVED  EXCLUDED  OCCUPIED  FREE
            internal               10.0.0.100       10.0.0.150       51    1     0         0         0         50
            dhcp 192.168.100.0/24  192.168.100.100  192.168.100.199  100   98    2         0         0         0

            """,
            piped.Out);
        var screen = Plain(terminal.Out);
        Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.All(new[] { "dhcp 192.168.100.0/24", "192.168.100.100", "192.168.100.199" }, word => Assert.Contains(word, screen, StringComparison.Ordinal));
    }

    private const string Leases = """
        {"items":[{"address":"192.168.100.100","mac":"52:54:00:00:00:07","serial":"4c4c4544-0042-4a10-8052-b7c04f4a4d33","state":"leased","until":"2026-01-02T12:10:00Z"},
                  {"address":"192.168.100.101","mac":"52:54:00:00:00:08","state":"expired","until":"2026-01-02T11:00:00Z"}],
         "unknown":"This is what dnsmasq's file of leases says: it has no offers that wait."}
        """;

    [Fact]
    public async Task Leases_are_listed_and_what_is_not_known_of_them_is_said()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/leases", Leases);
        var table = CtlRun.Against(api);
        var json = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await table.RunAsync("leases"));
        Assert.Equal(ExitCode.Ok, await json.RunAsync("leases", "-o", "json"));

        Assert.Equal(
            """
            ADDRESS          MAC                STATE    UNTIL                 SERIAL
            192.168.100.100  52:54:00:00:00:07  leased   2026-01-02T12:10:00Z  4c4c4544-0042-4a10-8052-b7c04f4a4d33
            192.168.100.101  52:54:00:00:00:08  expired  2026-01-02T11:00:00Z  -

            """,
            table.Out);
        Assert.Equal("This is what dnsmasq's file of leases says: it has no offers that wait.\n", table.Error);
        Assert.Equal("4c4c4544-0042-4a10-8052-b7c04f4a4d33", (string?)JsonNode.Parse(json.Out)!["items"]![0]!["serial"]);
    }

    [Fact]
    public async Task A_narrow_terminal_breaks_no_address_and_no_mac_of_a_lease()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/leases", Leases);
        var run = CtlRun.Against(api, isTerminal: true, width: 80);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("leases"));

        var lines = Plain(run.Out).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.StartsWith("192.168.100.100  52:54:00:00:00:07  leased   2026-01-02T12:10:00Z", lines[1], StringComparison.Ordinal);
        Assert.Equal("    serial: 4c4c4544-0042-4a10-8052-b7c04f4a4d33", lines[2].TrimEnd());
    }

    [Fact]
    public async Task Without_a_lease_it_says_why_none_is_known()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/leases", """{"items":[],"unknown":"Another DHCP server gives out the addresses."}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("leases"));

        Assert.Equal(("", "No lease is known.\nAnother DHCP server gives out the addresses.\n"), (run.Out, run.Error));
    }

    private static string Plain(string screen) => Regex.Replace(screen, "\u001b\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Version_shows_both_sides()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/version", """{"version":"9.8.7"}""");
        var table = CtlRun.Against(api);
        var json = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await table.RunAsync("version"));
        Assert.Equal(ExitCode.Ok, await json.RunAsync("version", "-o", "json"));

        Assert.Matches("^client  [0-9.]+\nserver  9.8.7\n$", table.Out);
        Assert.Equal("9.8.7", (string?)JsonNode.Parse(json.Out)!["server"]);
    }

    [Fact]
    public async Task Version_without_a_server_shows_its_own_and_tells_why_on_stderr()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("version", "--server", "https://127.0.0.1:1"));

        Assert.Matches("^client  [0-9.]+\nserver  -\n$", run.Out);
        Assert.Contains("no connection to", run.Error, StringComparison.Ordinal);
    }
}
