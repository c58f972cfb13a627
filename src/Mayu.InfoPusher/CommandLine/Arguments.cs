using System.Diagnostics.CodeAnalysis;

namespace Mayu.InfoPusher.CommandLine;

/// <summary>
/// The words of the command line, sorted: a command, and options with a value each. Written by hand, because a parser for three
/// commands would be the largest part of a program that rides in every initrd.
/// </summary>
/// <param name="Command"><c>show</c>, <c>serial</c> or <c>push</c>.</param>
/// <param name="Options">The values, by option.</param>
internal sealed record Arguments(string Command, IReadOnlyDictionary<string, string> Options)
{
    // --root is for tests, and not in the help.
    private static readonly string[] ShowOptions = ["--root"];
    private static readonly string[] SerialOptions = ["--url", "--timeout", "--root"];
    private static readonly string[] PushOptionNames = ["--url", "--serial", "--output", "--serial-output", "--token-file", "--timeout", "--retries", "--root"];

    /// <summary>Sorts the words; when they are wrong, <paramref name="problem"/> says why.</summary>
    public static bool TryParse(string[] words, [NotNullWhen(true)] out Arguments? arguments, [NotNullWhen(false)] out string? problem)
    {
        arguments = null;
        problem = null;
        var command = words.Length > 0 ? words[0] : "";
        var known = command switch { "show" => ShowOptions, "serial" => SerialOptions, "push" => PushOptionNames, _ => null };
        if (known is null)
        {
            problem = command.Length == 0 ? "a command is required: show, serial or push" : $"'{command}' is not a command; the commands are show, serial and push";
            return false;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < words.Length; i++)
        {
            var equals = words[i].IndexOf('=');
            var name = equals > 0 ? words[i][..equals] : words[i];
            if (!known.Contains(name))
            {
                problem = $"'{name}' is not an option of {command}" + Known(known);
                return false;
            }

            if (equals < 0 && i + 1 == words.Length)
            {
                problem = $"{name} needs a value";
                return false;
            }

            if (!options.TryAdd(name, equals > 0 ? words[i][(equals + 1)..] : words[++i]))
            {
                problem = $"{name} is given twice";
                return false;
            }
        }

        arguments = new Arguments(command, options);
        return true;
    }

    private static string Known(string[] known)
    {
        var shown = known.Where(name => name != "--root").ToArray();
        return shown.Length == 0 ? ", which has no options" : "; its options are " + string.Join(", ", shown);
    }
}
