using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>The question before what cannot be taken back, and the option that answers it.</summary>
/// <param name="session">The way to the person.</param>
internal sealed class Confirmation(CtlSession session)
{
    /// <summary>Answers the question.</summary>
    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask for confirmation; required if standard input is not a terminal" };

    /// <summary>Asks, unless the option is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="question">What would happen, as a question.</param>
    /// <param name="afterNo">What is printed after a no: <c>Nothing was deleted.</c></param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The exit code if the command ends here; null: yes.</returns>
    public async Task<int?> AskAsync(ParseResult parsed, string question, string afterNo, CancellationToken cancellation)
    {
        var console = session.Console;
        if (parsed.GetValue(Yes))
        {
            return null;
        }

        if (!console.IsAttended)
        {
            console.WriteError($"mayuctl: {question} There is no terminal to ask this on; answer it with --yes");
            return ExitCode.Usage;
        }

        console.WriteQuestion($"{question} [y/N]");
        if (await console.ReadLineAsync(cancellation) is "y" or "Y" or "yes")
        {
            return null;
        }

        console.WriteError(afterNo);
        return ExitCode.Refused;
    }
}
