using System.Text;
using System.Text.Json;

namespace Mayu.Mutation;

/// <summary>Says the verdicts: as lines for people, as JSON for programs.</summary>
internal sealed class MutationReport(IReadOnlyList<Verdict> verdicts, int seed)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How many of a hundred mutants die.</summary>
    public double Score => Percent(verdicts);

    public string Text()
    {
        var text = new StringBuilder();
        AppendList("Survived", Fate.Survived);
        AppendList("Reached by no test", Fate.NotReached);
        foreach (var project in verdicts.GroupBy(one => one.Mutant.File.Project))
        {
            text.AppendLine($"{project.Key}: {Count(project)} of {project.Count()} killed, {Percent([.. project]):0.0} %");
        }

        return text.AppendLine($"{Count(verdicts)} of {verdicts.Count} mutants killed (seed {seed}): {Score:0.0} %").ToString();

        void AppendList(string title, Fate fate)
        {
            Verdict[] these = [.. verdicts.Where(one => one.Fate == fate)];
            if (these.Length > 0)
            {
                text.AppendLine($"{title}:").AppendJoin('\n', these.Select(one => "  " + one.Where)).AppendLine();
            }
        }
    }

    public string Json() => JsonSerializer.Serialize(
        new
        {
            Seed = seed,
            Score = Math.Round(Score, 1),
            Killed = Count(verdicts),
            Mutants = verdicts.Select(one => new
            {
                one.Mutant.File.Project,
                File = one.Mutant.File.Path,
                one.Mutant.Line,
                one.Mutant.Place.Before,
                one.Mutant.Place.After,
                Fate = NameOf(one.Fate),
                one.Killer,
            }),
        },
        Indented) + "\n";

    /// <summary>The mutants that did not die in the run that wrote a report as JSON.</summary>
    /// <exception cref="JsonException">It is no such report.</exception>
    public static IReadOnlySet<MutantName> AliveIn(string json) => (JsonSerializer.Deserialize<Report>(json, JsonSerializerOptions.Web)?.Mutants ?? [])
        .Where(one => one.Fate != NameOf(Fate.Killed)).Select(one => new MutantName(one.File, one.Before, one.After)).ToHashSet();

    private static string NameOf(Fate fate) => JsonNamingPolicy.CamelCase.ConvertName(fate.ToString());

    private static int Count(IEnumerable<Verdict> some) => some.Count(one => one.Fate == Fate.Killed);

    private static double Percent(IReadOnlyCollection<Verdict> some) => some.Count == 0 ? 0 : 100.0 * Count(some) / some.Count;

    private sealed record Report(IReadOnlyList<ReportedMutant> Mutants);

    private sealed record ReportedMutant(string File, string Before, string After, string Fate);
}
