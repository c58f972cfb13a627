namespace Mayu.Interop.Tests.Beside;

/// <summary>The examples of docs/external.md, as they stand there.</summary>
internal static class ExternalPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(FindRoot(), "docs", "external.md"));

    /// <summary>The configuration of another server.</summary>
    public static string Of(string program) => Example($"{program}.conf").Single();

    /// <summary>The one configuration of Mayu that has this line.</summary>
    public static string MayuWith(string line) => Example("config.yaml").Single(example => example.Contains(line, StringComparison.Ordinal));

    // A block stands between two fences, the first of which names its language.
    private static IEnumerable<string> Example(string name) =>
        Text.Split($"<!-- example: {name} -->\n```").Skip(1).Select(after => after[(after.IndexOf('\n', StringComparison.Ordinal) + 1)..after.IndexOf("```", StringComparison.Ordinal)]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Mayu.slnx above {AppContext.BaseDirectory}");
    }
}
