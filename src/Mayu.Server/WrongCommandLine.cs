using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Primitives;

namespace Mayu.Server;

/// <summary>What is wrong with a command line, in one sentence for each mistake, and which command's help to read.</summary>
internal static class WrongCommandLine
{
    private const string Program = "mayu";

    /// <summary>The lines to print.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = NameOf(parsed.CommandResult);
        // A word that nobody knows is said better here, and then nothing else is missing.
        var problems = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens.Select(word => Unknown(word, command, name))
            : command.Subcommands.Count > 0 ? [$"{name} needs a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}"]
            : parsed.Errors.Select(error => FailureText.Unended(error.Message));
        return problems.Select(problem => $"{Program}: {problem}").Append($"Try '{name} --help'.");
    }

    private static string Unknown(string word, Command command, string name)
    {
        var (kind, known) = word.StartsWith('-') ? ("an option", command.Options.Where(option => !option.Hidden).Select(option => option.Name))
            : command.Subcommands.Count > 0 ? ("a command", command.Subcommands.Select(sub => sub.Name))
            : ("an argument", []);
        return $"\"{word}\" is not {kind} of {name}{Suggestion.For(word, known)}";
    }

    private static string NameOf(CommandResult typed)
    {
        var words = new List<string>();
        for (SymbolResult? at = typed; at is CommandResult { Command: var command }; at = at.Parent)
        {
            words.Insert(0, command is RootCommand ? Program : command.Name);
        }

        return string.Join(' ', words);
    }
}
