using System.Runtime.InteropServices;
using Mayu.Ctl;
using Mayu.Ctl.Output;

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return await MayuCtl.RunAsync(args, CtlConsole.OfProcess(), interrupted.Token);
