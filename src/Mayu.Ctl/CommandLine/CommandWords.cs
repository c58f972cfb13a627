using System.CommandLine;

namespace Mayu.Ctl.CommandLine;

/// <summary>The words of a command line, as they are.</summary>
internal static class CommandWords
{
    // The library would put a file's content in the place of @FILE: a reason, notes or a name may begin so.
    private static readonly ParserConfiguration AsTyped = new() { ResponseFileTokenReplacer = null };

    /// <summary>Reads them.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="words">The words without the program's name.</param>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> words)
    {
        // [suggest] has nobody who asks for it: completion is our own.
        root.Directives.Clear();
        return root.Parse(words, AsTyped);
    }
}
