using Mayu.Client.Text;
using Mayu.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Ctl.Output;

/// <summary>What surrounds the program: where it writes, what it is told by the environment, and the clock.</summary>
internal sealed record CtlConsole
{
    private const string Terminal = "TERM";

    // A character more than the body of a request has.
    private const int LongestInput = (1 << 20) + 1;

    // Of less than this a text in a column is not readable.
    private const int LeastText = 30;

    private const string Below = "    ";

    // EPIPE.
    private const int BrokenPipe = 32;

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

    /// <summary>Whether a person watches the standard error.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>The same with the standard error for its output: for tables above a question.</summary>
    public CtlConsole BesideQuestions => this with { Out = Error, IsTerminal = IsErrorTerminal };

    /// <summary>Width of the terminal, in columns.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether tables show all their columns, however narrow the terminal is.</summary>
    public bool IsWide { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The names of all environment variables.</summary>
    public IReadOnlyCollection<string> EnvironmentNames { get; init; } = [];

    /// <summary>The folder that has <c>etc</c>: another one in tests.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Called before a connection that does not believe this system's CAs.</summary>
    public Action LeaveSystemAuthorities { get; init; } = static () => { };

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Prints a sentence; a terminal breaks it between words.</summary>
    /// <param name="text">A text from anywhere; it is escaped.</param>
    /// <param name="indent">How far its further lines are indented.</param>
    public void WriteSentence(string text, int indent = 0) => Out.WriteLine(ForPerson(text, IsTerminal, indent));

    /// <summary>Prints a sentence to the standard error; a terminal breaks it between words.</summary>
    /// <inheritdoc cref="WriteSentence"/>
    public void WriteError(string text, int indent = 0) => Error.WriteLine(ForPerson(text, IsErrorTerminal, indent));

    /// <summary>Prints a question to the standard error; what is typed follows it on its last line.</summary>
    /// <param name="text">A text from anywhere; it is escaped.</param>
    public void WriteQuestion(string text) => Error.Write(ForPerson(text, IsErrorTerminal, indent: 0) + " ");

    /// <summary>Prints columns that are already laid out, and behind them a text; a terminal breaks the text within its own column.</summary>
    /// <param name="columns">What stands in front of the text.</param>
    /// <param name="text">A text from anywhere; it is escaped.</param>
    public void WriteRow(string columns, string text)
    {
        text = PrintableText.Escape(text);
        if (!IsTerminal || columns.Length + text.Length <= Width)
        {
            Out.WriteLine(columns + text);
        }
        else if (Width - columns.Length is >= LeastText and var room)
        {
            Out.WriteLine(columns + string.Join('\n' + new string(' ', columns.Length), WordWrap.Lines(text, room)));
        }
        else
        {
            Out.WriteLine(columns.TrimEnd());
            Out.WriteLine(WordWrap.Sentence(Below + text, Width, Below.Length));
        }
    }

    /// <summary>Reads a line from the standard input; null at its end.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellation) => Task.Run(() => In.ReadLine(), CancellationToken.None).WaitAsync(cancellation);

    /// <summary>Reads the standard input to its end, or so much of it that no server takes it.</summary>
    public Task<string> ReadAllAsync(CancellationToken cancellation) => Task.Run(ReadMost, CancellationToken.None).WaitAsync(cancellation);

    /// <summary>Whether something failed since nobody reads the other end of the output's pipe any more.</summary>
    public static bool IsReaderGone(Exception failed) => failed is IOException { HResult: BrokenPipe };

    /// <summary>What surrounds this process.</summary>
    public static CtlConsole OfProcess()
    {
        // With its first output .NET puts the terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
        var terminal = System.Environment.GetEnvironmentVariable(Terminal);
        System.Environment.SetEnvironmentVariable(Terminal, null);
        return new()
        {
            Out = OutputOfProcess(),
            Error = Console.Error,
            // The kernel lets a person edit the line; .NET would need TERM for that.
            In = Console.IsInputRedirected ? Console.In : new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read)),
            IsAttended = !Console.IsInputRedirected,
            IsTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            // A terminal that does not tell its size (a serial console) says 0.
            Width = !(Console.IsOutputRedirected && Console.IsErrorRedirected) && Console.WindowWidth > 0 ? Console.WindowWidth : 80,
            Environment = name => name == Terminal ? terminal : System.Environment.GetEnvironmentVariable(name),
            EnvironmentNames = [.. System.Environment.GetEnvironmentVariables().Keys.Cast<string>()],
            Time = TimeProvider.System,
        };
    }

    // The console's stream takes no notice of a pipe whose reader has gone: what follows events would go on for ever. In a file, whose place it shares with what
    // others write to it, only that stream writes at the right place.
    private static TextWriter OutputOfProcess()
    {
        if (Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return new StreamWriter(pipe) { AutoFlush = true };
            }
        }

        return Console.Out;
    }

    private string ForPerson(string text, bool isTerminal, int indent) =>
        isTerminal ? WordWrap.Sentence(PrintableText.Escape(text), Width, indent) : PrintableText.Escape(text);

    private string ReadMost()
    {
        var buffer = new char[LongestInput];
        return new string(buffer, 0, In.ReadBlock(buffer));
    }
}
