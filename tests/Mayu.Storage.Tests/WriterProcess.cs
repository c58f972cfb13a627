using System.Diagnostics;

namespace Mayu.Storage.Tests;

/// <summary>A real process that changes machines until it dies, and what it acknowledged before.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;

    private WriterProcess(Process process) => _process = process;

    /// <summary>The highest value that was acknowledged, by serial.</summary>
    public Dictionary<string, int> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The number of the last acknowledged change of what comes and goes, odd when it came, even when it went; and, as
    /// <c>trying-…</c>, of the last one that was begun.
    /// </summary>
    public Dictionary<string, long> Guests { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts one that changes machines until it dies.</summary>
    /// <param name="kind">The store: <c>git</c> or <c>plain</c>.</param>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="writers">How many write at once.</param>
    /// <param name="machines">How many machines they change.</param>
    /// <param name="more">A failpoint, and at the how-manieth time it dies there.</param>
    public static WriterProcess Start(string kind, string directory, int writers, int machines, params string[] more) =>
        Start(["crash", kind, directory, $"{writers}", $"{machines}", .. more]);

    /// <summary>The program itself, to be started in another way.</summary>
    public static string Program()
    {
        // artifacts/bin/Mayu.Storage.Tests/debug/ and artifacts/bin/Mayu.Storage.Writer/debug_linux-x64/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Mayu.Storage.Writer", own.Name + "_linux-x64", "Mayu.Storage.Writer");
    }

    /// <summary>Fills a directory with machines.</summary>
    public static async Task FillAsync(string kind, string directory, int machines)
    {
        using var writer = Start(["fill", kind, directory, $"{machines}"]);
        await writer._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, writer._process.ExitCode);
    }

    /// <summary>Reads until so many changes are acknowledged, then kills it with SIGKILL, and reads what it still had said.</summary>
    public async Task KillAfterAsync(int changes)
    {
        for (var read = 0; read < changes && await ReadLineAsync(); read++)
        {
        }

        _process.Kill();
        await ReadToEndAsync();
    }

    /// <summary>Kills it with SIGKILL after so many milliseconds: while it starts, or later.</summary>
    public async Task KillAfterMillisecondsAsync(int milliseconds)
    {
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        _process.Kill();
        await ReadToEndAsync();
    }

    /// <summary>Reads until it has died by itself.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadLineAsync())
        {
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(_process.ExitCode == 128 + 9, $"exit {_process.ExitCode}: {await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static WriterProcess Start(string[] arguments) => new(Process.Start(new ProcessStartInfo(Program(), arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    private async Task<bool> ReadLineAsync()
    {
        // A line without an end was not told: the process died while it said it.
        if (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not { } line)
        {
            return false;
        }

        if (line.Split(' ') is [var serial, var value])
        {
            if (serial.StartsWith("machine-", StringComparison.Ordinal))
            {
                Acknowledged[serial] = int.Parse(value);
            }
            else
            {
                Guests[serial] = long.Parse(value);
            }
        }

        return true;
    }
}
