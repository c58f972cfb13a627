namespace Mayu.Lab.Rack;

/// <summary>How a program that was run to its end came out.</summary>
/// <param name="Command">Its command line, for messages.</param>
/// <param name="ExitCode">What it left with; 0 is success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ToolResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Returns this when the program succeeded.</summary>
    /// <exception cref="LabException">It failed; the message carries the command and what it said.</exception>
    public ToolResult OrThrow() =>
        ExitCode == 0
            ? this
            : throw new LabException($"`{Command}` exited with code {ExitCode}: {(Errors.Length > 0 ? Errors : Output).Trim()}");
}
