using Mayu.Linux.Tests;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Secrets;

namespace Mayu.Server.Tests.Secrets;

public sealed class SecretStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-secrets-").FullName;

    [Fact]
    public void A_secret_comes_from_a_file_the_environment_or_a_program_without_its_last_line_end()
    {
        Write("a", "from a file\n");
        Environment.SetEnvironmentVariable("SECRET_STORE_TEST", "from outside");
        var store = Open(
            new SecretSetting("file") { File = Path.Combine(_folder, "a") },
            new SecretSetting("outside") { Environment = "SECRET_STORE_TEST" },
            new SecretSetting("program") { Command = ["printf", "%s\\r\\n", "from $HOME; `a`"] });

        Assert.Equal(["from a file", "from outside", "from $HOME; `a`"], new[] { "file", "outside", "program" }.Select(name => Read(store, name, "m")));
        Assert.False(store.Has("other"));
        Assert.False(store.TryRead("other", SerialOf("m"), out _, out var problem));
        Assert.Equal("there is no secret other", problem);
    }

    [Fact]
    public void Each_machine_has_its_own_file_and_no_serial_leads_out_of_the_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        Write("keys/m-1", "of m-1");
        Write("keys/a%2Fb", "of a/b");
        Write("stolen", "not for you");
        var store = Open(new SecretSetting("key") { File = Path.Combine(_folder, "keys", "{serial}") });

        Assert.Equal("of m-1", Read(store, "key", "m-1"));
        Assert.Equal("of a/b", Read(store, "key", "a/b"));
        foreach (var serial in new[] { "m-2", "../stolen", "...." })
        {
            Assert.False(store.TryRead("key", SerialOf(serial), out _, out var problem), serial);
            Assert.StartsWith("there is no file ", problem, StringComparison.Ordinal);
        }

        // Read when it is needed: a machine that comes later has its file by then.
        Write("keys/m-2", "of m-2");
        Assert.Equal("of m-2", Read(store, "key", "m-2"));
    }

    [Theory]
    [InlineData("abc", "shorter than 4 characters")]
    [InlineData("\n", "it is empty")]
    public void A_secret_that_is_none_is_told_without_it(string text, string expected)
    {
        Write("a", text);
        Assert.Contains(expected, Assert.Single(Problems(new SecretSetting("x") { File = Path.Combine(_folder, "a") })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_its_place_does_not_hold_the_start()
    {
        var pipe = Path.Combine(_folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var problems = await Task.Run(() => Problems(new SecretSetting("x") { File = pipe }), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains($"{pipe} cannot be used: it is not a regular file", Assert.Single(problems), StringComparison.Ordinal);
    }

    public static TheoryData<string[], string> Commands => new()
    {
        { ["/no/such/program"], "there is no program /no/such/program" },
        { ["no-such-program"], "there is no program no-such-program in PATH" },
        { ["/etc/passwd"], "/etc/passwd cannot be executed by the user " },
        { ["sh", "-c", "echo hunter2 >&2; exit 3"], "sh ended with 3; what it says may hold the secret and is not repeated: run it as the user " },
        { ["sh", "-c", "head -c 70000 /dev/zero"], "printed more than 65536 characters" },
        { ["sh", "-c", "head -c 200000 /dev/zero >&2; exit 5"], "ended with 5" },
        { ["true"], "it is empty" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_program_that_brings_none_is_told_and_nothing_that_it_printed(string[] command, string expected)
    {
        var problem = Assert.Single(Problems(new SecretSetting("x") { Command = [.. command] }));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_the_program_leaves_behind_is_not_waited_for()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        var store = Open(new SecretSetting("x") { Command = ["sh", "-c", "sleep 9 & echo hunter2"] });
        Assert.Equal("hunter2", Read(store, "x", "m"));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(8), $"it took {started.Elapsed}");
    }

    [Fact]
    public void What_permissions_keep_from_this_user_the_server_may_be_able_to_read_and_what_is_missing_it_cannot()
    {
        Write("a", "hunter2");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var (closed, own) = (new SecretSetting("x") { File = Path.Combine(_folder, "a") }, new SecretSetting("y") { File = Path.Combine(_folder, "{serial}") });
        if (Environment.IsPrivilegedProcess)
        {
            var (secret, file) = OtherUser.Do(() => (Assert.Single(SecretStore.Open([closed]).Unreadable), SecretStore.Open([own]).OwnFile("y", SerialOf("a"))!));
            Assert.True(secret.IsOnlyHere);
            Assert.Contains($"{_folder} is not readable for the user ", secret.Problem, StringComparison.Ordinal);
            Assert.Equal(new OwnSecretFile(Path.Combine(_folder, "a"), Path.Combine(_folder, "{serial}"), IsClosed: true), file);
        }

        Assert.False(SecretStore.Open([own]).OwnFile("y", SerialOf("b"))!.IsClosed);
        Assert.False(Assert.Single(SecretStore.Open([new SecretSetting("x") { File = Path.Combine(_folder, "b") }]).Unreadable).IsOnlyHere);
        Assert.False(Assert.Single(SecretStore.Open([new SecretSetting("x") { Command = ["false"] }]).Unreadable).IsOnlyHere);
    }

    [Fact]
    public void A_file_that_every_user_can_read_is_told()
    {
        Write("a", "hunter2");
        var file = Path.Combine(_folder, "a");
        var setting = new SecretSetting("x") { File = file };
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal($"every user of this host can read {file}: chmod o-rwx {file}", Assert.Single(Open(setting).Exposed([])));
        Assert.Equal($"every user of this host can read {file}: chmod o-rwx {file}", Assert.Single(Open(new SecretSetting("x") { File = Path.Combine(_folder, "{serial}") }).Exposed([SerialOf("a"), SerialOf("b")])));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Empty(Open(setting).Exposed([]));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Empty(Open(setting).Exposed([]));
    }

    [Theory]
    [InlineData("{name: x}", "none is set")]
    [InlineData("{name: x, file: /a, environment: B}", "2 are set")]
    [InlineData("{name: x, file: a}", "is not an absolute path")]
    [InlineData("{name: x-y, file: /a}", "is not a name")]
    [InlineData("{name: x, file: /a}, {name: x, file: /b}", "there are 2 secrets with the name \"x\"")]
    public void A_wrong_entry_is_told(string entries, string expected)
    {
        var reader = ConfigurationReader.Read("test.yaml", $$"""
            network:
              interface: eth1
              address: 10.0.0.1
              subnet: 10.0.0.0/24
              bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
              internal_range: {start: 10.0.0.10, end: 10.0.0.99}
            defaults: {image: os-1}
            secrets: [{{entries}}]
            """, OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        Assert.Contains(reader.Problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SecretStore Open(params SecretSetting[] settings) =>
        SecretStore.TryOpen([.. settings], out var store, out var problems) ? store : throw new InvalidOperationException(string.Join("; ", problems));

    private static IReadOnlyList<string> Problems(SecretSetting setting)
    {
        Assert.False(SecretStore.TryOpen([setting], out _, out var problems));
        return problems;
    }

    private static string Read(SecretStore store, string name, string serial) =>
        store.TryRead(name, SerialOf(serial), out var value, out var problem) ? value : throw new InvalidOperationException(problem);

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out var refusal) ? serial : throw new InvalidOperationException(refusal);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
