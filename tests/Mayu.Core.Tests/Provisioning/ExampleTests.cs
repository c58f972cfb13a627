using System.Text.RegularExpressions;

namespace Mayu.Core.Tests.Provisioning;

/// <summary>
/// The examples of <c>templates/examples</c>, rendered for one machine and network, as they are in the files of <c>Provisioning/Examples</c>.
/// With <c>WRITE_EXAMPLES=1</c> the files are written again; look at the difference before you commit it.
/// </summary>
public partial class ExampleTests
{
    public static TheoryData<string> Names => [.. ExampleText.Names];

    private static string Folder { get; } = Path.Combine(Root(), "tests", "Mayu.Core.Tests", "Provisioning", "Examples");

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_prints_what_its_file_says(string name)
    {
        var file = Path.Combine(Folder, name);
        var text = ExampleText.Render(name);
        if (Environment.GetEnvironmentVariable("WRITE_EXAMPLES") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    [Theory]
    [InlineData("agama.json", "gateway4")]
    [InlineData("kickstart.ks", "--gateway")]
    [InlineData("talos.yaml", "gateway")]
    [InlineData("windows-unattend.xml", "NextHopAddress")]
    public void An_example_without_a_router_says_nothing_of_one(string name, string key)
    {
        Assert.Contains(key, ExampleText.Render(name), StringComparison.Ordinal);
        var without = ExampleText.RenderWithoutRouter(name);
        Assert.DoesNotContain(key, without, StringComparison.Ordinal);
        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(without));
        }
    }

    // Who copies one has to know what to put into the configuration.
    [Theory]
    [MemberData(nameof(Names))]
    public void The_head_of_an_example_names_its_vars(string name)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "templates", "examples", name));
        var head = text[text.IndexOf("{{~ #", StringComparison.Ordinal)..text.IndexOf("~}}", StringComparison.Ordinal)];
        var used = Used().Matches(text.Replace(head, "", StringComparison.Ordinal)).ToLookup(match => match.Groups["name"].Value, match => match.Groups["default"].Success);
        var needed = used.Where(uses => uses.Contains(false)).Select(uses => uses.Key).Order(StringComparer.Ordinal).ToList();
        var optional = used.Where(uses => !uses.Contains(false)).Select(uses => uses.Key).Order(StringComparer.Ordinal).ToList();
        var expected = $" vars: {(needed.Count == 0 ? "none" : string.Join(", ", needed))}.{(optional.Count == 0 ? "" : $" Optional: {string.Join(", ", optional)}.")} ";
        Assert.EndsWith(expected, head, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', head);
    }

    [Fact]
    public void Each_example_has_a_file_and_each_file_an_example()
    {
        var examples = Directory.EnumerateFiles(Path.Combine(Root(), "templates", "examples")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(examples, ExampleText.Names);
        Assert.Equal(examples, Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"vars\.(?<name>[a-z_]+(\.[a-z_]+)*)(?<default> \| default)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Used();

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Mayu.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return directory.FullName;
    }
}
