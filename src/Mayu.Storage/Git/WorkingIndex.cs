using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>
/// Keeps git's index in step with the commits, so that <c>git status</c> is clean and quick. Nothing rests on the index: it
/// is written when no change waits, and whoever holds its lock (a person's <c>git commit</c>) is left alone.
/// </summary>
internal sealed class WorkingIndex(ClusterLayout layout, TimeProvider time)
{
    // A person's commit holds the lock while the editor is open; nobody takes this long over it.
    private static readonly TimeSpan ForeignLockAge = TimeSpan.FromMinutes(10);

    // Whoever works without an editor is done by then.
    private static readonly TimeSpan LeftOverLockAge = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset _opened = time.GetUtcNow();
    private readonly HashSet<string> _stale = new(StringComparer.Ordinal);
    private IReadOnlyList<(string Path, ContentId Content)>? _expected;

    /// <summary>Whether something is to be written.</summary>
    public bool IsBehind => _stale.Count > 0 || _expected is not null;

    /// <summary>After a start, or an external edit: the index is to have these files, and no record that is gone.</summary>
    public void Expect(IReadOnlyList<(string Path, ContentId Content)> files) => _expected = files;

    /// <summary>These records have changed.</summary>
    public void Note(IEnumerable<string> paths) => _stale.UnionWith(paths);

    /// <summary>Writes what is behind. False when somebody holds the lock: ask again later.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool Write()
    {
        if (!IsBehind)
        {
            return true;
        }

        if (IsLocked())
        {
            return false;
        }

        try
        {
            using var repository = GitLibrary.Open(layout);
            DropDamaged(repository);
            Compare(repository);
            if (_stale.Count == 0)
            {
                return true;
            }

            foreach (var path in _stale)
            {
                using var file = FoundFile.Read(layout, path);
                if (!file.Exists)
                {
                    repository.Index.Remove(path);
                }
                else if (file.Problem is null)
                {
                    // Of a pipe libgit2 would wait for what somebody may write.
                    repository.Index.Add(path);
                }
            }

            repository.Index.Write();
            _stale.Clear();
            return true;
        }
        catch (LockedFileException)
        {
            return false;
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The index of {layout.GitDirectory} cannot be written: {e.Message}", e);
        }
    }

    // Either a person's git is at work, or a process that was killed left the lock.
    private bool IsLocked()
    {
        var held = new FileInfo(layout.IndexLock);
        if (!held.Exists)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var since = new DateTimeOffset(held.LastWriteTimeUtc);
        if (since < _opened ? (now - _opened).Duration() < LeftOverLockAge : (now - since).Duration() < ForeignLockAge)
        {
            return true;
        }

        held.Delete();
        return false;
    }

    // Nothing rests on it: a damaged one is made anew at the next try.
    private void DropDamaged(Repository repository)
    {
        try
        {
            _ = repository.Index.Count;
        }
        catch (LibGit2SharpException)
        {
            File.Delete(Path.Combine(layout.GitDirectory, "index"));
            throw;
        }
    }

    private void Compare(Repository repository)
    {
        var index = repository.Index;
        if (index.Count == 0 && repository.Head.Tip is { } commit)
        {
            // New, or lost: the content of HEAD, and then each file's times and sizes, or git would read them all.
            index.Replace(commit);
            _stale.UnionWith(index.Select(e => e.Path));
        }

        if (_expected is { } files)
        {
            _stale.UnionWith(files.Where(f => index[f.Path] is not { } entry || GitLibrary.ContentOf(entry.Id) != f.Content).Select(f => f.Path));
            var expected = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
            _stale.UnionWith(index.Select(e => e.Path).Where(p => !expected.Contains(p) && IsGone(repository, p)));
            _expected = null;
        }
    }

    // A record that we deleted; what somebody took away or laid there is left alone.
    private bool IsGone(Repository repository, string path) =>
        (path == ClusterLayout.PinsName || path.EndsWith("/" + ClusterLayout.RecordName, StringComparison.Ordinal))
        && !File.Exists(layout.OnDisk(path))
        && repository.Head.Tip?[path] is null;
}
