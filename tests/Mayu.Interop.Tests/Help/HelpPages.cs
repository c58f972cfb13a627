using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Help;

/// <summary>A page of a program's help.</summary>
/// <param name="Command">The program and its commands (<c>mayuctl token create</c>).</param>
/// <param name="Examples">The lines below <c>Examples:</c>.</param>
/// <param name="HasCommands">Whether it lists further commands.</param>
internal sealed record HelpPage(string Command, IReadOnlyList<string> Examples, bool HasCommands)
{
    private const string Indent = "  ";

    // So many processes at a time.
    private static readonly SemaphoreSlim Seats = new(4);

    /// <summary>The pages of a program: its own first, then those of all commands.</summary>
    /// <param name="program">Where it is.</param>
    /// <param name="words">Its name, and the commands so far.</param>
    public static async Task<IReadOnlyList<HelpPage>> OfAsync(string program, params string[] words)
    {
        var lines = (await AskAsync(program, [.. words[1..], "--help"])).Split('\n');
        var commands = Below(lines, "Commands:").Select(line => line.Trim().Split(' ')[0]).ToList();
        var own = new HelpPage(string.Join(' ', words), [.. Below(lines, "Examples:").Select(line => line.Trim())], commands.Count > 0);
        var below = await Task.WhenAll(commands.Select(command => OfAsync(program, [.. words, command])));
        return [own, .. below.SelectMany(pages => pages)];
    }

    private static async Task<string> AskAsync(string program, string[] arguments)
    {
        await Seats.WaitAsync();
        try
        {
            return await ProgramRun.OrFailAsync(program, arguments);
        }
        finally
        {
            Seats.Release();
        }
    }

    // The program mayu prints its examples within the description, which is indented itself.
    private static IEnumerable<string> Below(IEnumerable<string> lines, string title) => lines
        .SkipWhile(line => line.Trim() != title).Skip(1).TakeWhile(line => line.StartsWith(Indent, StringComparison.Ordinal) && line.Trim().Length > 0);
}
