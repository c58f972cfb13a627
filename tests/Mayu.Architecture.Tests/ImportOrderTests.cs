using System.Text.RegularExpressions;
using static Mayu.Architecture.Tests.Repository;

namespace Mayu.Architecture.Tests;

/// <summary>The order of usings, as <c>dotnet format</c> makes it. Neither the compiler nor <c>dotnet format whitespace --folder</c> looks at it.</summary>
public partial class ImportOrderTests
{
    private static readonly string[] Folders = ["src", "lab", "bench", "tests"];

    [Fact]
    public void Usings_are_sorted_with_those_of_System_first() => Assert.Empty(
        from folder in Folders
        from file in Sources(folder)
        let usings = UsingLine().Matches(File.ReadAllText(file)).Select(KeyOf).ToList()
        where !usings.Order(StringComparer.Ordinal).SequenceEqual(usings, StringComparer.Ordinal)
        select Path.GetRelativePath(Root, file));

    [Theory]
    [InlineData("using System.Text;\nusing Mayu.Core;\nusing static Mayu.Core.A;\nusing Alias = Mayu.Core.B;\n", true)]
    [InlineData("using Mayu.Core;\nusing System.Text;\n", false)]
    [InlineData("using System.Text;\nusing System.Globalization;\n", false)]
    [InlineData("using static Mayu.Core.A;\nusing Mayu.Core;\n", false)]
    public void It_is_seen(string text, bool isSorted)
    {
        var usings = UsingLine().Matches(text).Select(KeyOf).ToList();
        Assert.Equal(isSorted, usings.Order(StringComparer.Ordinal).SequenceEqual(usings, StringComparer.Ordinal));
    }

    // Namespaces, then types with "static", then aliases; in each, System and what is below it is first.
    private static string KeyOf(Match line)
    {
        var (kind, alias, name) = (line.Groups["static"].Success ? 1 : 0, line.Groups["alias"], line.Groups["name"].Value);
        var isSystem = name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
        return $"{(alias.Success ? 2 : kind)}{(isSystem ? 0 : 1)}{(alias.Success ? alias.Value : name).ToUpperInvariant()}";
    }

    [GeneratedRegex(@"^using (?<static>static )?((?<alias>\w+) = )?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex UsingLine();
}
