using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mayu.Interop.Tests.Network;

/// <summary>A server that runs in a namespace, with all that it said. Disposing ends it.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly StringBuilder _log = new();
    private readonly string _name;
    private readonly Process _process;

    private RunningProgram(string name, Process process)
    {
        _name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>What it said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it, and returns when it has said that it is ready.</summary>
    public static async Task<RunningProgram> StartAsync(string host, string ready, params string[] command)
    {
        // `ip netns exec` and `env` become the program, so this is its own process. Below nohup it would not hear of SIGHUP, nor, as a shell's job in the background, of SIGINT.
        var program = new RunningProgram(command[0], ProgramRun.Start("ip", ["netns", "exec", host, "env", "--default-signal=HUP,INT", .. command]));
        try
        {
            await program.PrintsAsync(ready);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until it has said this. Its output comes through a pipe of its own, so a client may have ended before the line that tells
    /// of it is here: a test that looks once would fail at random.
    /// </summary>
    public async Task PrintsAsync(string text)
    {
        for (var waited = TimeSpan.Zero; !Log.Contains(text, StringComparison.Ordinal); waited += Glance)
        {
            Assert.True(waited < Patience && !_process.HasExited, $"{_name} did not say \"{text}\"; it said:\n{Log}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends it a signal.</summary>
    public Task SignalAsync(string signal) => ProgramRun.OrFailAsync("kill", "-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sends it a signal that ends it, and waits until it is gone and all that it said is here.</summary>
    public async Task StopAsync(string signal)
    {
        if (!_process.HasExited)
        {
            await ProgramRun.ToEndAsync("kill", "-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture));
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token);
        }

        _process.Dispose();
    }

    /// <summary>Waits until it has ended by itself or by a signal that was sent, and all that it said is here.</summary>
    public async Task<int> EndsAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync("TERM");

    private void Hear(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
