using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Mayu.Lab.Demo;
using Mayu.Primitives;
using Spectre.Console;

const int Failed = 1;
const int WrongCommandLine = 2;

// With its first output .NET puts a terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
var terminal = Environment.GetEnvironmentVariable("TERM");
Environment.SetEnvironmentVariable("TERM", null);
AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
{
    Ansi = terminal is null or "dumb" || Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Yes,
});

using var stop = new CancellationTokenSource();

// Ctrl-C, an ordinary kill and a closed terminal all take the rack down; a second Ctrl-C changes nothing.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var root = new RootCommand("The virtual rack of Mayu: machines with real firmware in their own network.") { DemoCommand.Create(), ResetCommand.Create() };
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    var help = parsed.CommandResult.Command is RootCommand ? "mayu-lab --help" : $"mayu-lab {parsed.CommandResult.Command.Name} --help";
    foreach (var problem in parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens.Select(word => $"there is no '{word}'; see {help}") : parsed.Errors.Select(error => FailureText.Unended(error.Message)))
    {
        await Console.Error.WriteLineAsync($"mayu-lab: {problem}");
    }

    return WrongCommandLine;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
}
#pragma warning disable CA1031 // A person gets a sentence, and a script an exit code, whatever it is.
catch (Exception failed)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"mayu-lab: error: {failed.GetType().Name}: {failed.Message}");
    return Failed;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
