using System.Diagnostics;

namespace Mayu.Storage.Tests.Git;

/// <summary>The real git, with nobody's configuration.</summary>
internal static class GitProgram
{
    public static async Task<string> RunAsync(string directory, params string[] arguments)
    {
        var (exitCode, text) = await TryAsync(directory, arguments);
        Assert.True(exitCode == 0, $"git {string.Join(' ', arguments)}: {text}");
        return text;
    }

    /// <summary>Everything git says that is wrong with the repository; empty when all is well.</summary>
    public static async Task<string> CheckAsync(string directory) => await RunAsync(directory, "fsck", "--strict", "--full", "--no-dangling");

    /// <summary>Waits until the status is clean: the index is written when no change waits.</summary>
    public static async Task<string> StatusAsync(string directory)
    {
        var status = "";
        for (var i = 0; i < 100; i++)
        {
            status = (await TryAsync(directory, ["status", "--porcelain", "--untracked-files=all"])).Text;
            if (status.Length == 0)
            {
                break;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return status;
    }

    /// <summary>Runs git; the text is what it said, or on failure what it complained of.</summary>
    public static async Task<(int ExitCode, string Text)> TryAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", directory, "-c", "user.name=Hand", "-c", "user.email=hand@example.com", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_SYSTEM"] = "/dev/null", ["GIT_EDITOR"] = "true", ["TZ"] = "UTC" },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (process.ExitCode == 0 ? await output : await output + await error).TrimEnd('\n'));
    }
}
