using System.CommandLine;
using System.Runtime.InteropServices;
using Mayu.Lab.Demo;

using var stop = new CancellationTokenSource();

// Ctrl-C, an ordinary kill and a closed terminal all take the rack down; a second Ctrl-C changes nothing.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var root = new RootCommand("The virtual rack of Mayu: machines with real firmware in their own network.") { DemoCommand.Create(), ResetCommand.Create() };
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
