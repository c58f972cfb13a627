using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;

namespace Mayu.Docs.Tests;

/// <summary>docs/ignition.md shows configs that are good, and the faults of one that is not.</summary>
public partial class IgnitionPageTests
{
    /// <summary>The page.</summary>
    internal const string Page = "docs/ignition.md";

    public static TheoryData<int> Configs => [.. Repository.Page(Page).Blocks.Where(block => block.Before == "<!-- config -->").Select(block => block.FirstLine)];

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_config_on_the_page_is_good(int line) =>
        Assert.NotNull(JsonNode.Parse(IgnitionConfig.Render(Repository.Page(Page).Blocks.Single(block => block.FirstLine == line).Text)));

    [Fact]
    public void Every_block_of_YAML_is_read() => Assert.All(
        Repository.Page(Page).Blocks.Where(block => block.Language == "yaml"), block => Assert.Contains(block.Before, new[] { "<!-- config -->", "<!-- faulty -->" }));

    [Fact]
    public void The_faults_on_the_page_are_those_that_are_told()
    {
        var blocks = Repository.Page(Page).Blocks;
        var faulty = blocks.Single(block => block.Before == "<!-- faulty -->");
        var told = blocks.First(block => block.FirstLine > faulty.FirstLine);
        var faults = Assert.Throws<IgnitionFaultsException>(() => IgnitionConfig.Render(faulty.Text)).Faults;
        Assert.Equal(told.Lines, faults.Select(fault => $"line {fault.Line}, column {fault.Column}: {fault.Message}"));
    }

    [Fact]
    public void The_table_of_Butanes_versions_is_the_programs()
    {
        var rows = Repository.Page(Page).Prose().Select(line => VersionRow().Match(line.Text)).Where(match => match.Success).ToList();
        Assert.Equal(9, rows.Count);
        foreach (var row in rows)
        {
            foreach (var version in row.Groups["versions"].Value.Split(", "))
            {
                var config = JsonNode.Parse(IgnitionConfig.Render($"variant: {row.Groups["variant"].Value}\nversion: {version}\n"))!;
                Assert.Equal(row.Groups["spec"].Value, (string?)config["ignition"]!["version"]);
            }
        }
    }

    [Fact]
    public void The_page_names_the_versions_that_are_taken() => Assert.Contains($"the versions {IgnitionSpec.SupportedText}", Repository.Text(Page), StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(?<variant>[a-z]+)` \| (?<versions>[0-9., ]+) \| (?<spec>[0-9.]+) \|$", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionRow();
}
