using System.Globalization;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>mayuctl doctor</c>: what the client sees, and what the server says.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mayu-root-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_worst_comes_first_and_an_error_is_exit_code_1()
    {
        await using var api = await ApiAsync("""
            {"id":"token","status":"ok","what":"the token operator has the role admin"},
            {"id":"clock","status":"warning","what":"no time service keeps the server's clock right.","remedy":"Run one."},
            {"id":"images","status":"error","what":"no image"}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Equal("", run.Error);
        Assert.Matches(
            $"""
            ^STATUS   CHECK       WHAT
            error    images      no image
            warning  clock-skew  the server's clock is \d+ s ahead of the clock of this host\. Run a time service on both, chrony for example\. Times in `history` and `trace` are the server's\.
            warning  clock       no time service keeps the server's clock right\. Run one\.
            ok       server      {api.Url} answers, within \d+ ms
            ok       connection  TLS; the server's certificate is believed, and valid until 2100-01-01
            ok       version     this program and the server are 0\.1\.0
            ok       token       the token operator has the role admin
            1 error, 2 warnings, 0 unknown, 4 ok
            $
            """.TrimEnd() + "$", run.Out);
        Assert.Equal(["GET /api/v1/doctor", "GET /api/v1/version", "GET /healthz"], api.Requests.Select(request => request.Line).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_warnings_only_it_is_exit_code_0()
    {
        await using var api = await ApiAsync("""{"id":"dhcp-servers","status":"unknown","what":"x"}, {"id":"new","status":"odd","what":"y"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("doctor", "-o", "json"));

        Assert.Contains("\"status\": \"odd\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_take_is_an_error_of_the_token()
    {
        await using var api = await ApiAsync("");
        api.Problem("GET /api/v1/doctor", 401, "The token is missing or wrong", "Send it.").Problem("GET /api/v1/version", 401, "x", "y");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Contains("error    token       The token is missing or wrong: Send it. compare the token", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_version_and_one_that_has_no_doctor_are_told()
    {
        await using var api = await ApiAsync("");
        api.Answer("GET /api/v1/version", """{"version":"9.9.9"}""").Problem("GET /api/v1/doctor", 404, "Not found", "The API has no such path.");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("doctor"));

        Assert.Contains("warning  version     mayuctl is 0.1.0, the server 9.9.9. Install the same version of both.", run.Out, StringComparison.Ordinal);
        Assert.Contains("unknown  checks      the server's version does not check itself. Update the server.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_server_behind_the_port_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /healthz", "fine");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Contains("error   server  this is not the API of a Mayu server", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        run.Environment["MAYU_SERVER"] = "https://nosuch.invalid:4080";

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Contains("error   server  the host name nosuch.invalid cannot be resolved", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("  host  ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_is_not_there_is_told_and_a_wrong_variable()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        run.Environment["MAYU_TOKEN_FILE"] = "/nonexistent";
        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));
        Assert.Contains("error   settings  the operator's token cannot be read", run.Out, StringComparison.Ordinal);

        run.Environment["MAYU_SERVR"] = "x";
        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));
        Assert.Contains("did you mean MAYU_SERVER?", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "nothing listens on port 1/tcp of this host: mayu does not run, or its API has another port. Start mayu, or read its log; mayu config check tells what keeps it from starting")]
    [InlineData("nginx", "port 1/tcp is taken by nginx (process 7). If that is not mayu")]
    [InlineData("mayu", "mayu (process 7) has port 1/tcp, and does not answer as it should. Read its log")]
    public async Task On_its_own_host_a_server_that_does_not_answer_is_told_by_who_has_the_port(string program, string told)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        // Nobody listens there.
        (run.Environment["MAYU_SERVER"], run.Root) = ("https://127.0.0.1:1", _root);
        WriteSockets(program.Length > 0 ? [("tcp", 1, "0A")] : [("tcp", 1, "01")], program);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Contains("error   server  no connection to 127.0.0.1:1", run.Out, StringComparison.Ordinal);
        Assert.Contains($"error   host    {told}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_ports_that_mayu_needs_is_told_too()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);
        (run.Environment["MAYU_SERVER"], run.Root) = ("https://127.0.0.1:1", _root);
        WriteSockets([("udp", 67, "07"), ("tcp6", 4081, "0A")], "dnsmasq");

        Assert.Equal(ExitCode.Failed, await run.RunAsync("doctor"));

        Assert.Contains("warning  host    port 67/udp is taken by dnsmasq (process 7). If mayu needs this port, it cannot start", run.Out, StringComparison.Ordinal);
        Assert.Contains("warning  host    port 4081/tcp is taken by dnsmasq (process 7).", run.Out, StringComparison.Ordinal);
    }

    // As proc(5) shows them: a process 7 that has all of them.
    private void WriteSockets(IReadOnlyList<(string Table, int Port, string State)> sockets, string program)
    {
        Directory.CreateDirectory(Path.Combine(_root, "proc/net"));
        var open = Directory.CreateDirectory(Path.Combine(_root, "proc/7/fd")).FullName;
        File.WriteAllText(Path.Combine(_root, "proc/7/comm"), program + "\n");
        foreach (var ((table, port, state), i) in sockets.Select((socket, i) => (socket, i)))
        {
            var inode = 1000 + i;
            var address = table.EndsWith('6') ? new string('0', 32) : new string('0', 8);
            File.AppendAllText(
                Path.Combine(_root, "proc/net", table),
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                + string.Create(CultureInfo.InvariantCulture, $"   0: {address}:{port:X4} {address}:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0000000000000000 100 0 0 10 0\n"));
            File.CreateSymbolicLink(Path.Combine(open, i.ToString(CultureInfo.InvariantCulture)), $"socket:[{inode}]");
        }
    }

    private static async Task<FakeApi> ApiAsync(string findings)
    {
        var api = await FakeApi.StartAsync();
        return api.Answer("GET /healthz", "ok\n", type: "text/plain").Answer("GET /api/v1/version", """{"version":"0.1.0"}""").Answer("GET /api/v1/doctor", $$"""{"items":[{{findings}}]}""");
    }
}
