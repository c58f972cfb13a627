using Mayu.Client.Tests;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Tests;

/// <summary>Runs mayuctl in this process, with an environment and a clock of its own, and keeps what it printed.</summary>
internal sealed class CtlRun
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public Dictionary<string, string> Environment { get; } = [];

    public bool IsTerminal { get; init; }

    /// <summary>Whether the standard error is a terminal.</summary>
    public bool IsErrorTerminal { get; init; }

    public int Width { get; init; } = 160;

    /// <summary>What is typed or piped in.</summary>
    public string Input { get; set; } = "";

    public bool IsAttended { get; set; }

    /// <summary>The folder that has <c>etc</c>.</summary>
    public string Root { get; set; } = "/nonexistent";

    public static CtlRun Against(FakeApi api, bool isTerminal = false, int width = 160) => new()
    {
        IsTerminal = isTerminal,
        Width = width,
        Environment = { ["MAYU_SERVER"] = api.Url, ["MAYU_CA"] = api.CaFile, ["MAYU_TOKEN_FILE"] = api.TokenFile },
    };

    public Task<int> RunAsync(params string[] words) => RunAsync(TestContext.Current.CancellationToken, words);

    public async Task<int> RunAsync(CancellationToken cancellation, params string[] words)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var console = new CtlConsole
        {
            Out = output,
            Error = error,
            In = new StringReader(Input),
            IsAttended = IsAttended,
            IsTerminal = IsTerminal,
            IsErrorTerminal = IsErrorTerminal,
            Width = Width,
            Root = Root,
            Environment = name => Environment.GetValueOrDefault(name),
            EnvironmentNames = Environment.Keys,
            Time = new StoppedClock(),
        };
        try
        {
            return await MayuCtl.RunAsync(words, console, cancellation);
        }
        finally
        {
            (Out, Error) = (output.ToString(), error.ToString());
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
