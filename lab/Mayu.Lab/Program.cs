using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Mayu.Lab.Demo;

const int Failed = 1;
const int WrongCommandLine = 2;

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
    foreach (var problem in parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens.Select(word => $"there is no '{word}'; see {help}") : parsed.Errors.Select(error => error.Message.TrimEnd('.')))
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
