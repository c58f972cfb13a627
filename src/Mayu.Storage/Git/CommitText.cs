using System.Globalization;
using System.Text;
using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>What a commit says: who, when, and the message.</summary>
/// <param name="Author">Who made the change.</param>
/// <param name="At">When; git keeps whole seconds.</param>
/// <param name="Message">Subject and body.</param>
internal sealed record CommitText(string Author, DateTimeOffset At, string Message)
{
    /// <summary>The mail address of all our commits, by which they are told from those that somebody made by hand.</summary>
    public const string Mail = "mayu@localhost";

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

    // `<`, `>` and line feeds end a name in a commit; git strips dots and quotes at its ends as well.
    private static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(c => c is '<' or '>' or '"' || char.IsControl(c) ? ' ' : c)).Trim(' ', '.', ',', ':', ';', '\'', '\\');
        return safe.Length == 0 ? "unknown" : safe;
    }
}
