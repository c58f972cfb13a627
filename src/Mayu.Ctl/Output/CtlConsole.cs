using Mayu.Client;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Ctl.Output;

/// <summary>What surrounds the program: where it writes, what it is told by the environment, and the clock.</summary>
internal sealed record CtlConsole
{
    private const string Terminal = "TERM";

    // A character more than the body of a request has.
    private const int LongestInput = (1 << 20) + 1;

    /// <summary>The standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether a person sits at the standard input, and can be asked.</summary>
    public required bool IsAttended { get; init; }

    /// <summary>Whether a person watches the standard output.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Width of the terminal, in columns.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Prints a sentence; a terminal breaks it between words.</summary>
    /// <param name="text">A text from anywhere; it is escaped.</param>
    /// <param name="indent">How far its further lines are indented.</param>
    public void WriteSentence(string text, int indent = 0)
    {
        var line = PrintableText.Escape(text);
        if (!IsTerminal || line.Length <= Width)
        {
            Out.WriteLine(line);
            return;
        }

        var lines = TableLayout.Lines(line, Math.Max(Width - indent, 20));
        for (var i = 0; i < lines.Count; i++)
        {
            Out.WriteLine(new string(' ', i == 0 ? line.Length - line.TrimStart(' ').Length : indent) + lines[i]);
        }
    }

    /// <summary>Reads a line from the standard input; null at its end.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellation) => Task.Run(() => In.ReadLine(), CancellationToken.None).WaitAsync(cancellation);

    /// <summary>Reads the standard input to its end, or so much of it that no server takes it.</summary>
    public Task<string> ReadAllAsync(CancellationToken cancellation) => Task.Run(ReadMost, CancellationToken.None).WaitAsync(cancellation);

    /// <summary>What surrounds this process.</summary>
    public static CtlConsole OfProcess()
    {
        // With its first output .NET puts the terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
        var terminal = System.Environment.GetEnvironmentVariable(Terminal);
        System.Environment.SetEnvironmentVariable(Terminal, null);
        return new()
        {
            Out = Console.Out,
            Error = Console.Error,
            // The kernel lets a person edit the line; .NET would need TERM for that.
            In = Console.IsInputRedirected ? Console.In : new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read)),
            IsAttended = !Console.IsInputRedirected,
            IsTerminal = !Console.IsOutputRedirected,
            // A terminal that does not tell its size (a serial console) says 0.
            Width = !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth : 80,
            Environment = name => name == Terminal ? terminal : System.Environment.GetEnvironmentVariable(name),
            Time = TimeProvider.System,
        };
    }

    private string ReadMost()
    {
        var buffer = new char[LongestInput];
        return new string(buffer, 0, In.ReadBlock(buffer));
    }
}
