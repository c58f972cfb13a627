using System.Runtime.InteropServices;
using Mayu.InfoPusher;
using Mayu.InfoPusher.CommandLine;

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
await using var output = Console.OpenStandardOutput();
try
{
    return await new InfoPusherProgram(output, Console.Error, TimeProvider.System).RunAsync(args, interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return ExitCode.Interrupted;
}
