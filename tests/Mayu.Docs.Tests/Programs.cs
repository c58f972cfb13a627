using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mayu.Docs.Tests;

/// <summary>What a program said and how it ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record Said(int ExitCode, string Output, string Errors);

/// <summary>The programs of this repository, as the build of these tests has made them.</summary>
internal static class Programs
{
    private static readonly Dictionary<string, string> Projects = new(StringComparer.Ordinal)
    {
        ["mayu"] = "Mayu.Server",
        ["mayuctl"] = "Mayu.Ctl",
        ["infopusher"] = "Mayu.InfoPusher",
    };

    // For this repository's own use; they run on the machine that builds them.
    private static readonly Dictionary<string, string> OwnProjects = new(StringComparer.Ordinal)
    {
        ["mayu-lab"] = "Mayu.Lab",
        ["mayu-bench"] = "Mayu.Bench",
        ["mayu-fuzz"] = "Mayu.Fuzz",
        ["mayu-mutation"] = "Mayu.Mutation",
    };

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Helps = new(StringComparer.Ordinal);

    /// <summary>Whether it is one of ours.</summary>
    public static bool Has(string program) => Projects.ContainsKey(program);

    /// <summary>The folder that a project's program was built into.</summary>
    public static string FolderOf(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(Repository.Root, "artifacts", "bin", project, OwnProjects.ContainsValue(project) ? configuration : $"{configuration}_linux-x64");
    }

    /// <summary>Where a program is.</summary>
    /// <param name="program">One of ours, or one of the clone's scripts.</param>
    public static string PathOf(string program) =>
        Path.Combine(Projects.TryGetValue(program, out var project) || OwnProjects.TryGetValue(program, out project) ? FolderOf(project) : Repository.Root, program);

    /// <summary>What <c>--help</c> prints, for a program or one of its commands.</summary>
    /// <param name="words">The program, then its commands.</param>
    public static Task<string> HelpAsync(params string[] words) =>
        Helps.GetOrAdd(string.Join(' ', words), _ => new Lazy<Task<string>>(async () =>
        {
            var said = await RunAsync(PathOf(words[0]), [.. words[1..], "--help"]);
            Assert.True(said.ExitCode == 0, $"{string.Join(' ', words)} --help ended with {said.ExitCode}: {said.Errors}");
            return said.Output;
        })).Value;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path, or its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The folder it runs in; null: this clone.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="environment">Variables of its own.</param>
    public static async Task<Said> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var errors = process.StandardError.ReadToEndAsync(token);
        await process.StandardInput.WriteAsync(input.AsMemory(), token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        return new Said(process.ExitCode, await output, await errors);
    }
}
