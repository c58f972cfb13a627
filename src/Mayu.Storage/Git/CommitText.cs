using System.Globalization;
using System.Text;
using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>What a commit says: who, when, and the message; and of the message, which changes it tells.</summary>
/// <remarks>
/// A change alone is <c>&lt;serial&gt;: &lt;what&gt;</c>, its why as body, and trailers <c>Mayu-Serial</c> and <c>Mayu-Who</c>; a pin's is
/// <c>pin &lt;key&gt;: &lt;what&gt;</c>, with <c>Mayu-Pin</c>. Changes that share a commit are one trailer each, <c>Mayu-Change: &lt;serial&gt;: &lt;what&gt;</c>,
/// followed by its <c>Mayu-Who</c> and <c>Mayu-Why</c>; further lines of a value are indented, as git-interpret-trailers(1) reads them.
/// </remarks>
/// <param name="Author">Who made the change.</param>
/// <param name="At">When; git keeps whole seconds.</param>
/// <param name="Message">Subject and body.</param>
internal sealed record CommitText(string Author, DateTimeOffset At, string Message)
{
    /// <summary>The mail address of all our commits, by which they are told from those that somebody made by hand.</summary>
    public const string Mail = "mayu@localhost";

    private const string SerialKey = "Mayu-Serial: ";
    private const string PinKey = "Mayu-Pin: ";
    private const string WhoKey = "Mayu-Who: ";
    private const string WhyKey = "Mayu-Why: ";
    private const string ChangeKey = "Mayu-Change: ";

    // A subject that git shows in one line of a terminal.
    private const int SubjectKeys = 5;

    /// <summary>The text of a commit with these changes, one or more, in their order.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="at">When.</param>
    public static CommitText Of(IReadOnlyList<ChangeNote> changes, DateTimeOffset at) =>
        new(changes.Select(change => change.Who).Distinct().ToList() is [var only] ? only : ChangeNote.Server, at, MessageOf(changes));

    /// <summary>The text of the commit object, gitformat: headers, an empty line, the message.</summary>
    public string Format(ObjectId tree, ObjectId? parent)
    {
        var seconds = Math.Max(0, At.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        text.Append("tree ").Append(tree.Sha).Append('\n');
        if (parent is not null)
        {
            text.Append("parent ").Append(parent.Sha).Append('\n');
        }

        text.Append("author ").Append(SafeName(Author)).Append(" <").Append(Mail).Append("> ").Append(seconds).Append(" +0000\n");
        text.Append("committer ").Append(ChangeNote.Server).Append(" <").Append(Mail).Append("> ").Append(seconds).Append(" +0000\n\n");
        return text.Append(Message).ToString();
    }

    /// <summary>The changes of a message that <see cref="Of"/> made, in their order; none when somebody else wrote it.</summary>
    public static IReadOnlyList<ChangeNote> Parse(string message)
    {
        var lines = message.TrimEnd('\n').Split('\n');
        var last = Array.FindLastIndex(lines, l => l.Length == 0);
        if (last < 0 || last == lines.Length - 1)
        {
            return [];
        }

        var trailers = lines.AsSpan(last + 1);
        if (trailers is [var first, var second] && second.StartsWith(WhoKey, StringComparison.Ordinal) && Named(first) is { } key)
        {
            return Split(lines[0]) is (var named, var what) && named == key
                ? [new ChangeNote(key, second[WhoKey.Length..], what, last > 2 ? string.Join('\n', lines[2..last]).TrimEnd('\n') : null)]
                : [];
        }

        return ParseMany(trailers);
    }

    /// <summary>The two halves of <c>&lt;key&gt;: &lt;what&gt;</c>, as the first Mayu wrote it too.</summary>
    public static (string Key, string What)? Split(string subject)
    {
        // Neither a serial nor a pin's key has a space in it, so the first colon before one ends it.
        var end = subject.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 && ChangeNote.IsKey(subject[..end]) ? (subject[..end], subject[(end + 2)..]) : null;
    }

    private static string MessageOf(IReadOnlyList<ChangeNote> changes)
    {
        var text = new StringBuilder();
        if (changes is [var only])
        {
            text.Append(only.Key).Append(": ").Append(OneLine(only.What)).Append("\n\n");
            if (Clean(only.Why) is { Length: > 0 } why)
            {
                text.Append(why).Append("\n\n");
            }

            var isPin = only.Key.StartsWith(ChangeNote.PinPrefix, StringComparison.Ordinal);
            text.Append(isPin ? PinKey : SerialKey).Append(isPin ? only.Key[ChangeNote.PinPrefix.Length..] : only.Key);
            return text.Append('\n').Append(WhoKey).Append(OneLine(only.Who)).Append('\n').ToString();
        }

        var keys = changes.Select(c => c.Key).Distinct().ToList();
        text.Append(changes.Count).Append(" changes: ").AppendJoin(", ", keys.Take(SubjectKeys));
        text.Append(keys.Count > SubjectKeys ? $" and {keys.Count - SubjectKeys} more" : "").Append("\n\n");
        foreach (var change in changes)
        {
            text.Append(ChangeKey).Append(change.Key).Append(": ").Append(OneLine(change.What)).Append('\n');
            text.Append(WhoKey).Append(OneLine(change.Who)).Append('\n');
            if (Clean(change.Why) is { Length: > 0 } why)
            {
                text.Append(WhyKey).Append(why.ReplaceLineEndings("\n ")).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string? Named(string trailer) =>
        trailer.StartsWith(SerialKey, StringComparison.Ordinal) ? trailer[SerialKey.Length..]
        : trailer.StartsWith(PinKey, StringComparison.Ordinal) ? ChangeNote.PinPrefix + trailer[PinKey.Length..]
        : null;

    private static List<ChangeNote> ParseMany(ReadOnlySpan<string> trailers)
    {
        var changes = new List<ChangeNote>();
        foreach (var line in trailers)
        {
            if (line.StartsWith(ChangeKey, StringComparison.Ordinal) && Split(line[ChangeKey.Length..]) is (var key, var what))
            {
                changes.Add(new ChangeNote(key, "", what, null));
            }
            else if (changes.Count == 0)
            {
                return [];
            }
            else if (line.StartsWith(WhoKey, StringComparison.Ordinal))
            {
                changes[^1] = changes[^1] with { Who = line[WhoKey.Length..] };
            }
            else if (line.StartsWith(WhyKey, StringComparison.Ordinal))
            {
                changes[^1] = changes[^1] with { Why = line[WhyKey.Length..] };
            }
            else if (line.StartsWith(' ') && changes[^1].Why is { } why)
            {
                changes[^1] = changes[^1] with { Why = $"{why}\n{line[1..]}" };
            }
        }

        return changes;
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    // Control characters would let a why forge lines in a terminal, and NUL is forbidden in a commit.
    private static string? Clean(string? text) =>
        text is null ? null : string.Concat(text.ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c))).Trim();

    // `<`, `>` and line feeds end a name in a commit; git strips dots and quotes at its ends as well.
    private static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(c => c is '<' or '>' or '"' || char.IsControl(c) ? ' ' : c)).Trim(' ', '.', ',', ':', ';', '\'', '\\');
        return safe.Length == 0 ? "unknown" : safe;
    }
}
