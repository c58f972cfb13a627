using System.Runtime.InteropServices;
using Mayu.Bench;

using var stop = new CancellationTokenSource();

// Ctrl-C, an ordinary kill and a closed terminal all take namespaces, servers and folders down; a second Ctrl-C changes nothing.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

return await BenchCommand.RunAsync(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
