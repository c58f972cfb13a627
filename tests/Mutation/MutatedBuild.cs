using System.Text.RegularExpressions;

namespace Mayu.Mutation;

/// <summary>Writes the chosen mutants into a copy of the tree and builds it; what does not compile is left out, and others take its place.</summary>
internal sealed partial class MutatedBuild(string tree, TextWriter log)
{
    // Tests judge what the program does, not how it is written: the analyzers have seen it without mutants.
    private static readonly string[] Options =
    [
        "-v", "quiet", "--tl:off", "-clp:ErrorsOnly", "--disable-build-servers", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false",
        "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false",
    ];

    private readonly Dictionary<string, MutatedFile> _written = new(StringComparer.Ordinal);

    /// <summary>Chooses mutants until as many compile as are wanted, or there are no more places.</summary>
    /// <param name="files">All files of the projects.</param>
    /// <param name="projects">Their names.</param>
    /// <param name="order">The mutants, in the order in which they are chosen.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Those that were built.</returns>
    public async Task<IReadOnlyList<Mutant>> RunAsync(
        IReadOnlyList<SourceFile> files, IReadOnlyList<string> projects, IReadOnlyList<Mutant> order, int count, CancellationToken cancellation)
    {
        var waiting = new Queue<Mutant>(order);
        var chosen = new Dictionary<int, Mutant>();
        foreach (var project in projects)
        {
            await File.WriteAllTextAsync(Path.Combine(tree, "src", project, MutantSwitch.NameIn(project) + ".cs"), MutantSwitch.SourceFor(project), cancellation);
        }

        while (true)
        {
            // Some more than are wanted, so that it need not be built again for each that does not compile.
            while (chosen.Count < count + (count / 4) && waiting.TryDequeue(out var next))
            {
                chosen.Add(next.Id, next);
            }

            await WriteAsync(files, chosen.Values, cancellation);
            while (await CompileAsync(projects, cancellation) is { Count: > 0 } broken)
            {
                await log.WriteLineAsync($"mutation: {broken.Count} mutants do not compile and are left out");
                foreach (var mutant in broken)
                {
                    chosen.Remove(mutant);
                }

                await WriteAsync(files, chosen.Values, cancellation);
            }

            if (chosen.Count >= count || waiting.Count == 0)
            {
                Mutant[] built = [.. chosen.Values.OrderBy(mutant => mutant.Id).Take(count)];
                await log.WriteLineAsync($"mutation: {built.Length} mutants, chosen from {order.Count}");
                return [.. built.OrderBy(mutant => mutant.File.Path, StringComparer.Ordinal).ThenBy(mutant => mutant.Line)];
            }
        }
    }

    /// <summary>Builds a project that must compile.</summary>
    public async Task BuildAsync(string projectFile, CancellationToken cancellation)
    {
        var build = await DotnetAsync(projectFile, cancellation);
        if (build.ExitCode != 0)
        {
            throw new MutationException($"{projectFile} does not build: {build.Output}");
        }
    }

    private async Task WriteAsync(IReadOnlyList<SourceFile> files, IEnumerable<Mutant> mutants, CancellationToken cancellation)
    {
        var byFile = mutants.ToLookup(mutant => mutant.File);
        foreach (var file in files)
        {
            var mutated = new MutatedFile(file, byFile[file]);
            if (!_written.TryGetValue(file.Path, out var before) || before.Text != mutated.Text)
            {
                await File.WriteAllTextAsync(Path.Combine(tree, file.Path), mutated.Text, cancellation);
            }

            _written[file.Path] = mutated;
        }
    }

    /// <returns>The mutants that the compiler complains about.</returns>
    private async Task<IReadOnlySet<int>> CompileAsync(IReadOnlyList<string> projects, CancellationToken cancellation)
    {
        var broken = new HashSet<int>();
        foreach (var project in projects)
        {
            var build = await DotnetAsync(ProjectFile.Below(Path.Combine(tree, "src", project)), cancellation);
            if (build.ExitCode == 0)
            {
                continue;
            }

            var before = broken.Count;
            foreach (Match error in CompilerError().Matches(build.Output))
            {
                if (_written.TryGetValue(Path.GetRelativePath(tree, error.Groups["file"].Value), out var file))
                {
                    broken.UnionWith(file.MutantsAt(int.Parse(error.Groups["line"].ValueSpan), int.Parse(error.Groups["column"].ValueSpan)));
                }
            }

            if (broken.Count == before)
            {
                throw new MutationException($"{project} does not build, even without a mutant: {build.Output}");
            }

            // Those that know this project would only say the same again.
            break;
        }

        return broken;
    }

    private Task<Ended> DotnetAsync(string projectFile, CancellationToken cancellation) =>
        ChildProgram.RunAsync("dotnet", ["build", projectFile, .. Options], tree, environment: null, Timeout.InfiniteTimeSpan, cancellation);

    [GeneratedRegex(@"^\s*(?<file>/[^\n(]+)\((?<line>\d+),(?<column>\d+)\): error CS", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex CompilerError();
}
