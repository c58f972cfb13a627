using Mayu.Client;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("lst", "did you mean 'list'?")]
    [InlineData("list --feilds serial", "did you mean '--fields'?")]
    [InlineData("list --sever x", "did you mean '--server'?")]
    [InlineData("--verison", "did you mean '--version'?")]
    [InlineData("list --fields serial,colour", "'colour' is not a column")]
    [InlineData("list --state dead", "'dead'")]
    [InlineData("list -o xml", "'xml'")]
    [InlineData("list --timeout 0", "--timeout '0'")]
    [InlineData("list --timeout soon", "--timeout 'soon'")]
    [InlineData("list extra", "'extra' is not an argument of list")]
    [InlineData("status", "'serial'")]
    [InlineData("set vm-001 colour red", "'colour'")]
    [InlineData("set vm-001 state", "Give a serial, a property and a value")]
    [InlineData("set vm-001 state red", "'red'")]
    [InlineData("set vm-001 enabled maybe", "'maybe'")]
    [InlineData("set vm-001 profile core --keep-disk-data", "--keep-disk-data")]
    [InlineData("override vm-001", "--remove NAME")]
    [InlineData("override vm-001 x", "--remove NAME")]
    [InlineData("override vm-001 x 1 --remove x", "--remove NAME")]
    [InlineData("resolve vm-001", "one of --accept, --separate and --dismiss")]
    [InlineData("resolve vm-001 --accept --dismiss", "one of --accept, --separate and --dismiss")]
    [InlineData("rollback vm-001", "--to")]
    [InlineData("rollback vm-001 --to yesterday!", "'yesterday!'")]
    [InlineData("status vm-001 --at 12345", "'12345'")]
    [InlineData("history --since c0ffee00", "'c0ffee00'")]
    [InlineData("history --since 2026-01-02T03:04:05", "RFC 3339")]
    [InlineData("pin vm-001", "--profile")]
    [InlineData("reserve vm-001", "'address'")]
    [InlineData("history --limit 0", "--limit '0'")]
    [InlineData("", "Usage:")]
    public async Task A_wrong_command_line_is_explained_on_stderr(string line, string reason)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Usage, await run.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("lst", "Try 'mayuctl --help'.")]
    [InlineData("list --feilds serial", "Try 'mayuctl list --help'.")]
    [InlineData("set vm-001 colour red", "Try 'mayuctl set --help'.")]
    public async Task The_help_to_read_is_that_of_the_command(string line, string expected)
    {
        var run = new CtlRun();

        await run.RunAsync(line.Split(' '));

        Assert.EndsWith($"\n{expected}\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAYU_TOKEN_FLIE", "MAYU_TOKEN_FILE")]
    [InlineData("MAYU_SERVR", "MAYU_SERVER")]
    public async Task A_variable_that_is_nearly_one_of_ours_is_refused(string name, string meant)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        run.Environment[name] = "x";

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list"));

        Assert.Equal($"mayuctl: the environment variable {name} means nothing to mayuctl; did you mean {meant}? Correct its name, or unset it\n", run.Error);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("MAYU_CONFIG")]
    [InlineData("MAYU_NETWORK_INTERFACE")]
    [InlineData("MAYU_API_PORT")]
    [InlineData("MAYU_PORT")]
    [InlineData("MAYU_SERVICE_HOST")]
    public async Task The_servers_variables_may_be_there(string name)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[]}""");
        var run = CtlRun.Against(api);
        run.Environment[name] = "x";

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("list --help")]
    [InlineData("status --help")]
    [InlineData("set --help")]
    [InlineData("history --help")]
    [InlineData("override --help")]
    [InlineData("delete --help")]
    [InlineData("resolve --help")]
    [InlineData("rollback --help")]
    [InlineData("pin --help")]
    [InlineData("reserve --help")]
    [InlineData("unpin --help")]
    [InlineData("pins --help")]
    [InlineData("profiles --help")]
    [InlineData("addresses --help")]
    [InlineData("version --help")]
    public async Task Help_has_examples_and_exit_codes(string line)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));

        Assert.Contains("Examples:\n  mayuctl ", run.Out, StringComparison.Ordinal);
        Assert.Contains("3    the server could not be reached, or does not allow it", run.Out, StringComparison.Ordinal);
        // What all commands take is explained once.
        Assert.Equal(line == "--help", run.Out.Contains("MAYU_TOKEN_FILE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flag_comes_before_the_environment()
    {
        await using var api = await FakeApi.StartAsync();
        await using var other = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"a"}]}""");
        var run = CtlRun.Against(other);
        run.Environment["MAYU_TOKEN"] = "from-the-environment";

        Assert.Equal(ExitCode.Ok, await run.RunAsync("list", "--server", api.Url, "--ca", api.CaFile, "--token-file", api.TokenFile));

        Assert.Equal("Bearer " + FakeApi.Token, Assert.Single(api.Requests).Authorization);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_token_in_the_environment_comes_before_a_file_in_the_environment()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        run.Environment["MAYU_TOKEN"] = "from-the-environment";

        await run.RunAsync("list");

        Assert.Equal("Bearer from-the-environment", Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_its_own_exit_code()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Unreachable, await run.RunAsync("list", "--server", "https://127.0.0.1:1"));

        Assert.Equal("mayuctl: no connection to 127.0.0.1:1: Connection refused\n  is mayu running there, and is the port right?\n", run.Error);
    }

    [Theory]
    [InlineData(true, "mayuctl: no connection to\n127.0.0.1:1: Connection\nrefused\n  is mayu running there, and\n  is the port right?\n")]
    [InlineData(false, "mayuctl: no connection to 127.0.0.1:1: Connection refused\n  is mayu running there, and is the port right?\n")]
    public async Task A_terminal_breaks_messages_between_words(bool isTerminal, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        var run = new CtlRun { IsErrorTerminal = isTerminal, Width = 30 };
        run.Environment["MAYU_CA"] = api.CaFile;
        run.Environment["MAYU_TOKEN_FILE"] = api.TokenFile;

        await run.RunAsync("list", "--server", "https://127.0.0.1:1");

        Assert.Equal(expected, run.Error);
    }

    [Fact]
    public async Task A_token_file_that_cannot_be_read_is_a_usage_error()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--token-file", "/nonexistent"));

        Assert.Contains("/nonexistent", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_says_where_the_right_one_is()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("GET /api/v1/machines", 401, "Unauthorized", "the token is not known");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Unreachable, await run.RunAsync("list"));

        Assert.Contains("operator-token", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeApi.Token, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_tells_requests_answers_and_causes_but_no_token()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[]}""");
        var good = CtlRun.Against(api);
        var bad = CtlRun.Against(api);

        await good.RunAsync("list", "--debug");
        await bad.RunAsync("list", "--debug", "--server", "https://127.0.0.1:1");

        Assert.Contains($"GET {api.Url}/api/v1/machines", good.Error, StringComparison.Ordinal);
        Assert.Contains("200 application/json", good.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeApi.Token, good.Error + bad.Error, StringComparison.Ordinal);
        Assert.Contains("HttpRequestException", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_has_its_own_exit_code_and_no_stack_trace()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Interrupted, await run.RunAsync(new CancellationToken(canceled: true), "list"));

        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData(true, ExitCode.Ok)]
    [InlineData(false, ExitCode.Unreachable)]
    public async Task On_its_host_the_server_is_found_by_the_file_that_it_left(bool isThere, int code)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[]}""");
        var run = CtlRun.Against(api);
        run.Environment.Remove("MAYU_SERVER");
        var file = Path.Combine(Path.GetDirectoryName(api.CaFile)!, ServerUrlFile.Name);
        await File.WriteAllTextAsync(file, (isThere ? api.Url : "https://127.0.0.1:1") + "\n", TestContext.Current.CancellationToken);

        Assert.Equal(code, await run.RunAsync("list"));
    }
}
