using System.Runtime.InteropServices;
using Mayu.Ctl;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    return await MayuCtl.RunAsync(args, CtlConsole.OfProcess() with { LeaveSystemAuthorities = SystemAuthorities.LeaveUnread }, interrupted.Token);
}
#pragma warning disable CA1031 // A person gets a sentence, and a script an exit code, whatever it is.
catch (Exception failed)
#pragma warning restore CA1031
{
    return UnhandledFailure.Report(failed, args);
}
