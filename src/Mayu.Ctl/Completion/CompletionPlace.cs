using System.CommandLine;
using System.CommandLine.Completions;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Completion;

/// <summary>A word that fits, and what it means.</summary>
/// <param name="Word">The whole word.</param>
/// <param name="Meaning">A few words for shells that show them, or null.</param>
internal sealed record Candidate(string Word, string? Meaning = null);

/// <summary>Where the cursor is on a command line, and what help's own table of commands says may stand there.</summary>
internal sealed class CompletionPlace
{
    private const char Separator = ',';

    private readonly ParseResult _parsed;
    private Command _command;
    private Option? _pending;
    private bool _onlyArguments;
    private int _position;

    private CompletionPlace(Command root, ParseResult parsed) => (_command, _parsed) = (root, parsed);

    /// <summary>What kind of values fit, besides <see cref="Words"/>.</summary>
    public CompletionKind Kind { get; private set; }

    /// <summary>What stands in front of a value in its own word: <c>--profile=</c>, or the earlier items of a list.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>The words that fit, as far as the commands themselves tell.</summary>
    public IReadOnlyList<Candidate> Words { get; private set; } = [];

    /// <summary>Finds the place.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="words">The words before the cursor, without the program's name; the last one is being typed and may be empty.</param>
    public static CompletionPlace Of(RootCommand root, IReadOnlyList<string> words)
    {
        var place = new CompletionPlace(root, CommandWords.Parse(root, [.. words.SkipLast(1)]));
        foreach (var word in words.SkipLast(1))
        {
            place.Pass(word);
        }

        place.Complete(words.Count > 0 ? words[^1] : "");
        return place;
    }

    private IEnumerable<Option> Options => _command.Options
        .Concat(_command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive))
        .Where(option => !option.Hidden);

    private void Pass(string word)
    {
        if (_pending is not null)
        {
            _pending = null;
        }
        else if (word == "--")
        {
            _onlyArguments = true;
        }
        else if (!_onlyArguments && word.Length > 1 && word[0] == '-')
        {
            _pending = Options.FirstOrDefault(option => Named(option, word) && TakesValue(option));
        }
        else if (_position == 0 && _command.Subcommands.FirstOrDefault(command => command.Name == word) is { } found)
        {
            _command = found;
        }
        else
        {
            _position++;
        }
    }

    private void Complete(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (_pending is not null)
        {
            CompleteValue(_pending, word);
        }
        else if (!_onlyArguments && word.StartsWith("--", StringComparison.Ordinal) && equals > 0)
        {
            Prefix = word[..(equals + 1)];
            if (Options.FirstOrDefault(option => Named(option, word[..equals]) && TakesValue(option)) is { } option)
            {
                CompleteValue(option, word[(equals + 1)..]);
            }
        }
        else if (!_onlyArguments && word.StartsWith('-'))
        {
            Words = [.. Options.SelectMany(option => option.Aliases.Append(option.Name).Select(name => new Candidate(name, Short(option.Description))))];
        }
        else if (_position == 0 && _command.Subcommands.Count > 0)
        {
            Words = [.. _command.Subcommands.Where(command => !command.Hidden).Select(command => new Candidate(command.Name, command.Description))];
        }
        else if (_position < _command.Arguments.Count)
        {
            CompleteArgument(_command.Arguments[_position]);
        }
    }

    private void CompleteValue(Option option, string typed)
    {
        Kind = CompletionKinds.Of(option);
        Words = ChoicesOf(option);
        if (option.HelpName == "NAMES")
        {
            Prefix += typed[..(typed.LastIndexOf(Separator) + 1)];
        }
    }

    private void CompleteArgument(Argument argument)
    {
        Kind = CompletionKinds.Of(argument);
        Words = ChoicesOf(argument);
        // The values of `set` depend on what is set.
        if (argument.Name == "value" && _parsed.CommandResult.Command == _command && _command.Arguments.FirstOrDefault(it => it.Name == "property") is { } property
            && _parsed.GetResult(property) is { Tokens: [{ Value: var name }] })
        {
            Kind = name == "profile" ? CompletionKind.Profiles : CompletionKind.Words;
            Words = name switch
            {
                "enabled" => [new("true"), new("false")],
                "state" => [.. Client.Contracts.MachineStates.All.Select(state => new Candidate(state))],
                _ => [],
            };
        }
    }

    private static List<Candidate> ChoicesOf(Symbol symbol) => [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(item.Label))];

    private static bool Named(Option option, string word) => option.Name == word || option.Aliases.Contains(word);

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    // Up to where it is said where else the value may come from.
    private static string? Short(string? description) => description?.Split([';', '['], 2)[0].TrimEnd();
}
