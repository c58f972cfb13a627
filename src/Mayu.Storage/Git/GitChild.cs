using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Mayu.Linux.Files;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>What became of a git that was run.</summary>
/// <param name="Failure">Null when it did its work; else what it complained of, without credentials.</param>
/// <param name="Text">What it said on standard output, without white space at the ends.</param>
internal readonly record struct GitAnswer(string? Failure, string Text);

/// <summary>The <c>git</c> program as a child, for what is not on the way of a change. It asks nobody anything. Of this process's environment it has no <c>GIT_…</c>; it reads the system's and the user's git configuration, for credentials of a push.</summary>
internal static partial class GitChild
{
    // Whoever runs away is stopped; what it says is cut.
    private const int MostText = 2000;
    private const int LongestCommand = 4 << 20;

    /// <summary>Whether there is a git to run.</summary>
    public static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "git")));

    /// <summary>Runs git to its end.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="limit">For how long it may run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="started">Told the child's pid.</param>
    /// <param name="cancellationToken">Ends the child.</param>
    /// <param name="arguments">What git is to do.</param>
    /// <exception cref="OperationCanceledException">It was to stop; the child is killed.</exception>
    public static async Task<GitAnswer> RunAsync(
        ClusterLayout layout, TimeSpan limit, TimeProvider time, Action<int>? started, CancellationToken cancellationToken, params string[] arguments)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = new Process { StartInfo = Start(layout, arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new GitAnswer($"git cannot be run: {e.Message}", "");
        }

        try
        {
            started?.Invoke(process.Id);
            process.PriorityClass = ProcessPriorityClass.Idle;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        try
        {
            // pack-objects would wait for names.
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(both.Token);
            var said = await process.StandardOutput.ReadToEndAsync(both.Token);
            var text = await error;
            await process.WaitForExitAsync(both.Token);
            return new GitAnswer(process.ExitCode == 0 ? null : $"git {Named(arguments)} exited with code {process.ExitCode}: {Masked(text)}", said.Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new GitAnswer($"git {Named(arguments)} was stopped after {limit.TotalSeconds:f0} s.", "");
        }
    }

    /// <summary>A text of git's without what stands before the @ of a URL, in one line.</summary>
    public static string Masked(string text)
    {
        var line = string.Join("; ", Credentials().Replace(text, "//***@").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= MostText ? line : line[..MostText];
    }

    /// <summary>Ends a child of a server that was killed, if it still works in this directory.</summary>
    public static void EndLeftOver(ClusterLayout layout, int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            if (BoundedFile.ReadText($"/proc/{pid}/cmdline", LongestCommand).Split('\0') is ["git", "-C", var directory, ..] && directory == layout.Directory)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            // It has ended.
        }
    }

    // Settings come before the command.
    private static string Named(string[] arguments) => arguments.SkipWhile((a, i) => a == "-c" || (i > 0 && arguments[i - 1] == "-c")).First();

    private static ProcessStartInfo Start(ClusterLayout layout, string[] arguments)
    {
        // The directory was named in the configuration, whoever owns it; automatic packing is ours to begin.
        var start = new ProcessStartInfo("git", ["-C", layout.Directory, "-c", "safe.directory=*", "-c", "gc.auto=0", "-c", "maintenance.auto=false", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    [GeneratedRegex(@"//[^/@\s]+@", RegexOptions.NonBacktracking)]
    private static partial Regex Credentials();
}
