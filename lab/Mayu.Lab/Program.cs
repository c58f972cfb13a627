using System.CommandLine;
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
try
{
    var ended = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
    return parsed.Errors.Count > 0 ? WrongCommandLine : ended;
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
