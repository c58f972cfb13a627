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
// With its first output .NET puts a terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
Environment.SetEnvironmentVariable("TERM", null);
await using var output = Console.OpenStandardOutput();
try
{
    return await new InfoPusherProgram(output, Console.Error, TimeProvider.System).RunAsync(args, interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return ExitCode.Interrupted;
}
catch (IOException failed)
{
    return InfoPusherProgram.CannotWrite(Console.Error, failed);
}
