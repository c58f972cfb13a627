using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mayu.Ctl.CommandLine;

/// <summary>What is wrong with a command line, and which word may have been meant.</summary>
internal static class ParseErrorText
{
    /// <summary>Most letters that a mistyped word may be away from the one that was meant.</summary>
    private const int MaxDistance = 2;

    /// <summary>The lines to print, without the program's name.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unmatched = parsed.UnmatchedTokens.ToList();
        foreach (var word in unmatched)
        {
            var kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            yield return $"'{word}' is not an {kind} of {command.Name}".Replace("an command", "a command") + Suggest(word, Names(command));
        }

        // A word that nobody knows is said better above, and then nothing else is missing.
        foreach (var error in unmatched.Count > 0 ? [] : parsed.Errors)
        {
            var text = string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            yield return error.SymbolResult is OptionResult { Option.Name: var name } && !text.Contains(name, StringComparison.Ordinal) ? $"{name}: {text}" : text;
        }
    }

    /// <summary>The command line that prints the help of the command that was typed: <c>mayuctl list --help</c>.</summary>
    public static string HelpOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: var command }; at = at.Parent)
        {
            words.Insert(0, command is RootCommand ? "mayuctl" : command.Name);
        }

        return string.Join(' ', words) + " --help";
    }

    private static IEnumerable<string> Names(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive);
        return command.Options.Concat(inherited)
            .SelectMany(option => option.Aliases.Append(option.Name))
            .Concat(command.Subcommands.Select(sub => sub.Name));
    }

    /// <summary>The end of a sentence about a word that is not known: which one may have been meant; empty where none is near.</summary>
    /// <param name="word">The word.</param>
    /// <param name="names">All that are known.</param>
    public static string Suggest(string word, IEnumerable<string> names) => Nearest(word, names) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>The known word that was probably meant; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(word, name)))
        // A short word is near to every other short word.
        .Where(near => near.Distance <= Math.Min(MaxDistance, near.Name.TrimStart('-').Length / 2))
        .OrderBy(near => near.Distance)
        .Select(near => near.Name)
        .FirstOrDefault();

    /// <summary>Letters to insert, delete, replace or swap with a neighbour (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }

                var replaced = costs[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replaced, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[left.Length, right.Length];
    }
}
