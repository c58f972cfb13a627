using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>
/// Changes read back out of commits. Ours say in their message whom they concern; for commits by hand and by the first Mayu
/// the folders that they touched are compared. Reads only as far back as the limit asks.
/// </summary>
internal sealed class CommitHistory(ClusterLayout layout)
{
    /// <summary>The changes from a commit backwards, newest first.</summary>
    public IReadOnlyList<Change> Read(ObjectId from, Serial? serial, int limit, CancellationToken cancellationToken)
    {
        using var repository = GitLibrary.Open(layout);
        var changes = new List<Change>();
        foreach (var commit in repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = from, SortBy = CommitSortStrategies.None }))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var change in ChangesOf(repository, commit))
            {
                if (serial is null || change.Serial == serial)
                {
                    changes.Add(change);
                    if (changes.Count == limit)
                    {
                        return changes;
                    }
                }
            }
        }

        return changes;
    }

    private static IEnumerable<Change> ChangesOf(Repository repository, Commit commit)
    {
        var at = commit.Author.When;
        var notes = ChangeMessage.Parse(commit.Message);
        return notes.Count > 0
            ? notes.Reverse().Select(n => new Change(commit.Sha, at, n.Who, n.Serial, n.What, n.Why))
            : ByHand(repository, commit, at);
    }

    private static IEnumerable<Change> ByHand(Repository repository, Commit commit, DateTimeOffset at)
    {
        var subject = commit.MessageShort;
        var body = commit.Message.Length > subject.Length ? commit.Message[subject.Length..].Trim() : "";
        var change = new Change(commit.Sha, at, commit.Author.Name, null, subject, body.Length > 0 ? body : null);
        var touched = Touched(repository, commit);
        if (touched.Count == 0)
        {
            return [change];
        }

        var named = ChangeMessage.Split(subject);
        return touched.Select(s => change with { Serial = s, What = named is (var key, var what) && key == s.Text ? what : subject });
    }

    private static List<Serial> Touched(Repository repository, Commit commit)
    {
        using var changes = repository.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        var serials = new List<Serial>();
        foreach (var path in changes.Select(c => c.Path))
        {
            if (path.EndsWith("/" + ClusterLayout.RecordName, StringComparison.Ordinal)
                && SerialFolder.TryDecode(path[..^(ClusterLayout.RecordName.Length + 1)], out var serial))
            {
                serials.Add(serial);
            }
        }

        return serials;
    }
}
