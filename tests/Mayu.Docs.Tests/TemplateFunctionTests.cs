using Mayu.Core.Provisioning;

namespace Mayu.Docs.Tests;

/// <summary>docs/configuration.md has the functions that templates have.</summary>
public class TemplateFunctionTests
{
    private const string Begin = "<!-- begin: functions -->\n";
    private const string End = "<!-- end: functions -->";

    [Fact]
    public void The_table_of_functions_is_the_programs()
    {
        var text = Repository.Text("docs/configuration.md");
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var expected = "| function | what it gives |\n|---|---|\n" + string.Concat(TemplateFunctions.All.Select(Row));
        // To put in its place when the program's functions changed.
        var copy = Path.Combine(AppContext.BaseDirectory, "functions.md");
        File.WriteAllText(copy, expected);
        Assert.True(expected == text[from..text.IndexOf(End, StringComparison.Ordinal)], $"docs/configuration.md has another table than the program; the program's is in {copy}");
    }

    private static string Row(TemplateFunction function) => $"| `{string.Join(' ', [function.Name, .. function.Parameters])}` | {function.Doc} |\n";
}
