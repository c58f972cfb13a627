using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class OperatorCommandsTests
{
    private const string Machine = """{"serial":"vm-001","hasRecord":true,"state":"running","profile":"core","internalAddress":"10.0.0.5","enabled":true,"macAddresses":["52:54:00:00:00:02"]}""";
    private const string Path = "/api/v1/machines/vm-001";

    [Theory]
    [InlineData("set vm-001 profile core", "PATCH", Path, """{"profile":"core"}""", "vm-001 has profile core: it takes effect at its next installation")]
    [InlineData("set vm-001 enabled true", "PATCH", Path, """{"enabled":true}""", "vm-001 is enabled")]
    [InlineData("set vm-001 metadata a=1,,b", "PATCH", Path, """{"metadata":["a=1","b"]}""", "vm-001 has no tags")]
    [InlineData("set vm-001 hostname n1", "PATCH", Path, """{"hostname":"n1"}""", "vm-001 has the host name")]
    [InlineData("set vm-001 address 10.0.0.5", "PATCH", Path, """{"internalAddress":"10.0.0.5"}""", "vm-001 has the address 10.0.0.5")]
    [InlineData("set vm-001 ipmiaddr 10.0.0.9", "PATCH", Path, """{"bmcAddress":"10.0.0.9"}""", "vm-001 has the BMC address")]
    [InlineData("set vm-001 providerid p", "PATCH", Path, """{"providerId":"p"}""", "vm-001 has the provider id (none)")]
    [InlineData("set vm-001 cabinet c --reason why", "PATCH", Path, """{"cabinet":"c","reason":"why"}""", "vm-001 has the cabinet (none)")]
    [InlineData("set vm-001 notes broken", "PATCH", Path, """{"notes":"broken"}""", "vm-001 has no notes")]
    [InlineData("override vm-001 x 1", "PUT", Path + "/overrides/x", """{"value":"1"}""", "vm-001 has the override x: it takes effect at its next installation")]
    [InlineData("override vm-001 --remove x", "DELETE", Path + "/overrides/x", "", "vm-001 no longer has the override x")]
    [InlineData("resolve vm-001 --accept", "POST", Path + "/conflict", """{"verdict":"accept"}""", "vm-001 is the machine with the MACs 52:54:00:00:00:02")]
    [InlineData("resolve vm-001 --dismiss", "POST", Path + "/conflict", """{"verdict":"dismiss"}""", "The claim on vm-001 is dismissed: its record stays as it is\n")]
    [InlineData("delete vm-001 --yes", "DELETE", Path, "", "vm-001 is deleted.")]
    [InlineData("delete vm-001 -y --force --reason sold", "DELETE", Path + "?force=true&reason=sold", "", "vm-001 is deleted.")]
    [InlineData("rollback vm-001 --to 75cc184", "POST", Path + "/rollback", """{"to":"75cc184"}""", "vm-001 is as it was at 75cc184: profile core, address 10.0.0.5, state running")]
    [InlineData("rollback vm-001 --to 90m", "POST", Path + "/rollback", """{"to":"2026-01-02T10:30:00Z"}""", "vm-001 is as it was at 2026-01-02T10:30:00Z")]
    [InlineData("rollback vm-001 --to 2026-01-02T03:04:05+02:00", "POST", Path + "/rollback", """{"to":"2026-01-02T01:04:05Z"}""", "vm-001 is as it was at")]
    public async Task A_change_is_one_request_and_tells_what_became_of_it(string line, string method, string path, string body, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"{method} {path}", Machine);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));

        Assert.StartsWith(told, run.Out, StringComparison.Ordinal);
        Assert.Equal(($"{method} {path}", body), (Assert.Single(api.Requests).Line, api.Requests.Single().Body));
    }

    [Theory]
    [InlineData("", "its MACs")]
    [InlineData("\"uuid\":\"4d617975-5349-4d55-8a00-525400000007\",", "its UUID and its MACs")]
    public async Task A_machine_whose_serial_others_say_too_is_known_by_what_it_has(string uuid, string known)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"POST {Path}/conflict", $$"""{"serial":"vm-001",{{uuid}}"macAddresses":["52:54:00:00:00:02"],"sharesSerial":true}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("resolve", "vm-001", "--separate"));

        Assert.EndsWith($"; others say its serial too: it is known by {known} from now on\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pin vm-007 --profile core", "PUT", "/api/v1/pins/vm-007", """{"profile":"core"}""", "mac:x gets profile core and address 10.0.0.7 when it registers\n")]
    [InlineData("reserve mac:52:54:00:00:00:07 10.0.0.7", "PUT", "/api/v1/pins/mac%3A52%3A54%3A00%3A00%3A00%3A07", """{"address":"10.0.0.7"}""", "mac:x gets address 10.0.0.7 and profile core when it registers\n")]
    [InlineData("unpin vm-007 --reason gone", "DELETE", "/api/v1/pins/vm-007?reason=gone", "", "mac:x is no longer pinned\n")]
    public async Task A_pin_is_one_request(string line, string method, string path, string body, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"{method} {path}", """{"key":"mac:x","profile":"core","address":"10.0.0.7"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));

        Assert.Equal(told, run.Out);
        Assert.Equal(body, Assert.Single(api.Requests).Body);
    }

    [Fact]
    public async Task Each_wrong_field_is_told_on_a_line_of_its_own()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PATCH {Path}", """
            {"title":"Invalid request","status":400,"detail":"It is no name. It is no tag. Both.",
             "errors":[{"pointer":"#/hostname","detail":"It is no name."},{"pointer":"#/metadata/1","detail":"It is no tag\u001b."},{"pointer":"#","detail":"Both."}]}
            """, 400, "application/problem+json");
        var run = CtlRun.Against(api);
        Assert.Equal(ExitCode.Failed, await run.RunAsync("set", "vm-001", "hostname", "-"));
        Assert.Equal("mayuctl: Invalid request:\n  hostname: It is no name.\n  metadata/1: It is no tag\\x1b.\n  Both.\n", run.Error);
    }

    [Fact]
    public async Task One_wrong_field_is_told_as_any_other_refusal_and_no_more_than_50_are()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PATCH {Path}", """{"title":"Invalid request","detail":"It is no name.","errors":[{"pointer":"#/hostname","detail":"It is no name."}]}""", 400, "application/problem+json");
        var run = CtlRun.Against(api);
        await run.RunAsync("set", "vm-001", "hostname", "-");
        Assert.Equal("mayuctl: Invalid request: It is no name.\n", run.Error);

        api.Answer($"PATCH {Path}", $$"""{"title":"t","errors":[null,{{string.Join(',', Enumerable.Repeat("""{"pointer":null,"detail":null}""", 200))}}]}""", 400, "application/problem+json");
        var flood = CtlRun.Against(api);
        await flood.RunAsync("set", "vm-001", "hostname", "-");
        Assert.Equal(52, flood.Error.Count(c => c == '\n'));
        Assert.EndsWith("  and 150 more\n", flood.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "notes        first\n             second\n")]
    [InlineData(false, "notes        first\\nsecond\n")]
    public async Task Notes_of_several_lines_are_several_lines_for_a_person(bool isTerminal, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"GET {Path}", """{"serial":"vm-001","hasRecord":true,"state":"running","enabled":true,"notes":"first\nsecond","lastSeen":"2026-01-02T11:59:30Z"}""")
            .Answer($"GET {Path}/trace", """{"items":[]}""");
        var run = CtlRun.Against(api, isTerminal);
        run.Environment["NO_COLOR"] = "1";
        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "vm-001"));
        Assert.Contains(string.Join(' ', told.Split(' ', StringSplitOptions.RemoveEmptyEntries)), string.Join(' ', System.Text.RegularExpressions.Regex.Replace(run.Out, "\u001b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Split(' ', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_that_makes_its_profile_over_full_warns()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PUT /api/v1/pins/vm-007", """{"key":"serial:vm-007","profile":"core","warning":"Profile core is over-full"}""");
        var (run, program) = (CtlRun.Against(api), CtlRun.Against(api));

        Assert.Equal(ExitCode.Ok, await run.RunAsync("pin", "vm-007", "--profile", "core"));
        Assert.Equal(ExitCode.Ok, await program.RunAsync("pin", "vm-007", "--profile", "core", "-o", "json"));

        Assert.Equal("serial:vm-007 gets profile core when it registers\n", run.Out);
        Assert.Equal("mayuctl: warning: Profile core is over-full\n", run.Error);
        Assert.Contains("\"warning\": \"Profile core is over-full\"", program.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Reading the value of join_token from the terminal, up to Ctrl-D at the beginning of a line.\n")]
    [InlineData(false, "")]
    public async Task A_person_is_told_that_a_value_is_read_from_the_terminal(bool isAttended, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PUT {Path}/overrides/join_token", Machine);
        var run = CtlRun.Against(api);
        (run.Input, run.IsAttended) = ("s3cret\n", isAttended);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("override", "vm-001", "join_token", "-"));

        Assert.Equal(expected, run.Error);
    }

    [Fact]
    public async Task A_warning_about_an_override_is_printed_and_the_help_points_to_secrets()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PUT {Path}/overrides/swp", """{"serial":"vm-001","warning":"No template has the name swp"}""");
        var (run, help) = (CtlRun.Against(api), new CtlRun());

        Assert.Equal(ExitCode.Ok, await run.RunAsync("override", "vm-001", "swp", "8G"));
        await help.RunAsync("override", "--help");

        Assert.Equal("mayuctl: warning: No template has the name swp\n", run.Error);
        Assert.DoesNotContain("join_token", help.Out, StringComparison.Ordinal);
        Assert.Contains("no place for a secret", string.Join(' ', help.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_are_told_to_be_all_that_there_are()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PATCH {Path}", """{"serial":"vm-001","metadata":["a=1","b=2"]}""");
        var (run, help) = (CtlRun.Against(api), new CtlRun());

        await run.RunAsync("set", "vm-001", "metadata", "a=1,b=2");
        await help.RunAsync("set", "--help");

        Assert.Equal("vm-001 has the tags a=1, b=2, and no others\n", run.Out);
        Assert.Contains("tags that are not named are removed", string.Join(' ', help.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_is_taken_for_a_serial_is_noticed()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/history?limit=50&serial=State&fields=true", """{"items":[]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history", "--fields", "State"));

        Assert.Equal("No change of the machine State matches. --fields takes no value; for the changes of one field use --field NAME.\n", run.Error);
    }

    [Fact]
    public async Task An_empty_value_takes_away()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PATCH " + Path, Machine);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", "vm-001", "cabinet", ""));

        Assert.Equal("""{"cabinet":""}""", Assert.Single(api.Requests).Body);
    }

    [Fact]
    public async Task A_secret_comes_from_the_standard_input_and_is_printed_nowhere()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"PUT {Path}/overrides/token", Machine);
        var run = CtlRun.Against(api);
        run.Input = "hunter2\nline two\r\n";

        Assert.Equal(ExitCode.Ok, await run.RunAsync("override", "vm-001", "token", "-", "--debug"));

        Assert.Equal("""{"value":"hunter2\nline two"}""", Assert.Single(api.Requests).Body);
        Assert.DoesNotContain("hunter2", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", "y\n", ExitCode.Ok, "PUT")]
    [InlineData("installed", "n\n", ExitCode.Failed, "GET")]
    [InlineData("running", "", ExitCode.Failed, "GET")]
    public async Task A_person_is_asked_before_a_machine_with_a_system_is_installed_again(string state, string typed, int code, string last)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET " + Path, Machine.Replace("running", state, StringComparison.Ordinal));
        api.Answer($"PUT {Path}/state", Machine.Replace("running", "configured", StringComparison.Ordinal));
        var run = CtlRun.Against(api);
        (run.Input, run.IsAttended) = (typed, true);

        Assert.Equal(code, await run.RunAsync("set", "vm-001", "state", "configured"));

        Assert.StartsWith(
            $"""
            VM-001          NOW                           THEN
            state           {state,-28}  configured
            profile         core                          core
            keep_disk_data  no                            no
            system disk     the system that is installed  overwritten with its image
            vm-001 is {state}. Install it again at its next network boot, which wipes the disk with its operating system? [y/N]{" "}
            """,
            run.Error,
            StringComparison.Ordinal);
        Assert.StartsWith(last, api.Requests.Last().Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", "set vm-001 state configured", ExitCode.Usage, "GET")]
    [InlineData("running", "set vm-001 state configured --yes", ExitCode.Ok, "PUT")]
    [InlineData("unknown", "set vm-001 state configured", ExitCode.Ok, "GET PUT")]
    [InlineData("running", "set vm-001 state running", ExitCode.Ok, "PUT")]
    public async Task Without_a_terminal_only_yes_installs_a_machine_with_a_system_again(string state, string line, int code, string methods)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET " + Path, Machine.Replace("running", state, StringComparison.Ordinal));
        api.Answer($"PUT {Path}/state", Machine.Replace("running", "configured", StringComparison.Ordinal));
        var run = CtlRun.Against(api);
        run.Input = "y\n";

        Assert.Equal(code, await run.RunAsync(line.Split(' ')));

        Assert.Equal(methods, string.Join(' ', api.Requests.Select(request => request.Line.Split(' ')[0])));
        Assert.Equal(code == ExitCode.Usage, run.Error.Contains("There is no terminal to ask this on; answer it with --yes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task History_is_asked_for_by_time_author_and_field_and_shows_fields()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(
            "GET /api/v1/history?limit=50&serial=vm-001&since=2026-01-02T10%3A00%3A00Z&until=2026-01-02T11%3A30%3A00Z&who=machine%20vm-001&field=State&before=c0ffee&fields=true",
            """
            {"items":[{"id":"0123456789abcdef","at":"2026-01-02T11:00:00Z","who":"operator","serial":"vm-001","what":"updated state",
              "fields":[{"name":"State","old":"running","new":"configured"},{"name":"Cabinet","new":"c1"}]}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(
            "history", "vm-001", "--since", "2h", "--until", "30m", "--who", "machine vm-001", "--field", "State", "--before", "c0ffee", "--fields"));

        Assert.Equal(
            """
            AT                    ID        WHO       SERIAL  FIELD    OLD        NEW
            2026-01-02T11:00:00Z  01234567  operator  vm-001  State    "running"  "configured"
            2026-01-02T11:00:00Z  01234567  operator  vm-001  Cabinet  -          "c1"

            """,
            run.Out);
    }

    [Fact]
    public async Task Status_shows_a_machine_as_it_was_and_no_trace()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer($"GET {Path}?at=2026-01-02T10%3A00%3A00Z", Machine);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("status", "vm-001", "--at", "2h"));

        Assert.Contains("profile   core", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("boot was seen", run.Out, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Pins_profiles_and_addresses_are_tables()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/pins", """{"items":[{"key":"mac:x","profile":"core"}]}""")
            .Answer("GET /api/v1/profiles", """
                {"items":[{"name":"core","quantity":1,"used":2,"pinned":0,"free":0,"overFull":true,"requires":{"memoryBytes":68719476736,"nics":2}},{"name":"default","used":1,"pinned":0}],
                 "orphaned":[{"name":"old","used":2,"pinned":0,"serials":["a","b"]}]}
                """)
            .Answer("GET /api/v1/addresses", """
                {"pools":[{"name":"internal","start":"10.0.0.10","end":"10.0.0.12","size":3,"used":1,"reserved":1,"excluded":0,"occupied":1,"free":0}],"occupied":[{"address":"10.0.0.12","mac":"52:54:00:00:00:07","how":"answers","since":"2026-01-02T11:50:00Z","lastSeen":"2026-01-02T12:00:00Z","until":"2026-01-02T12:10:00Z"},{"address":"10.0.0.51"}]}
                """);
        var (pins, profiles, addresses) = (CtlRun.Against(api), CtlRun.Against(api), CtlRun.Against(api));

        Assert.Equal(ExitCode.Ok, await pins.RunAsync("pins"));
        Assert.Equal(ExitCode.Ok, await profiles.RunAsync("profiles"));
        Assert.Equal(ExitCode.Ok, await addresses.RunAsync("addresses"));

        Assert.Equal("KEY    PROFILE  ADDRESS\nmac:x  core     -\n", pins.Out);
        Assert.Equal(
            """
            NAME     SLOTS  USED  PINNED  FREE  REQUIRES               PROBLEM
            core     1      2     0       0     memory 64 GiB, 2 nics  over-full
            default  -      1     0       -     -                      -
            old      -      2     0       -     -                      not in the configuration: a, b

            """,
            profiles.Out);
        Assert.Equal(
            """
            POOL      START      END        SIZE  USED  RESERVED  EXCLUDED  OCCUPIED  FREE
            internal  10.0.0.10  10.0.0.12  3     1     1         0         1         0

            OCCUPIED   MAC                HOW      SINCE                 UNTIL
            10.0.0.12  52:54:00:00:00:07  answers  2026-01-02T11:50:00Z  2026-01-02T12:10:00Z
            10.0.0.51  -                  -        -                     -

            """,
            addresses.Out);
    }

    [Theory]
    [InlineData("pins", """{"items":[{"key":"mac:x"}]}""", "\"key\": \"mac:x\"")]
    [InlineData("profiles", """{"orphaned":[{"name":"old"}]}""", "\"name\": \"old\"")]
    [InlineData("addresses", """{"occupied":[{"address":"10.0.0.12"}]}""", "\"address\": \"10.0.0.12\"")]
    public async Task Programs_get_the_answer_as_JSON(string command, string answer, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/" + command, answer);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(command, "-o", "json"));

        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }
}
