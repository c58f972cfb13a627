using Mayu.Primitives;
using Mayu.Server.Configuration;
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
        { ["/no/such/program"], "cannot be started" },
        { ["sh", "-c", "echo hunter2 >&2; exit 3"], "ended with 3" },
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
