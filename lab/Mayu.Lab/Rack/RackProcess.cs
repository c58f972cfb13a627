using System.ComponentModel;
using System.Diagnostics;

namespace Mayu.Lab.Rack;

/// <summary>
/// A long-running program inside the rack's namespace, in a session of its own, its output in a file. It is killed with
/// its whole process group, and by the kernel when this program dies, however it dies.
/// </summary>
public sealed class RackProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RackProcess(string name, string logPath, Process process)
    {
        Name = name;
        LogPath = logPath;
        _process = process;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Where its standard output and standard error go.</summary>
    public string LogPath { get; }

    /// <summary>Process id; also that of its group.</summary>
    public int Id => _process.Id;

    public bool HasExited => IsDisposed || _process.HasExited;

    internal bool IsDisposed { get; private set; }

    /// <summary>What it left with. Ask only when <see cref="HasExited"/>.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Completes when it has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    /// <summary>Asks it to end (SIGTERM), and kills it when it does not within the time.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (HasExited)
        {
            return;
        }

        LinuxCalls.Signal(Id, LinuxCalls.SigTerm);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Kills it and its children at once (SIGKILL), and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        LinuxCalls.Signal(Id, LinuxCalls.SigKill);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsDisposed)
        {
            return;
        }

        if (!HasExited)
        {
            await KillAsync();
        }

        IsDisposed = true;
        _process.Dispose();
    }

    /// <summary>The last lines it wrote.</summary>
    public string Tail(int lines = 15) => LogTail.Read(LogPath, lines);

    internal static async Task<RackProcess> StartAsync(
        NamespaceThread thread,
        string rack,
        string name,
        string logPath,
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = Tool.Quiet("setsid", Wrap(rack, logPath, file, arguments));
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        try
        {
            var process = await thread.RunAsync(() => Process.Start(start)!);
            process.StandardInput.Close();
            return new RackProcess(name, logPath, process);
        }
        catch (Win32Exception failure)
        {
            throw new LabException($"cannot start {name}: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// The arguments of setsid. Each link of the chain replaces itself with the next, so that the id we know is the
    /// program's own; the namespace's /sys comes from <c>ip netns exec</c>, and setpriv comes after it.
    /// </summary>
    internal static IEnumerable<string> Wrap(string rack, string logPath, string file, IEnumerable<string> arguments) =>
    [
        "sh", "-c", "exec >>\"$0\" 2>&1 </dev/null; exec \"$@\"", logPath,
        "ip", "netns", "exec", rack,
        "setpriv", "--pdeathsig", "KILL", file, .. arguments,
    ];
}
