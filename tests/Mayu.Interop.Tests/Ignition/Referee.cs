using System.Diagnostics;

namespace Mayu.Interop.Tests.Ignition;

/// <summary>Debian's <c>ignition-validate</c> 2.14, which knows the specifications 3.0 to 3.3.</summary>
internal static class Referee
{
    /// <summary>Whether it takes a config without a word: of an unknown key it only warns, and ends well.</summary>
    public static async Task<(bool IsGood, string Words)> JudgeAsync(string config)
    {
        var start = new ProcessStartInfo("ignition-validate", ["-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(config);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var words = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode == 0 && words.Length == 0, words);
    }
}
