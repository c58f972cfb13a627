using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>
/// What a commit changed. Ours say it in their message; of commits by hand and by the first Mayu the folders that they touched
/// are compared. A merge changed only what is in none of its parents: the rest has commits of its own.
/// </summary>
internal static class CommitChanges
{
    // A machine that is gone and another that came are two changes, however alike they are.
    private static readonly CompareOptions NoRenames = new() { Similarity = SimilarityOptions.None };

    /// <summary>The changes of a commit, the oldest first; without their fields.</summary>
    public static IReadOnlyList<Change> Of(Repository repository, Commit commit)
    {
        // The author's time of a commit that was picked from elsewhere is long before it came.
        var at = commit.Committer.When;
        var notes = commit.Committer.Email == CommitText.Mail ? CommitText.Parse(commit.Message) : [];
        return notes.Count > 0
            ? [.. notes.Select(n => new Change(commit.Sha, at, n.Who, n.Serial, n.What, n.Why))]
            : ByHand(repository, commit, at);
    }

    /// <summary>The bytes of a machine's record before and after a commit; null where there was none.</summary>
    public static (byte[]? Old, byte[]? New) Records(Commit commit, Serial serial)
    {
        var before = commit.Parents.FirstOrDefault()?.Tree;
        var folder = SerialFolder.Encode(serial);
        var (old, next) = (RecordIn(before, folder), RecordIn(commit.Tree, folder));
        return old is null && next is null ? (RecordOf(before, serial), RecordOf(commit.Tree, serial)) : (old, next);
    }

    /// <summary>The bytes of a machine's record in a commit; null when there is none.</summary>
    public static byte[]? Record(Commit commit, Serial serial) => RecordIn(commit.Tree, SerialFolder.Encode(serial)) ?? RecordOf(commit.Tree, serial);

    private static IReadOnlyList<Change> ByHand(Repository repository, Commit commit, DateTimeOffset at)
    {
        var subject = commit.MessageShort;
        var body = commit.Message.Length > subject.Length ? commit.Message[subject.Length..].Trim() : "";
        var change = new Change(commit.Sha, at, commit.Author.Name, null, subject, body.Length > 0 ? body : null);
        var touched = Touched(repository, commit);
        var named = CommitText.Split(subject);
        return touched.Count == 0
            ? [change]
            : [.. touched.Select(s => change with { Serial = s, What = named is (var key, var what) && key == s.Text ? what : subject })];
    }

    private static List<Serial> Touched(Repository repository, Commit commit)
    {
        HashSet<string>? paths = null;
        foreach (var parent in commit.Parents.Select(p => p.Tree).DefaultIfEmpty(null))
        {
            using var changes = repository.Diff.Compare<TreeChanges>(parent, commit.Tree, NoRenames);
            var differing = changes.Select(c => c.Path).Where(p => p.EndsWith("/" + ClusterLayout.RecordName, StringComparison.Ordinal));
            if (paths is null)
            {
                paths = differing.ToHashSet(StringComparer.Ordinal);
            }
            else
            {
                paths.IntersectWith(differing);
            }
        }

        var serials = new List<Serial>();
        foreach (var path in (paths ?? []).Order(StringComparer.Ordinal))
        {
            if (SerialFolder.TryDecode(path[..^(ClusterLayout.RecordName.Length + 1)], out var serial))
            {
                serials.Add(serial);
            }
        }

        return serials;
    }

    private static byte[]? RecordIn(Tree? root, string folder) =>
        root?[ClusterLayout.RecordPath(folder)]?.Target is Blob blob ? CommittedFile.BytesOf(blob) : null;

    // A folder that somebody or the first Mayu named otherwise than we would.
    private static byte[]? RecordOf(Tree? root, Serial serial) =>
        root?.Where(e => e.TargetType == TreeEntryTargetType.Tree && SerialFolder.TryDecode(e.Name, out var found) && found == serial)
            .Select(e => RecordIn(root, e.Name)).FirstOrDefault(r => r is not null);
}
