using System.Text.RegularExpressions;
using Mayu.Core.Provisioning;
using Mayu.Server.ConfigViews;

namespace Mayu.Docs.Tests;

/// <summary>What the programs' texts name exists: keys of the configuration, commands, paths of the server, fields of a record.</summary>
public partial class NamesInTextsTests
{
    private static readonly HashSet<string> Keys = KnownKeys();

    private static readonly HashSet<string> Sections = Keys.Where(key => key.Contains('.', StringComparison.Ordinal)).Select(key => key.Split('.')[0]).ToHashSet(StringComparer.Ordinal);

    private static readonly string[] Variables = [.. TemplateVariable.All.Select(variable => variable.Name)];

    private static readonly string Server = string.Concat(Repository.Files("src/Mayu.Server").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(File.ReadAllText));

    private static readonly string[] Files = ["boot.scr", "dnsmasq.conf"];

    // What the texts have in the place of a value.
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        [ProgramTexts.Hole] = "vm-001",
        ["\"\""] = "",
        ["TIME"] = "2h",
        ["UUID"] = "11111111-2222-3333-4444-555555555555",
    };

    public static TheoryData<string> Commands =>
        [.. ProgramTexts.All.SelectMany(text => CommandsIn(text.Text)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_key_that_a_text_names_exists() => AssertNone(
        from text in ProgramTexts.All
        from Match key in DottedWord().Matches(text.Text)
        where Sections.Contains(key.Groups[1].Value) && !Files.Any(file => key.Value.StartsWith(file, StringComparison.Ordinal)) && !Keys.Contains(key.Value.Replace("[]", "", StringComparison.Ordinal))
            && !Variables.Any(variable => variable.StartsWith(key.Value, StringComparison.Ordinal))
        select $"{text.Place}: {key.Value}");

    [Fact]
    public void A_path_that_a_text_names_is_answered()
    {
        var routes = Mapped().Matches(Server).Select(match => "/" + match.Groups[1].Value.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()).ToHashSet(StringComparer.Ordinal);
        AssertNone(
            from text in ProgramTexts.All
            where text.Text.Contains(' ', StringComparison.Ordinal)
            from Match path in UrlPath().Matches(text.Text)
            where !Directory.Exists(path.Groups[1].Value) && !routes.Contains(path.Groups[1].Value)
            select $"{text.Place}: {path.Value}");
    }

    [Fact]
    public async Task A_field_that_help_names_is_one_of_a_record()
    {
        var help = await Programs.HelpAsync("mayuctl", "history");
        var named = RecordField().Matches(help[help.IndexOf("--field <NAME>", StringComparison.Ordinal)..help.IndexOf("--before", StringComparison.Ordinal)]);
        Assert.True(named.Count > 1, help);
        var record = Repository.Text("src/Mayu.Storage/Records/RecordFields.cs");
        Assert.All(named, field => Assert.Contains($"\"{field.Value}\"u8", record, StringComparison.Ordinal));
    }

    [Fact]
    public void No_text_names_a_unit_of_systemd() => AssertNone(
        from text in ProgramTexts.All
        where text.Text.Contains("systemctl", StringComparison.Ordinal) || text.Text.Contains("journalctl", StringComparison.Ordinal)
        select $"{text.Place}: {text.Text}");

    [Fact]
    public void There_are_commands_in_the_texts() => Assert.True(Commands.Count > 50);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_that_a_text_names_is_one(string command)
    {
        // These would begin to work, or are named without saying about what.
        if (!command.StartsWith("mayuctl ", StringComparison.Ordinal) || command.StartsWith("mayuctl simulate", StringComparison.Ordinal) || command.Count(c => c == ' ') == 1)
        {
            await HelpTests.AssertListedAsync(command);
            return;
        }

        var words = Word().Matches(command).Select(word => word.Value).Select(word => Values.GetValueOrDefault(word, word.Trim('"')));
        // Nor is a context kept: the folder cannot be made.
        var nobody = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MAYU_SERVER"] = "https://127.0.0.1:9",
            ["MAYU_CA"] = "system",
            ["MAYU_TOKEN"] = "0123456789abcdef",
            ["XDG_CONFIG_HOME"] = "/proc/no-contexts",
        };
        var said = await Programs.RunAsync(Programs.PathOf("mayuctl"), words.Skip(1), environment: nobody);
        Assert.True(!said.Errors.Contains("Try 'mayuctl ", StringComparison.Ordinal), said.Errors);
    }

    // As texts write them: in quotes, backticks or brackets, behind a colon, or on a line of their own.
    private static IEnumerable<string> CommandsIn(string text) => Quoted().Matches(text).Concat(AfterColon().Matches(text)).Concat(OwnLine().Matches(text))
        .SelectMany(match => match.Groups[1].Value.Split("; "))
        .Select(command => command.TrimEnd('.', ',').Split(" | ")[0].Split(" < ")[0]);

    private static HashSet<string> KnownKeys()
    {
        var paths = FirstCell().Matches(ConfigurationReference.Render()).Select(match => match.Groups[1].Value.Replace("[]", "", StringComparison.Ordinal));
        return [.. paths.SelectMany(path => path.Split('.').Select((_, i) => string.Join('.', path.Split('.').Take(i + 1))))];
    }

    private static void AssertNone(IEnumerable<string> wrong)
    {
        var all = wrong.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    [GeneratedRegex(@"(?<![\w./{<-])([a-z_]+)(?:\[\])?(?:\.[a-z_]+(?:\[\])?)+(?![\w/(-])")]
    private static partial Regex DottedWord();

    [GeneratedRegex("Map(?:Get|Put|Post|Patch|Delete|Methods)?\\w*\\(\"([^\"]+)\"")]
    private static partial Regex Mapped();

    [GeneratedRegex(@"(?<![\w.…/\\}>*-])(/[a-z][a-z-]*)[a-z/-]*(?=[\s`'"",;:.)]|$)")]
    private static partial Regex UrlPath();

    [GeneratedRegex("(?<![a-z])[A-Z][A-Za-z]{4,}(?=[, …\n])")]
    private static partial Regex RecordField();

    [GeneratedRegex(@"(?m)^\| `([^`]+)` \|")]
    private static partial Regex FirstCell();

    [GeneratedRegex("[`'(]((?:mayuctl|mayu|infopusher) [^`')]+)[`')]")]
    private static partial Regex Quoted();

    [GeneratedRegex(@": (mayuctl [^;:()\n]+?)(?=; |: |\. |$|\n|\))")]
    private static partial Regex AfterColon();

    [GeneratedRegex(@"(?m)^\s*((?:mayuctl|infopusher) (?!is |manages |collects )[a-z-].*)$")]
    private static partial Regex OwnLine();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
