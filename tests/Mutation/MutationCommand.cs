using System.CommandLine;

namespace Mayu.Mutation;

/// <summary>The command line of <c>mayu-mutation</c>, which <c>tests/Mutation/mutate</c> builds and runs.</summary>
internal static class MutationCommand
{
    private const int Failed = 1;
    private const int WrongCommandLine = 2;
    private const int Interrupted = 130;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var root = new Option<DirectoryInfo>("--root") { DefaultValueFactory = _ => new DirectoryInfo(".") };
        root.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var folder }] && !Directory.Exists(Path.Combine(folder, "tests")))
            {
                result.AddError($"--root {folder}: there is no folder tests in it");
            }
        });
        var projects = new Option<string>("--projects") { DefaultValueFactory = _ => "" };
        var tests = new Option<string>("--tests") { DefaultValueFactory = _ => "" };
        var mutants = Number("--mutants", 200, least: 1, most: int.MaxValue);
        var seed = Number("--seed", 1, least: 0, most: int.MaxValue);
        var atLeast = Number("--at-least", 90, least: 0, most: 100);
        var jobs = Number("--jobs", 2, least: 1, most: 2);
        var again = new Option<bool>("--again");
        var output = new Option<string>("-o") { DefaultValueFactory = _ => "text" };
        output.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("text" or "json") and var word }])
            {
                result.AddError($"-o must be text or json, not '{word}'");
            }
        });
        var command = new RootCommand("Mutation run. Run by tests/Mutation/mutate.") { root, projects, tests, mutants, seed, atLeast, jobs, again, output };
        command.SetAction((parsed, token) =>
        {
            var folder = parsed.GetValue(root)!.FullName;
            var mutated = Choose(projects.Name, parsed.GetValue(projects)!, Mutable(folder), "a project below src with tests");
            var others = Choose(tests.Name, parsed.GetValue(tests)!, Tested(folder), "a test project");
            if (mutated is null || others is null)
            {
                return Task.FromResult(WrongCommandLine);
            }

            if (parsed.GetValue(again) && !File.Exists(LastReport(folder)))
            {
                Console.Error.WriteLine($"mutation: --again needs the report of an earlier run: there is no {LastReport(folder)}");
                return Task.FromResult(WrongCommandLine);
            }

            mutated = mutated.Count > 0 ? mutated : [.. Mutable(folder)];
            var only = parsed.GetValue(again) ? MutationReport.AliveIn(File.ReadAllText(LastReport(folder))) : null;
            var options = new MutationOptions(
                folder, mutated, [.. mutated.Union(others)], parsed.GetValue(mutants), parsed.GetValue(seed), parsed.GetValue(jobs), only);
            return MutateAsync(options, parsed.GetValue(atLeast), parsed.GetValue(output) == "json", token);
        });
        var parsed = command.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, cancellation);
        return parsed.Errors.Count > 0 ? WrongCommandLine : code;
    }

    private static async Task<int> MutateAsync(MutationOptions options, int atLeast, bool json, CancellationToken cancellation)
    {
        try
        {
            var report = new MutationReport(await new MutationRun(options, Console.Error).RunAsync(cancellation), options.Seed);
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(LastReport(options.Root))!).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "report.txt"), report.Text(), cancellation);
            await File.WriteAllTextAsync(LastReport(options.Root), report.Json(), cancellation);
            await Console.Out.WriteAsync(json ? report.Json() : report.Text());
            return report.Score >= atLeast ? 0 : Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("mutation: interrupted; nothing is left behind");
            return Interrupted;
        }
        catch (Exception failure) when (failure is MutationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("mutation: error: " + failure.Message);
            return Failed;
        }
    }

    private static string LastReport(string root) => Path.Combine(root, "artifacts", "mutation", "report.json");

    /// <returns>Null: one is not among them, which was told.</returns>
    private static List<string>? Choose(string option, string list, string[] all, string what)
    {
        var chosen = new List<string>();
        foreach (var name in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (all.FirstOrDefault(one => one == name || one == "Mayu." + name) is not { } project)
            {
                Console.Error.WriteLine($"mutation: {option}: '{name}' is not {what}; the names are {string.Join(", ", all)}");
                return null;
            }

            chosen.Add(project);
        }

        return chosen;
    }

    private static string[] Mutable(string root) => [.. Tested(root).Where(name => Directory.Exists(Path.Combine(root, "src", name)))];

    // Folders of tests that are called like what they test.
    private static string[] Tested(string root) =>
    [
        .. Directory.GetDirectories(Path.Combine(root, "tests"), "*.Tests").Select(folder => Path.GetFileNameWithoutExtension(folder)).Order(StringComparer.Ordinal),
    ];

    private static Option<int> Number(string name, int usual, int least, int most)
    {
        var option = new Option<int>(name) { DefaultValueFactory = _ => usual };
        option.CustomParser = result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(most == int.MaxValue ? $"{name} must be a number from {least}" : $"{name} must be a number from {least} to {most}");
            return usual;
        };
        return option;
    }
}
