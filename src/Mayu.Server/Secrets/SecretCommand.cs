using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Mayu.Linux;
using Mayu.Primitives;

namespace Mayu.Server.Secrets;

/// <summary>Runs a program that prints a secret: no shell, nothing on its standard input, bounded in time and output. What it says on its standard error may hold the secret, and is not repeated.</summary>
internal static class SecretCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What it wrote before it ended is in the pipe by then. A process that it left behind may hold the pipe open for ever.
    private static readonly TimeSpan PatienceAfterEnd = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="printed">What it printed.</param>
    /// <param name="problem">Why that is not taken, as half a sentence.</param>
    public static bool TryRun(ImmutableArray<string> command, [NotNullWhen(true)] out string? printed, [NotNullWhen(false)] out string? problem)
    {
        printed = null;
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            // Both are read, or a program that says much would wait for ever.
            var (output, error) = (new Output(process.StandardOutput), new Output(process.StandardError));
            if (!process.WaitForExitAsync().Wait(Patience))
            {
                End(process);
                problem = $"{command[0]} did not end within {Patience.TotalSeconds:0} s";
                return false;
            }

            Task.WhenAll(output.End, error.End).Wait(PatienceAfterEnd);
            var text = output.Text;
            problem = process.ExitCode != 0 ? $"{command[0]} ended with {process.ExitCode}; what it says may hold the secret and is not repeated: run it as the user {Environment.UserName} to see it"
                : text is null ? $"{command[0]} printed more than {SecretStore.MaxBytes} characters"
                : null;
            printed = problem is null ? text : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            problem = (e as Win32Exception)?.NativeErrorCode switch
            {
                Errno.NoEntry or Errno.NotADirectory => $"there is no program {command[0]}{(command[0].Contains('/', StringComparison.Ordinal) ? "" : " in PATH")}",
                Errno.AccessDenied => $"{command[0]} cannot be executed by the user {Environment.UserName}: make it executable (chmod, chown)",
                _ => $"{command[0]} cannot be started: {e.Reason()}",
            };
        }

        return printed is not null;
    }

    // A child of another user, sudo's for example, cannot be ended: it is left alone.
    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is AggregateException or Win32Exception or InvalidOperationException)
        {
            // What is told is that it did not end.
        }
    }

    // Read to its end, however much there is.
    private sealed class Output
    {
        private readonly char[] _buffer = new char[SecretStore.MaxBytes + 1];
        private int _length;

        public Output(StreamReader reader) => End = ReadAsync(reader);

        public Task End { get; }

        /// <summary>What was read up to now; null: it is too long.</summary>
        public string? Text => Volatile.Read(ref _length) is <= SecretStore.MaxBytes and var length ? new string(_buffer, 0, length) : null;

        private async Task ReadAsync(StreamReader reader)
        {
            try
            {
                while (await reader.ReadAsync(_buffer.AsMemory(Math.Min(_length, SecretStore.MaxBytes))) is > 0 and var read)
                {
                    Volatile.Write(ref _length, Math.Min(_length + read, _buffer.Length));
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Nobody waits for it any more.
            }
        }
    }
}
