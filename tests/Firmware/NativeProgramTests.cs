using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>What the native programs do otherwise than those that the other tests run: native code has no way back from some calls of libraries.</summary>
public sealed class NativeProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-native-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // libgit2's search for a repository found none.
    [Fact]
    public async Task Mayu_diff_shows_what_a_changed_variable_changes()
    {
        var config = Path.Combine(_folder, "config.yaml");
        await WriteAsync("one");
        foreach (var git in (string[][])[["init", "--quiet"], ["add", "config.yaml"], ["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "--message", "one"]])
        {
            Assert.Equal(0, (await Tool.RunAsync("git", ["-C", _folder, .. git], cancellation: Cancellation)).ExitCode);
        }

        var same = await Tool.RunAsync(LabFiles.Mayu, ["diff", "--from", "HEAD", "--config", config], cancellation: Cancellation);
        Assert.True(same.ExitCode == 0, same.Output);
        await WriteAsync("two");
        var changed = await Tool.RunAsync(LabFiles.Mayu, ["diff", "--from", "HEAD", "--config", config], cancellation: Cancellation);
        Assert.True(changed.ExitCode == 1, changed.Output);
        Assert.Contains("HR4f one", changed.Output, StringComparison.Ordinal);
        Assert.Contains("HR4f two", changed.Output, StringComparison.Ordinal);

        Task WriteAsync(string comment) => File.WriteAllTextAsync(
            config,
            $$"""
            data_dir: {{_folder}}/data
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: {start: 127.0.0.100, end: 127.0.0.150}
            defaults: {image: os}
            vars: {ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f {{comment}}]}

            """,
            Cancellation);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
