using System.ComponentModel;
using System.Diagnostics;

namespace Mayu.Lab.Rack;

/// <summary>Runs a short program of the host to its end.</summary>
public static class Tool
{
    /// <summary>A program that takes longer than this hangs.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    // setsid's own words, followed by the program and the reason.
    private const string NotStarted = "setsid: failed to execute ";

    /// <summary>Runs a program and returns what it said.</summary>
    /// <param name="file">Program, found on the PATH.</param>
    /// <param name="arguments">Arguments, one each, not seen by a shell.</param>
    /// <param name="timeout">How long it may take, <see cref="DefaultTimeout"/> when null.</param>
    /// <param name="cancellation">Ends the program.</param>
    /// <exception cref="LabException">The program is not there, or took too long.</exception>
    public static async Task<ToolResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        TimeSpan? timeout = null,
        CancellationToken cancellation = default)
    {
        // In a session of its own: Ctrl-C is for this program, which may need the tool to take everything down.
        using var process = new Process { StartInfo = Quiet("setsid", [file, .. arguments]) };
        var command = string.Join(' ', process.StartInfo.ArgumentList);
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new LabException($"cannot start {file}: {failure.Message}", failure);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException tooLong)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new LabException($"`{command}` was still running after {(timeout ?? DefaultTimeout).TotalSeconds:0} s", tooLong);
        }

        var said = await errors;
        if (said.StartsWith(NotStarted, StringComparison.Ordinal))
        {
            throw new LabException($"cannot start {said[NotStarted.Length..].Trim()}");
        }

        return new ToolResult(command, process.ExitCode, await output, said);
    }

    /// <summary>Runs a program on a terminal of its own, for output that is laid out for people.</summary>
    /// <param name="file">Program, found on the PATH.</param>
    /// <param name="arguments">Arguments, one each, not seen by a shell.</param>
    /// <param name="width">The terminal's width, in columns.</param>
    /// <param name="cancellation">Ends the program.</param>
    /// <returns>What the terminal got, its standard error included, with the colours.</returns>
    /// <exception cref="LabException">The program is not there, or took too long.</exception>
    public static async Task<ToolResult> ScreenAsync(string file, IEnumerable<string> arguments, int width, CancellationToken cancellation)
    {
        var command = string.Join(' ', arguments.Prepend(file).Select(word => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));
        var said = await RunAsync("script", ["-qec", $"stty cols {width}; exec {command}", "/dev/null"], cancellation: cancellation);
        return said with { Output = said.Output.Replace("\r\n", "\n", StringComparison.Ordinal) };
    }

    /// <summary>How every child is started: without a terminal, so that .NET leaves the terminal's settings alone.</summary>
    internal static ProcessStartInfo Quiet(string file, IEnumerable<string> arguments) => new(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };
}
