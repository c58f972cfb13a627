namespace Mayu.Docs.Tests;

/// <summary>The commands that the pages tell to type: lines of console blocks that begin with a prompt.</summary>
internal static class DocumentedCommands
{
    private const string Prompt = "$ ";

    /// <summary>Run by these tests, in a folder and a network of their own.</summary>
    private static readonly string[] RunHere = ["mayu", "mayuctl", "git", "install", "cp", "ln", "curl"];

    /// <summary>All of them, each once, in the order of the pages.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. (from page in Repository.Pages
            from block in page.Blocks
            where block.Language == "console"
            from line in block.Lines
            where line.StartsWith(Prompt, StringComparison.Ordinal)
            select line[Prompt.Length..]).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether these tests run it themselves. Everything else must be known to <see cref="CommandsRunElsewhereTests"/>.</summary>
    public static bool IsRunHere(string command) => RunHere.Contains(ProgramOf(command), StringComparer.Ordinal);

    /// <summary>Whether it puts the programs where the other commands find them.</summary>
    public static bool Installs(string command) => ProgramOf(command) is "install" or "cp" or "ln";

    /// <summary>The first word.</summary>
    public static string ProgramOf(string command) => command.Split(' ')[0];
}
