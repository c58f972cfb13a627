namespace Mayu.Storage.Git;

/// <summary>Files on their way into the cluster directory: first under names that do not count, then in their place, or gone from it.</summary>
/// <param name="layout">The directory.</param>
/// <param name="crew">Who flushes.</param>
/// <param name="atStep">Told of each step.</param>
/// <param name="setAside">Moves a file out of the way that hands changed after the change that replaces it was decided.</param>
internal sealed class Checkout(ClusterLayout layout, FlushCrew crew, Action<CommitStep>? atStep, Action<string> setAside)
{
    private readonly List<(string? From, string To, FormerFile? Former)> _files = [];

    /// <summary>Whether a new machine's folder was made, so that the root is to be flushed.</summary>
    public bool MadeFolders { get; private set; }

    /// <summary>What is to be moved where, by the name in the stage and the path in the cluster directory; from nowhere: it is to go.</summary>
    public IEnumerable<(string? From, string To)> Moves =>
        _files.Select(f => (f.From is null ? null : Path.GetFileName(f.From), Path.GetRelativePath(layout.Directory, f.To)));

    /// <summary>Takes up moves that were begun: those whose file is gone from the stage are done.</summary>
    public void Resume(IEnumerable<(string? From, string To)> moves)
    {
        foreach (var (from, to) in moves)
        {
            var staged = from is null ? null : Path.Combine(layout.Stage, from);
            if (staged is null || File.Exists(staged))
            {
                _files.Add((staged, layout.OnDisk(to), null));
            }
        }
    }

    /// <summary>Makes the folders, and says what is to be written so that <see cref="Finish"/> needs no room on the disk.</summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    public IReadOnlyList<Action> Stage(IReadOnlyList<FileChange> changes)
    {
        var writes = new List<Action>(changes.Count);
        foreach (var change in changes)
        {
            var target = layout.OnDisk(change.Path);
            if (change.Content is not { } content)
            {
                _files.Add((null, target, change.Former));
                continue;
            }

            MadeFolders |= LibC.MakeFolder(Path.GetDirectoryName(target)!);
            var staged = Path.Combine(layout.Stage, "file-" + _files.Count);
            _files.Add((staged, target, change.Former));
            writes.Add(() => StagedFile.Write(staged, content));
        }

        return writes;
    }

    /// <summary>Puts all in place, durably. Null, or why it failed.</summary>
    public Exception? Finish()
    {
        // After the branch was moved a failure takes nothing back: the changes are durable and in the history.
        try
        {
            atStep?.Invoke(CommitStep.Committed);
            var touched = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (source, target, former) in _files)
            {
                SetAsideIfEdited(target, former);
                touched.Add(source is null ? Remove(target) : Move(source, target));
                atStep?.Invoke(CommitStep.RecordMoved);
            }

            crew.Run(touched.ToList(), LibC.FlushFolder);
            atStep?.Invoke(CommitStep.Finished);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    /// <summary>Takes back what is staged.</summary>
    public void Discard() => _files.ForEach(f =>
    {
        if (f.From is { } staged)
        {
            StagedFile.Discard(staged);
        }
    });

    // While all was written hands may have been there, which is milliseconds. What they wrote is not overwritten unseen.
    private void SetAsideIfEdited(string target, FormerFile? former)
    {
        var path = Path.GetRelativePath(layout.Directory, target);
        if (former is not null && HandWatch.BlobOf(layout, path) is { } found && found != former.Blob)
        {
            setAside(path);
        }
    }

    private static string Move(string source, string target)
    {
        File.Move(source, target, overwrite: true);
        return Path.GetDirectoryName(target)!;
    }

    // What hands laid beside a record stays, and its folder with it. Says which folder is to be flushed.
    private string Remove(string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder))
        {
            File.Delete(target);
        }

        return folder != layout.Directory && LibC.RemoveEmptyFolder(folder) ? layout.Directory : folder;
    }
}
