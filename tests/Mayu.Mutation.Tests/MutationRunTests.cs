using System.Text.Json;

namespace Mayu.Mutation.Tests;

public class MutationRunTests
{
    [Fact]
    public async Task A_mutant_dies_survives_or_is_not_reached()
    {
        using var tiny = new TinyRepository();
        using var log = new StringWriter();

        var verdicts = await new MutationRun(new MutationOptions(tiny.Folder, ["Mayu.Tiny"], ["Mayu.Tiny"], Count: 100, Seed: 1, Jobs: 2), log)
            .RunAsync(TestContext.Current.CancellationToken);

        // Nobody tries two equal values; and a class that fails anyway has judged nothing.
        Assert.Equal(
            [("value > limit → value <= limit", Fate.Killed), ("value > limit → value >= limit", Fate.Survived), ("one == other → one != other", Fate.NotReached)],
            verdicts.OrderBy(one => one.Fate).Select(one => ($"{one.Mutant.Place.Before} → {one.Mutant.Place.After}", one.Fate)));
        Assert.Equal("RulesTests.A_higher_value_is_above", verdicts.Single(one => one.Fate == Fate.Killed).Killer);
        Assert.Contains("BrokenTests fails without a mutant, so it is not used (BrokenTests.It_fails_without_a_mutant_too)", log.ToString(), StringComparison.Ordinal);
        Assert.True(tiny.IsUnchanged);
        AssertReport(new MutationReport(verdicts, seed: 1));
    }

    [Fact]
    public async Task Those_that_did_not_die_can_be_tried_again()
    {
        using var tiny = new TinyRepository();
        var survivor = new MutantName("src/Mayu.Tiny/Rules.cs", "value > limit", "value >= limit");
        var options = new MutationOptions(tiny.Folder, ["Mayu.Tiny"], ["Mayu.Tiny"], Count: 100, Seed: 1, Jobs: 2, Only: new HashSet<MutantName> { survivor });

        var verdicts = await new MutationRun(options, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal([(survivor, Fate.Survived)], verdicts.Select(one => (one.Mutant.Name, one.Fate)));
    }

    private static void AssertReport(MutationReport report)
    {
        Assert.Contains("src/Mayu.Tiny/Rules.cs:5: value > limit → value >= limit", report.Text(), StringComparison.Ordinal);
        Assert.EndsWith("1 of 3 mutants killed (seed 1): 33.3 %\n", report.Text(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.Json());
        Assert.Equal(33.3, json.RootElement.GetProperty("score").GetDouble());
        Assert.Equal(3, json.RootElement.GetProperty("mutants").GetArrayLength());
        Assert.Equal(
            [("one == other", "one != other"), ("value > limit", "value >= limit")],
            MutationReport.AliveIn(report.Json()).Select(one => (one.Before, one.After)).Order());
    }
}
