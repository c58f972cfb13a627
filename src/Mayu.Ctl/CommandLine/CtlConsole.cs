namespace Mayu.Ctl.CommandLine;

/// <summary>What surrounds the program: where it writes, what it is told by the environment, and the clock.</summary>
internal sealed record CtlConsole
{
    /// <summary>The standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person watches the standard output.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Width of the terminal, in columns.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What surrounds this process.</summary>
    public static CtlConsole OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsTerminal = !Console.IsOutputRedirected,
        // A terminal that does not tell its size (a serial console) says 0.
        Width = !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth : 80,
        Environment = System.Environment.GetEnvironmentVariable,
        Time = TimeProvider.System,
    };
}
