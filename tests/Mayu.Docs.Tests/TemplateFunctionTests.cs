using Mayu.Core.Provisioning;

namespace Mayu.Docs.Tests;

/// <summary>docs/templates.md has the functions and the variables that templates have.</summary>
public class TemplateFunctionTests
{
    private const string Page = "docs/templates.md";

    [Fact]
    public void The_table_of_functions_is_the_programs() => Check("functions", "| function | what it gives |\n|---|---|\n" + string.Concat(TemplateFunctions.All.Select(Row)));

    [Fact]
    public void The_table_of_variables_is_the_programs() => Check(
        "variables", "| variable | what it is |\n|---|---|\n" + string.Concat(TemplateVariable.All.Select(variable => $"| `{variable.Name}` | {variable.Doc} |\n")));

    private static void Check(string name, string expected)
    {
        var (begin, end, text) = ($"<!-- begin: {name} -->\n", $"<!-- end: {name} -->", Repository.Text(Page));
        // To put in its place when the program's table changed.
        var copy = Path.Combine(AppContext.BaseDirectory, $"{name}.md");
        File.WriteAllText(copy, expected);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(expected == text[from..text.IndexOf(end, StringComparison.Ordinal)], $"{Page} has another table than the program; the program's is in {copy}");
    }

    private static string Row(TemplateFunction function) => $"| `{string.Join(' ', [function.Name, .. function.Parameters])}` | {function.Doc} |\n";
}
