using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Contexts;

namespace Mayu.Ctl.Tests;

/// <summary>Servers by a name, and what comes before what.</summary>
public sealed class ContextTests : IDisposable
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _home = Directory.CreateTempSubdirectory("mayu-home-").FullName;

    private string FilePath => Path.Combine(_home, ".config", "mayu", "config.yaml");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Contexts_are_set_listed_used_and_deleted()
    {
        Assert.Equal((0, $"lab is set in {FilePath}; it is the current context\n", ""), await RunAsync("context set lab --server https://lab:4080 --ca /k/ca.pem --token-file /k/token"));
        Assert.Equal((0, $"prod is set in {FilePath}\n", ""), await RunAsync("context set prod --server https://prod:4080 --ca system"));
        Assert.Equal((0, $"prod is set in {FilePath}\n", ""), await RunAsync("context set prod --token-file /k/prod-token"));
        Assert.Equal((0, "lab\nprod\n", ""), await RunAsync("context list -o name"));
        Assert.Equal((0, "prod is the current context\n", ""), await RunAsync("context use prod"));
        Assert.Equal(
            """
            CURRENT  NAME  SERVER             CA         TOKEN_FILE     CERT
            -        lab   https://lab:4080   /k/ca.pem  /k/token       -
            *        prod  https://prod:4080  system     /k/prod-token  -

            """,
            (await RunAsync("context list")).Out);
        Assert.Equal((0, "prod is removed\n", ""), await RunAsync("context delete prod"));

        Assert.Equal(
            """
            contexts:
              lab:
                server: "https://lab:4080"
                ca: "/k/ca.pem"
                token_file: "/k/token"

            """,
            await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
        Assert.Equal(OnlyOwner, File.GetUnixFileMode(FilePath));
        Assert.Equal(OnlyOwner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public async Task Of_several_that_are_set_at_the_same_time_none_is_lost()
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(() => RunAsync($"context set c{number} --server https://c{number}:4080"))));

        Assert.All(codes, run => Assert.Equal(0, run.Code));
        Assert.Equal(string.Concat(Enumerable.Range(0, 10).Select(number => $"c{number}\n")), (await RunAsync("context list -o name")).Out);
    }

    [Theory]
    [InlineData("context use lib", ExitCode.NotFound, "there is no context 'lib'. There are: lab; did you mean \"lab\"?")]
    [InlineData("context delete other", ExitCode.NotFound, "there is no context 'other'. There are: lab")]
    [InlineData("context set a/b --server https://x", ExitCode.Usage, "'a/b' cannot be the name of a context")]
    [InlineData("context set x", ExitCode.Usage, "say what the context has: --server, --ca, --token-file or --cert")]
    [InlineData("context set x --server ftp://y", ExitCode.Usage, "'ftp://y' is not the URL of a server")]
    [InlineData("context", ExitCode.Usage, "Required command was not provided")]
    [InlineData("list --context other", ExitCode.Usage, "--context: there is no context 'other'; there are: lab. 'mayuctl context set other --server URL' makes it")]
    public async Task What_is_not_there_or_not_possible_is_told(string line, int code, string expected)
    {
        await RunAsync("context set lab --server https://lab:4080");

        var (ended, _, error) = await RunAsync(line);

        Assert.Equal(code, ended);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "current")]
    [InlineData("", "MAYU_CONTEXT=second", "second")]
    [InlineData("--context third", "MAYU_CONTEXT=second", "third")]
    [InlineData("", "MAYU_SERVER=environment", "environment")]
    [InlineData("", "MAYU_CONTEXT=second MAYU_SERVER=environment", "environment")]
    [InlineData("--context third", "MAYU_SERVER=environment", "third")]
    [InlineData("--context third --server flag", "MAYU_SERVER=environment", "flag")]
    public async Task Flags_come_before_the_environment_and_that_before_the_file(string flags, string environment, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        File.SetUnixFileMode(api.TokenFile, OnlyOwner);
        foreach (var name in new[] { "current", "second", "third" })
        {
            api.Answer($"GET /{name}/api/v1/pins", "{\"items\":[{\"key\":\"" + name + "\"}]}");
            await RunAsync($"context set {name} --server {api.Url}/{name} --ca {api.CaFile} --token-file {api.TokenFile}");
        }

        foreach (var name in new[] { "environment", "flag" })
        {
            api.Answer($"GET /{name}/api/v1/pins", "{\"items\":[{\"key\":\"" + name + "\"}]}");
        }

        string Full(string text) => text.Replace("SERVER=environment", $"SERVER={api.Url}/environment", StringComparison.Ordinal).Replace("--server flag", $"--server {api.Url}/flag", StringComparison.Ordinal);

        Assert.Equal((0, expected + "\n", ""), await RunAsync($"pins -o name {Full(flags)}", Full(environment)));
    }

    [Fact]
    public async Task The_token_of_the_environment_goes_to_no_context_that_a_flag_names()
    {
        await using var api = await FakeApi.StartAsync();
        File.SetUnixFileMode(api.TokenFile, OnlyOwner);
        await RunAsync($"context set lab --server {api.Url} --ca {api.CaFile} --token-file {api.TokenFile}");

        await RunAsync("pins --context lab", "MAYU_TOKEN=other");
        await RunAsync("pins", "MAYU_TOKEN=other");

        Assert.Equal(["Bearer " + FakeApi.Token, "Bearer other"], api.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_token_that_others_can_read_is_refused()
    {
        await using var api = await FakeApi.StartAsync();
        File.SetUnixFileMode(api.TokenFile, OnlyOwner | UnixFileMode.OtherRead);
        await RunAsync($"context set lab --server {api.Url} --ca {api.CaFile} --token-file {api.TokenFile}");

        Assert.Equal(
            (ExitCode.Usage, "", $"mayuctl: the token in {api.TokenFile} can be read by every user of this host; remedy: chmod 600 {api.TokenFile}\n"),
            await RunAsync("list"));
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_file_that_others_can_write_is_refused()
    {
        await RunAsync("context set lab --server https://lab:4080");
        File.SetUnixFileMode(FilePath, OnlyOwner | UnixFileMode.GroupWrite);

        Assert.Equal(
            (ExitCode.Usage, "", $"mayuctl: {FilePath} can be written by other users, who could choose the server that gets your token; remedy: chmod go-w {FilePath}\n"),
            await RunAsync("list"));
    }

    [Theory]
    [InlineData("curent: lab", "line 1: 'curent' is not a key of the file; the keys are: current, contexts; did you mean \"current\"?")]
    [InlineData("contexts:\n  lab:\n    server: x\n    token: y", "line 4: 'token' is not a key of the context lab; the keys are: server, ca, token_file")]
    [InlineData("contexts:\n  lab: {server: x}\n  lab: {server: y}", "line 3: 'lab' is there twice")]
    [InlineData("contexts:\n  a b: {server: x}", "line 2: 'a b' cannot be the name of a context")]
    [InlineData("contexts:\n  lab:\n    server: [a]", "line 3: server must be a text")]
    [InlineData("contexts:\n  lab:\n    server: ", "server must be a text")]
    [InlineData("contexts: [a]", "line 1: contexts must be a map of keys and values")]
    [InlineData("- a", "line 1: the file must be a map of keys and values")]
    [InlineData("? [a]\n: b", "line 1: a key must be a word")]
    [InlineData("current: a\n---\ncurrent: b", "line 2: ")]
    [InlineData("current: *a", "line 1: current must be a text")]
    [InlineData("contexts: &a\n   [ *a\n??a:", "it is not valid YAML after this point")]
    [InlineData("contexts:\n  lab: {ca: \"a\\0b\"}", "line 2: ca has a control character")]
    [InlineData("current: \"a", "line 1: ")]
    public void What_is_wrong_in_the_file_is_told_with_its_line(string text, string expected)
    {
        ContextFileText.Read(text, "/f", out var problem);

        Assert.Contains("/f, " + (expected.StartsWith("line", StringComparison.Ordinal) ? expected : ""), problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("contexts: {}\n")]
    public async Task An_empty_file_is_as_good_as_none(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, text, TestContext.Current.CancellationToken);

        Assert.Equal((0, "", "There is no context yet; 'mayuctl context set NAME --server URL' makes one.\n"), await RunAsync("context list"));
    }

    [Fact]
    public async Task A_file_that_is_too_long_is_not_read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, new string('#', ContextFile.MaxLength + 1), TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Usage, "", $"mayuctl: {FilePath} has 65537 bytes; at most 65536 are allowed\n"), await RunAsync("list"));
    }

    [Fact]
    public async Task Xdgs_folder_comes_before_home_and_a_link_stays_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "dotfiles")).FullName;
        var xdg = Directory.CreateDirectory(Path.Combine(_home, "xdg", "mayu")).FullName;
        var link = Path.Combine(xdg, "config.yaml");
        await File.WriteAllTextAsync(Path.Combine(folder, "mayu.yaml"), "contexts: {a: {server: 'https://a'}}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(folder, "mayu.yaml"), OnlyOwner);
        File.CreateSymbolicLink(link, Path.Combine(folder, "mayu.yaml"));
        var environment = $"XDG_CONFIG_HOME={_home}/xdg";

        Assert.Equal((0, $"b is set in {link}\n", ""), await RunAsync("context set b --server https://b", environment));

        Assert.Equal((0, "a\nb\n", ""), await RunAsync("context list -o name", environment));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Paths_are_below_the_files_own_folder()
    {
        var file = ContextFileText.Read("contexts: {a: {ca: ca.pem, token_file: ../t}, b: {ca: system}}", "/etc/x/config.yaml", out var problem);

        Assert.Null(problem);
        Assert.Equal(("/etc/x/ca.pem", "/etc/t", "system"), (file.Contexts["a"].Ca, file.Contexts["a"].TokenFile, file.Contexts["b"].Ca));
    }

    [Fact]
    public async Task Names_are_completed()
    {
        await RunAsync("context set lab --server https://lab:4080");

        Assert.Equal((0, "words\nlab\thttps://lab:4080\n", ""), await RunAsync("__complete context use l"));
        Assert.Equal((0, "words\nlab\thttps://lab:4080\n", ""), await RunAsync("__complete --context l"));
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(string line, string environment = "")
    {
        var run = new CtlRun { Environment = { ["HOME"] = _home } };
        foreach (var variable in environment.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            run.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        }

        return (await run.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), run.Out, run.Error);
    }
}
