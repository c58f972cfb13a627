using System.Runtime.InteropServices;
using Mayu.Mutation;

using var stop = new CancellationTokenSource();

// Ctrl-C, an ordinary kill and a closed terminal all end the test programs and remove the copy of the tree.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

return await MutationCommand.RunAsync(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
