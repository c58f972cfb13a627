using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Server.Secrets;

/// <summary>Runs a program that prints a secret: no shell, nothing on its standard input, bounded in time and output. What it says on its standard error may hold the secret, and is not repeated.</summary>
internal static class SecretCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
            var (output, error) = (ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            if (!Task.WhenAll(output, error, process.WaitForExitAsync()).Wait(Patience))
            {
                End(process);
                problem = $"{command[0]} did not end within {Patience.TotalSeconds:0} s";
                return false;
            }

            problem = process.ExitCode != 0 ? $"{command[0]} ended with {process.ExitCode}"
                : output.Result is null ? $"{command[0]} printed more than {SecretStore.MaxBytes} characters"
                : null;
            printed = problem is null ? output.Result : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            problem = $"{command[0]} cannot be started: {e.Message}";
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

    // Null: it is too long. It is read to its end all the same.
    private static async Task<string?> ReadAsync(StreamReader reader)
    {
        var (buffer, length) = (new char[SecretStore.MaxBytes + 1], 0);
        while (await reader.ReadAsync(buffer.AsMemory(Math.Min(length, SecretStore.MaxBytes))) is > 0 and var read)
        {
            length = Math.Min(length + read, buffer.Length);
        }

        return length > SecretStore.MaxBytes ? null : new string(buffer, 0, length);
    }
}
