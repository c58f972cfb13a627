using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary>Commands for all machines that are selected.</summary>
public sealed class SharedChangeTests
{
    private const string Line = "POST /api/v1/machine-changes";

    private const string Looked = """
        {"isDryRun":true,"confirm":"c0ffee","changed":1,"unchanged":1,"refused":1,"items":[
          {"serial":"a","outcome":"changed","state":"running","detail":"updated state to configured"},
          {"serial":"b","outcome":"unchanged","state":"configured"},
          {"serial":"c","outcome":"refused","state":"running","detail":"Machine c is disabled."}]}
        """;

    [Theory]
    [InlineData("reinstall --profile core --state running --tag rack=7 --tag x=1", """{"selector":"profile=core,state=running,rack=7,x=1","state":{"state":"configured","keepDiskData":false}""")]
    [InlineData("reinstall --selector rack=7 --keep-disk --reason new", """{"selector":"rack=7","state":{"state":"configured","keepDiskData":true},"reason":"new" """)]
    [InlineData("enable -l rack=7", """{"selector":"rack=7","change":{"enabled":true}""")]
    [InlineData("disable --tag rack=7", """{"selector":"rack=7","change":{"enabled":false}""")]
    [InlineData("delete --tag rack=7 --force", """{"selector":"rack=7","delete":{"force":true}""")]
    [InlineData("set --tag rack=7 profile storage", """{"selector":"rack=7","change":{"profile":"storage"}""")]
    [InlineData("set --tag rack=7 state configured --keep-disk-data", """{"selector":"rack=7","state":{"state":"configured","keepDiskData":true}""")]
    [InlineData("set --tag rack=7 cabinet c7", """{"selector":"rack=7","change":{"cabinet":"c7"}""")]
    [InlineData("override --tag rack=7 swap_size 8G --reason why", """{"selector":"rack=7","override":{"name":"swap_size","value":"8G"},"reason":"why" """)]
    [InlineData("override -l rack=7,state=running --remove swap_size", """{"selector":"rack=7,state=running","override":{"name":"swap_size"}""")]
    [InlineData("set --tag rack=7 etcdtoken 6c1f", """{"selector":"rack=7","override":{"name":"etcd_token","value":"6c1f"}""")]
    public async Task Each_asks_the_server_what_would_be_and_with_a_yes_confirms_it(string line, string change)
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);

        // One of them is refused.
        Assert.Equal(ExitCode.Failed, await run.RunAsync([.. line.Split(' '), "--yes"]));

        change = change.TrimEnd();
        Assert.Equal([change + "}", Confirmed(change)], api.Requests.Select(request => request.Body));
    }

    [Fact]
    public async Task A_person_sees_what_would_be_before_the_question()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);
        (run.IsAttended, run.Input) = (true, "n\n");

        Assert.Equal(ExitCode.Failed, await run.RunAsync("reinstall", "--tag", "rack=7"));

        Assert.Equal(
            """
            SERIAL  STATE       WOULD BE   DETAIL
            a       running     changed    updated state to configured
            b       configured  unchanged  -
            c       running     refused    Machine c is disabled.
            Install again at the next network boot, which wipes the disk with the operating system: 1 machine? [y/N] Nothing was changed.

            """,
            run.Error);
        Assert.Equal("", run.Out);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("table", """
        SERIAL  STATE       WOULD BE   DETAIL
        a       running     changed    updated state to configured
        b       configured  unchanged  -
        c       running     refused    Machine c is disabled.
        1 machine would be changed, 1 would be as they are, 1 would be refused

        """)]
    [InlineData("name", "a\n")]
    public async Task A_dry_run_changes_nothing(string format, string told)
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("delete", "--tag", "rack=7", "--dry-run", "-o", format));

        Assert.Equal(("", told), (run.Error, run.Out));
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("""{"isDryRun":true,"items":[]}""", ExitCode.NotFound, "No machine is selected; 'mayuctl list' with the same options shows which are\n")]
    [InlineData("""{"isDryRun":true,"unchanged":1,"items":[{"serial":"a","outcome":"unchanged","state":"running"}]}""", ExitCode.Ok, "SERIAL  STATE    WOULD BE   DETAIL\na       running  unchanged  -\n0 machines would be changed, 1 would be as they are, 0 would be refused\n")]
    public async Task Where_nothing_would_change_nothing_is_asked(string answer, int code, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, answer);
        var run = CtlRun.Against(api);

        Assert.Equal(code, await run.RunAsync("enable", "--tag", "rack=7"));

        Assert.Equal(("", told), (run.Error, run.Out));
    }

    [Fact]
    public async Task What_the_server_warns_of_is_told_before_the_question_and_with_the_answer()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Line, Looked.Replace("\"changed\":1", "\"warning\":\"No template has the name swap.\",\"changed\":1", StringComparison.Ordinal));
        var run = CtlRun.Against(api);
        (run.IsAttended, run.Input) = (true, "y\n");

        Assert.Equal(ExitCode.Failed, await run.RunAsync("override", "--tag", "rack=7", "swap", "8G"));

        Assert.Equal(2, run.Error.Split("mayuctl: warning: No template has the name swap.\n").Length - 1);
        Assert.Contains("warning: No template has the name swap.\nSet the override swap, for the next installation: 1 machine? [y/N] ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reinstall a --dry-run --keep-disk", """ "state":{"state":"configured","keepDiskData":true}""")]
    [InlineData("delete a --dry-run --force", """ "delete":{"force":true}""")]
    [InlineData("disable a --dry-run", """ "change":{"enabled":false}""")]
    [InlineData("set a profile storage --dry-run", """ "change":{"profile":"storage"}""")]
    [InlineData("override a swap_size 8G --dry-run", """ "override":{"name":"swap_size","value":"8G"}""")]
    [InlineData("override a --remove swap_size --dry-run", """ "override":{"name":"swap_size"}""")]
    public async Task A_dry_run_of_one_machine_looks_at_it_alone(string line, string change)
    {
        await using var api = await ApiAsync();
        api.Answer("GET /api/v1/machines/a", """{"serial":"a","hasRecord":true,"state":"running"}""");
        var run = CtlRun.Against(api);

        // Another one of the answer is refused.
        Assert.Equal(ExitCode.Failed, await run.RunAsync(line.Split(' ')));

        Assert.Equal(["", "{\"selector\":\"serial=a\"," + change.TrimStart() + "}"], api.Requests.Select(request => request.Body));
        Assert.Contains("a       running     changed    updated state to configured", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_a_machine_without_a_record_says_that_there_is_none()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines/a", """{"serial":"a","hasRecord":false,"state":"unknown"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("reinstall", "a", "--dry-run"));

        Assert.Equal("mayuctl: a was only seen booting and has no record, so there is nothing to change\n", run.Error);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_dry_run_of_a_serial_that_no_selector_can_name_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines/a%2Cb", """{"serial":"a,b","hasRecord":true,"state":"running"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("delete", "a,b", "--dry-run"));

        Assert.Equal("mayuctl: there is no dry run for 'a,b': a selector cannot name a serial with a comma, a bar or a star.\n", run.Error);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_value_from_the_standard_input_is_set_for_all_that_are_selected()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);
        run.Input = "hello\n";

        Assert.Equal(ExitCode.Failed, await run.RunAsync("override", "--tag", "rack=7", "motd", "-", "--yes"));

        Assert.All(api.Requests, request => Assert.Contains("""{"name":"motd","value":"hello"}""", request.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reinstall", "Name a machine, or select machines")]
    [InlineData("reinstall a --tag rack=7", "not both")]
    [InlineData("set --tag rack=7 a profile core", "Give a property and a value; the machines are those that are selected.")]
    [InlineData("set profile core", "Give a serial, a property and a value; or")]
    [InlineData("override swap_size 8G", "Give a serial, a name and a value, or a serial and --remove NAME; or leave")]
    [InlineData("override --tag rack=7 a swap_size 8G", "Give a name and a value, or --remove NAME; the machines are those that are selected.")]
    [InlineData("override --tag rack=7 a --remove swap_size", "the machines are those that are selected.")]
    [InlineData("override --remove swap_size", "Give a serial")]
    [InlineData("set --tag rack=7 colour red", "'colour' is not a property")]
    [InlineData("set --tag rack=7 state red", "'red' is not a state")]
    [InlineData("delete --tag rack", "--tag 'rack' is not NAME=VALUE of a tag")]
    [InlineData("delete --tag rack!=7", "--tag 'rack!=7' is not NAME=VALUE of a tag; --selector takes NAME!=VALUE, and profile, state, serial, enabled.")]
    [InlineData("delete --tag state=running", "--tag 'state=running' is not NAME=VALUE of a tag")]
    [InlineData("delete --profile core|storage", "--profile 'core|storage': name one, without a comma or a bar")]
    [InlineData("set a profil core", "'profil' is not a property; did you mean 'profile'?")]
    [InlineData("set --tag rack=7 a profil core", "Give a property and a value; the machines are those that are selected.")]
    [InlineData("delete --tag a=1,b=2", "--tag 'a=1,b=2': name one, without a comma or a bar")]
    [InlineData("delete --profile core,x", "--profile 'core,x': name one, without a comma or a bar")]
    [InlineData("delete --state red", "red")]
    public async Task What_cannot_be_meant_is_a_wrong_command_line(string line, string told)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Usage, await run.RunAsync(line.Split(' ')));

        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    private static string Confirmed(string change) => change.Contains("\"reason\"", StringComparison.Ordinal)
        ? change.Replace(",\"reason\"", ",\"confirm\":\"c0ffee\",\"reason\"", StringComparison.Ordinal) + "}"
        : change + ",\"confirm\":\"c0ffee\"}";

    private static async Task<FakeApi> ApiAsync()
    {
        var api = await FakeApi.StartAsync();
        return api.Answer(Line, Looked);
    }
}
