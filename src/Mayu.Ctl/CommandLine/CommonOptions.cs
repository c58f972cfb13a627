using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>Arguments and options that several commands take, each with the same words.</summary>
internal static class CommonOptions
{
    /// <summary>The machine that a command is about.</summary>
    public static Argument<string> Serial() => new("serial") { Description = "The machine's serial, its beginning, or a MAC" };

    /// <summary>The machine that a command is about, where it may be about several that are selected.</summary>
    public static Argument<string?> SerialOrNone() => new("serial") { Description = "The machine's serial, its beginning, or a MAC", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Why something is changed.</summary>
    public static Option<string?> Reason() => new("--reason") { Description = "Why, for the history", HelpName = "TEXT" };

    /// <summary>Answers the question before what cannot be taken back.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask for confirmation; required if standard input is not a terminal" };

    /// <summary>Refuses what is no number from 1 to a limit.</summary>
    /// <param name="option">The option.</param>
    /// <param name="most">The limit.</param>
    /// <param name="what">What it is a number of, with a space before it; empty where that is plain.</param>
    public static void Limit(Option option, int most, string what = "") => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var number) || number < 1 || number > most))
        {
            result.AddError($"{option.Name} '{text}' is not a number{what} from 1 to {most}.");
        }
    });
}
