namespace Mayu.Mutation;

/// <summary>A run from the copy of the tree to the verdict about each mutant. Progress is told as it goes.</summary>
internal sealed class MutationRun(MutationOptions options, TextWriter log)
{
    // What the quickest classes of a program may take together, before the others are tried too.
    private static readonly TimeSpan QuickTime = TimeSpan.FromSeconds(10);

    /// <exception cref="MutationException">It cannot go on.</exception>
    public async Task<IReadOnlyList<Verdict>> RunAsync(CancellationToken cancellation)
    {
        using var copy = await TreeCopy.OfAsync(options.Root, cancellation);
        await log.WriteLineAsync($"mutation: building a copy of the tree in {copy.Root}");
        SourceFile[] files = [.. options.Projects.SelectMany(project => SourceFile.ReadProject(copy.Root, project))];
        var build = new MutatedBuild(copy.Root, log);
        var order = Choice.Order(files, options.Seed);
        Mutant[] wanted = [.. order.Where(mutant => options.Only?.Contains(mutant.Name) ?? true)];
        var mutants = await build.RunAsync(files, options.Projects, wanted, options.Count, cancellation);
        foreach (var project in options.Judges)
        {
            await build.BuildAsync(ProjectFile.Below(Path.Combine(copy.Root, "tests", project + ".Tests")), cancellation);
        }

        var classes = new List<TestClass>();
        foreach (var project in options.Judges)
        {
            classes.AddRange(await MeasureAsync(new TestProgram(copy.Root, project), order.Count, cancellation));
        }

        return await JudgeAsync(mutants, [.. classes.Where(one => one.Passes)], cancellation);
    }

    private async Task<IReadOnlyList<TestClass>> MeasureAsync(TestProgram program, int most, CancellationToken cancellation)
    {
        var measured = await EachAsync(await program.ClassesAsync(cancellation), name => program.MeasureAsync(name, most, cancellation), cancellation);
        await log.WriteLineAsync($"mutation: {program.Project}: {measured.Count} test classes");
        foreach (var failed in measured.Where(one => !one.Passes))
        {
            await log.WriteLineAsync($"mutation: {failed.Name} fails without a mutant, so it is not used ({failed.Failure})");
        }

        if (measured.Count(one => one.Passes) < measured.Count / 2)
        {
            throw new MutationException($"most tests of {program.Project} fail without a mutant: no result is possible");
        }

        return measured;
    }

    private async Task<IReadOnlyList<Verdict>> JudgeAsync(IReadOnlyList<Mutant> mutants, IReadOnlyList<TestClass> classes, CancellationToken cancellation)
    {
        var done = 0;
        return await EachAsync(mutants, async mutant =>
        {
            var verdict = await JudgeAsync(mutant, classes, cancellation);
            await log.WriteLineAsync($"mutation: {Interlocked.Increment(ref done)}/{mutants.Count} {verdict}");
            return verdict;
        }, cancellation);
    }

    // The project's own tests first; those of others only for what is still alive. In each, the quickest classes first: most die there, and
    // one that hangs them does not take four times as long as all.
    private static async Task<Verdict> JudgeAsync(Mutant mutant, IReadOnlyList<TestClass> classes, CancellationToken cancellation)
    {
        TestClass[] reaching = [.. classes.Where(one => one.Reaches.Contains(mutant.Id)).OrderBy(one => one.Duration)];
        foreach (var classesOfOne in reaching.GroupBy(one => one.Program).OrderByDescending(group => group.Key.Project == mutant.File.Project).SelectMany(Parts))
        {
            if (await classesOfOne[0].Program.KillAsync(mutant.Id, classesOfOne, cancellation) is { } killer)
            {
                return new Verdict(mutant, Fate.Killed, killer);
            }
        }

        return new Verdict(mutant, reaching.Length > 0 ? Fate.Survived : Fate.NotReached, Killer: null);
    }

    // The quickest, at least one; then the rest.
    private static IEnumerable<TestClass[]> Parts(IEnumerable<TestClass> quickestFirst)
    {
        TestClass[] all = [.. quickestFirst];
        var sum = TimeSpan.Zero;
        var quick = Math.Max(1, all.TakeWhile(one => (sum += one.Duration) <= QuickTime).Count());
        return all.Length > quick ? [all[..quick], all[quick..]] : [all];
    }

    // In the order of what was given.
    private async Task<IReadOnlyList<TResult>> EachAsync<T, TResult>(IReadOnlyList<T> all, Func<T, Task<TResult>> work, CancellationToken cancellation)
    {
        var results = new TResult[all.Count];
        await Parallel.ForEachAsync(
            all.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellation },
            async (one, _) => results[one.Index] = await work(one.Item));
        return results;
    }
}
