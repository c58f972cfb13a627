using System.Diagnostics;

namespace Mayu.Mutation;

/// <summary>How a program ended, with its standard output and standard error. Without an exit code it was killed, since its time was up.</summary>
internal sealed record Ended(int? ExitCode, string Output, TimeSpan Duration);

/// <summary>Runs a program to its end, or to that of its time.</summary>
internal static class ChildProgram
{
    /// <summary>Runs it. When the limit is over, it is killed with its children.</summary>
    public static async Task<Ended> RunAsync(
        string file,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment,
        TimeSpan limit,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var exited = new TaskCompletionSource();
        process.Exited += (_, _) => exited.TrySetResult();
        process.Start();
        process.StandardInput.Close();
        var output = new LineCollector(process);
        try
        {
            await exited.Task.WaitAsync(limit, cancellation);
        }
        catch (Exception early) when (early is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new Ended(ExitCode: null, output.Text, clock.Elapsed);
        }

        var duration = clock.Elapsed;
        await output.DrainAsync();
        return new Ended(process.ExitCode, output.Text, duration);
    }

    private sealed class LineCollector
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

        private readonly List<string> _lines = [];
        private readonly TaskCompletionSource _outputEnds = new();
        private readonly TaskCompletionSource _errorsEnd = new();

        public LineCollector(Process process)
        {
            process.OutputDataReceived += (_, line) => Add(line.Data, _outputEnds);
            process.ErrorDataReceived += (_, line) => Add(line.Data, _errorsEnd);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string Text
        {
            get
            {
                lock (_lines)
                {
                    return string.Join('\n', _lines);
                }
            }
        }

        /// <summary>Waits for the last lines, but not for a child that outlives the program and keeps its output open.</summary>
        public async Task DrainAsync() => await Task.WhenAny(Task.WhenAll(_outputEnds.Task, _errorsEnd.Task), Task.Delay(Patience));

        private void Add(string? line, TaskCompletionSource ends)
        {
            if (line is null)
            {
                ends.TrySetResult();
                return;
            }

            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
