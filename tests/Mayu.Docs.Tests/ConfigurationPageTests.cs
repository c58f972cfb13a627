using Mayu.Server.Configuration;
using Mayu.Server.ConfigViews;

namespace Mayu.Docs.Tests;

/// <summary>docs/configuration.md says what the program says.</summary>
public class ConfigurationPageTests
{
    private const string Page = "docs/configuration.md";
    private const string ExampleMarker = "<!-- example: config.yaml -->";

    public static TheoryData<string, int> Examples =>
    [
        .. from page in Repository.Pages
           from block in page.Blocks
           where block.Before == ExampleMarker
           select new TheoryDataRow<string, int>(page.Path, block.FirstLine),
    ];

    [Fact]
    public void The_table_of_keys_is_the_one_that_the_program_prints()
    {
        const string Begin = "<!-- begin: mayu config reference -->\n";
        const string End = "<!-- end: mayu config reference -->";
        var text = Repository.Text(Page);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Assert.Equal(ConfigurationReference.Render(), text[from..text.IndexOf(End, StringComparison.Ordinal)]);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_a_configuration_has_no_problem(string page, int line)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Repository.Page(page).Blocks.Single(block => block.FirstLine == line).Text);
            var reader = ConfigurationReader.Open(file, OutsideValues.None);
            Assert.NotNull(ConfigurationSchema.Bind(reader));
            Assert.Empty(reader.Problems);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // On one page they are configs of machines.
    [Fact]
    public void There_are_examples_and_every_block_of_YAML_is_one() =>
        Assert.Equal(
            Examples.Count,
            Math.Max(2, Repository.Pages.Where(page => page.Path != IgnitionPageTests.Page).SelectMany(page => page.Blocks).Count(block => block.Language == "yaml")));
}
