using System.Text.Json;

namespace Mayu.Mutation;

/// <summary>The test program of a project, in the mutated copy of the tree.</summary>
internal sealed class TestProgram(string tree, string project)
{
    // What a busy machine needs to start a program at all.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly string _file = Path.Combine(tree, "artifacts", "bin", project + ".Tests", "debug", project + ".Tests");

    /// <summary>The project that is tested.</summary>
    public string Project => project;

    /// <summary>The full names of the classes that have tests.</summary>
    public async Task<IReadOnlyList<string>> ClassesAsync(CancellationToken cancellation)
    {
        var listed = await ChildProgram.RunAsync(_file, ["-list", "classes/json"], tree, environment: null, TimeSpan.FromMinutes(5), cancellation);
        // An escape sequence that resets a terminal's colours follows it.
        var (from, to) = (listed.Output.IndexOf('[', StringComparison.Ordinal), listed.Output.LastIndexOf(']'));
        return listed.ExitCode == 0 && from >= 0 && to > from
            ? JsonSerializer.Deserialize<string[]>(listed.Output[from..(to + 1)])!
            : throw new MutationException($"{_file} does not list its tests: {listed.Output}");
    }

    /// <summary>Runs a class without a mutant, and finds out which mutants it reaches.</summary>
    public async Task<TestClass> MeasureAsync(string name, int most, CancellationToken cancellation)
    {
        using var reached = new ReachedFile(most);
        var ended = await RunAsync([name], MutantSwitch.ReachedVariable, reached.Path, TimeSpan.FromMinutes(10), cancellation);
        return new TestClass(this, name, FailureOf(ended), ended.Duration, reached.Read());
    }

    /// <summary>Runs classes with a mutant until one test fails.</summary>
    /// <returns>What killed it; null: it survived.</returns>
    public async Task<string?> KillAsync(int mutant, IReadOnlyCollection<TestClass> classes, CancellationToken cancellation)
    {
        var usual = classes.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Duration);
        var ended = await RunAsync(classes.Select(one => one.Name), MutantSwitch.ActiveVariable, mutant.ToString(), StartTime + (4 * usual), cancellation);
        return FailureOf(ended);
    }

    // A mutant may allocate without end, and leave what its tests would have removed.
    private Task<Ended> RunAsync(IEnumerable<string> classes, string variable, string value, TimeSpan limit, CancellationToken cancellation) => ChildProgram.RunAsync(
        _file,
        ["-noColor", "-noLogo", "-stopOnFail", .. classes.SelectMany(name => new[] { "-class", name })],
        tree,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [variable] = value,
            ["TEST_LEVEL"] = "quick",
            ["DOTNET_GCHeapHardLimit"] = "0x80000000",
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(tree, "tmp")).FullName,
        },
        limit,
        cancellation);

    private static string? FailureOf(Ended ended) => ended.ExitCode switch
    {
        0 => null,
        null => "the time limit",
        _ => FailedTest(ended.Output) ?? $"exit code {ended.ExitCode}",
    };

    private static string? FailedTest(string output) =>
        output.Split('\n').FirstOrDefault(line => line.EndsWith(" [FAIL]", StringComparison.Ordinal))?.Replace(" [FAIL]", "", StringComparison.Ordinal).Trim();
}

/// <summary>A class of tests, as it ran without a mutant, with the mutants that it reaches. One that fails so says nothing about a mutant.</summary>
internal sealed record TestClass(TestProgram Program, string Name, string? Failure, TimeSpan Duration, IReadOnlySet<int> Reaches)
{
    public bool Passes => Failure is null;
}
