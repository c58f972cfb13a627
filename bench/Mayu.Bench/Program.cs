using System.Runtime.InteropServices;
using Mayu.Bench;

using var stop = new CancellationTokenSource();

// Ctrl-C, an ordinary kill and a closed terminal all take namespaces, servers and folders down; a second Ctrl-C changes nothing.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    return await BenchCommand.RunAsync(args, stop.Token);
}
#pragma warning disable CA1031 // A person gets a sentence, and a script an exit code, whatever it is.
catch (Exception failed)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"bench: error: {failed.GetType().Name}: {failed.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
