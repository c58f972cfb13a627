using System.Text;
using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.CommandLine;

namespace Mayu.InfoPusher.Tests;

public sealed class ProgramTests : IDisposable
{
    private const string Config = """{"ignition":{"version":"3.3.0"}}""";

    private readonly FakeHost _host = new FakeHost().Dmi("QEMU", "PC", "VM-001", "").Nic("eth0", "52:54:00:00:00:01", "virtio_net", link: true);
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Show_prints_the_facts_as_json()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("show", "--root", _host.Root));

        Assert.Equal("VM-001", JsonSerializer.Deserialize(Output, BootJsonContext.Default.FactsReport)!.Dmi!.Serial);
    }

    [Fact]
    public async Task Serial_asks_the_server_what_the_machine_is_called_and_prints_that_alone()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, "vm-001\n", "text/plain"));

        Assert.Equal(ExitCode.Ok, await RunAsync("serial", "--url", server.Url, "--root", _host.Root));

        Assert.Equal("vm-001\n", Output);
        Assert.StartsWith("GET /final-ignition-config.json?serial=VM-001&uuid=&mac=52%3A54%3A00%3A00%3A00%3A01&board= HTTP/1.1\r\n", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_the_server_has_no_name_for_is_told_why()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(400, """{"title":"The machine sent nothing that identifies it"}""", "application/problem+json"));

        Assert.Equal(ExitCode.Refused, await RunAsync("serial", "--url", server.Url, "--root", _host.Root));

        Assert.Contains("sent nothing that identifies it", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await RunAsync("serial", "--root", _host.Root));
        Assert.Contains("serial requires --url", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serial_without_a_server_ends_with_a_sentence()
    {
        Assert.Equal(ExitCode.Unreachable, await RunAsync("serial", "--url", "http://127.0.0.1:1/serial", "--timeout", "5", "--root", _host.Root));

        Assert.StartsWith("infopusher: http://127.0.0.1:1: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_writes_down_what_the_server_calls_the_machine()
    {
        var answer = ScriptedServer.Answer(200, Config).Replace("\r\n\r\n", "\r\nMayu-Serial: a%2Fb%25\r\n\r\n", StringComparison.Ordinal);
        await using var server = new ScriptedServer(answer);
        var file = Path.Combine(_host.Root, "serial");

        Assert.Equal(ExitCode.Ok, await PushAsync(server.Url, "--serial-output", file));

        Assert.Equal("a/b%\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Push_posts_the_facts_and_prints_the_config()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, Config));

        Assert.Equal(ExitCode.Ok, await PushAsync(server.Url));

        Assert.Equal(Config, Output);
        Assert.StartsWith("POST /final-ignition-config.json HTTP/1.1\r\n", server.Requests[0], StringComparison.Ordinal);
        var facts = JsonSerializer.Deserialize(server.Requests[0].Split("\r\n\r\n")[1], BootJsonContext.Default.FactsReport)!;
        Assert.Equal(("", "VM-001"), (facts.Serial, facts.Dmi!.Serial));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Push_sends_the_serial_it_was_given()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, Config));

        Assert.Equal(ExitCode.Ok, await PushAsync(server.Url, "--serial", "other"));

        Assert.Contains("\"Serial\":\"other\"", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_writes_the_config_to_a_file_that_only_its_owner_reads_and_leaves_nothing_else()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, Config));
        var folder = Directory.CreateDirectory(Path.Combine(_host.Root, "out")).FullName;
        var file = Path.Combine(folder, "config.ign");
        await File.WriteAllTextAsync(file, "old and longer than the new one, so that a rest of it would show", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Ok, await PushAsync(server.Url, $"--output={file}"));

        Assert.Equal(Config, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        Assert.Equal("", Output);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, Config));

        Assert.Equal(ExitCode.CannotWrite, await PushAsync(server.Url, "--output", "/nonexistent/config.ign"));

        Assert.Contains("/nonexistent/config.ign", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_final_and_says_the_problem()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Answer(409, """{"title":"No address is free","detail":"the pool 10.1.0.2-10.1.0.4 is\u001b[2J full"}""", "application/problem+json"));

        Assert.Equal(ExitCode.Refused, await PushAsync(server.Url, "--retries", "5"));

        Assert.Equal("infopusher: the server refused: HTTP 409: No address is free: the pool 10.1.0.2-10.1.0.4 is?[2J full\n", _error.ToString());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_refusal_in_plain_text_is_shown_as_it_is()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(400, "no serial", "text/plain"));

        Assert.Equal(ExitCode.Refused, await PushAsync(server.Url));

        Assert.Contains("HTTP 400: no serial", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_config_is_no_config()
    {
        await using var server = new ScriptedServer(ScriptedServer.Answer(200, ""));

        Assert.Equal(ExitCode.Refused, await PushAsync(server.Url));
    }

    [Fact]
    public async Task Failures_and_cut_answers_are_tried_again_with_a_line_each()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Answer(503, """{"title":"not ready"}"""),
            ScriptedServer.Answer(200, Config)[..^5],
            ScriptedServer.Answer(200, Config));

        Assert.Equal(ExitCode.Ok, await PushAsync(server.Url));

        Assert.Equal(Config, Output);
        var lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("HTTP 503: not ready; try 1 of 11", lines[0], StringComparison.Ordinal);
        Assert.Contains("closed the connection", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_the_tries_with_its_own_exit_code()
    {
        Assert.Equal(ExitCode.Unreachable, await PushAsync("http://127.0.0.1:1/x", "--retries", "1"));

        Assert.Contains("refused", _error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_after_the_timeout()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        Assert.Equal(ExitCode.Unreachable, await PushAsync($"http://{silent.LocalEndpoint}/", "--retries", "0", "--timeout", "1"));

        Assert.Contains("no answer within 1 s", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "a command is required")]
    [InlineData("pusch", "'pusch' is not a command")]
    [InlineData("push", "--url")]
    [InlineData("push --url", "--url needs a value")]
    [InlineData("push --urll x", "'--urll' is not an option of push; its options are --url")]
    [InlineData("push --url http://10.0.0.1/ --url http://10.0.0.1/", "twice")]
    [InlineData("push --url http://10.0.0.1/ --timeout 0", "--timeout '0'")]
    [InlineData("push --url http://10.0.0.1/ --retries x", "--retries 'x'")]
    [InlineData("push --url http://mayu/", "'mayu' is a host name")]
    [InlineData("show extra", "'extra' is not an option of show, which has no options")]
    public async Task A_wrong_command_line_is_explained(string line, string reason)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains(reason, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("push --help")]
    [InlineData("help")]
    public async Task Help_names_every_command_option_and_exit_code(string line)
    {
        Assert.Equal(ExitCode.Ok, await RunAsync(line.Split(' ')));

        Assert.All(["show", "push", "--url", "--serial", "--output", "--timeout", "--retries", "130"], word => Assert.Contains(word, Output, StringComparison.Ordinal));
        Assert.All(Output.Split('\n'), text => Assert.True(text.Length <= 110, text));
    }

    private string Output => Encoding.UTF8.GetString(_output.ToArray());

    private Task<int> PushAsync(string url, params string[] more) => RunAsync(["push", "--root", _host.Root, "--url", url, .. more]);

    private Task<int> RunAsync(params string[] words) =>
        new InfoPusherProgram(_output, _error, new HastyClock()).RunAsync(words, TestContext.Current.CancellationToken);
}
