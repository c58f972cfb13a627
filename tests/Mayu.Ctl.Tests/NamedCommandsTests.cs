using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests;

/// <summary>Commands that messages of the server and examples of the help tell to type are commands that there are.</summary>
public sealed partial class NamedCommandsTests
{
    public static TheoryData<string> InMessages =>
    [
        .. Directory.EnumerateFiles(Sources(), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/Mayu.Ctl/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => Command().Matches(Interpolated().Replace(line, "X")))
            .Select(match => match.Groups["line"].Value.TrimEnd('.', ' '))
            .Distinct(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Examples =>
    [
        .. Root().Subcommands.Concat(Root().Subcommands.SelectMany(command => command.Subcommands)).OfType<CtlCommand>()
            .SelectMany(command => command.Examples.Split('\n'))
            .Select(line => line.Split(['|', '<', '>', '&'])[0].Trim()["mayuctl ".Length..]),
    ];

    [Fact]
    public void Messages_do_name_commands()
    {
        string[] expected = ["set X profile NAME", "pin X --profile NAME", "reserve X ADDRESS", "resolve X --accept", "resolve X --separate", "set X macs MAC", "pins", "list"];
        Assert.Subset(InMessages.Select(row => row.Data).ToHashSet(StringComparer.Ordinal), expected.ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(InMessages))]
    public void A_command_in_a_message_is_one(string line) => Assert.Empty(Root().Parse(CommandLineParser.SplitCommandLine(line).ToArray()).Errors);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_command(string line) => Assert.Empty(Root().Parse(CommandLineParser.SplitCommandLine(line).ToArray()).Errors);

    [Fact]
    public void Every_command_has_examples_of_itself() => Assert.All(
        Root().Subcommands,
        command => Assert.All(Assert.IsType<CtlCommand>(command).Examples.Split('\n'), line => Assert.StartsWith($"mayuctl {command.Name}", line, StringComparison.Ordinal)));

    private static System.CommandLine.RootCommand Root() => MayuCtl.CreateRoot(new CtlConsole
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        In = TextReader.Null,
        IsAttended = false,
        IsTerminal = false,
        Environment = _ => null,
        Time = TimeProvider.System,
    });

    private static string Sources([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../src"));

    // An interpolated value, with no value in it.
    [GeneratedRegex(@"\{[^{}""]*\}", RegexOptions.None, 1000)]
    private static partial Regex Interpolated();

    // A command goes on to the end of its text, its brackets or its sentence. "mayuctl" alone in prose is none.
    [GeneratedRegex(@"mayuctl (?<line>[a-z][^""`;),']*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
