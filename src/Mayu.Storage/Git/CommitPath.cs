using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>What a commit made.</summary>
/// <param name="Head">Where the branch stands now.</param>
/// <param name="Tree">The root.</param>
/// <param name="CheckoutFailure">Why a record is perhaps not in its folder for good, though it is committed; null when all are.</param>
internal sealed record CommitResult(HeadPosition Head, FolderTree Tree, Exception? CheckoutFailure)
{
    /// <summary>How many objects were written.</summary>
    public int Objects { get; init; }

    /// <summary>How many bytes they have, before compression.</summary>
    public long Bytes { get; init; }
}

/// <summary>
/// Makes a batch of records durable. Everything that needs room on the disk is written and flushed before the one step that
/// counts, the move of the branch; after it only renames are left, and what they miss a later checkout repairs.
/// </summary>
internal sealed class CommitPath(ClusterLayout layout, HeadReference head, FlushCrew crew, Action<CommitStep>? atStep, Action<string> setAside)
{
    /// <summary>Commits.</summary>
    /// <param name="position">Where the branch stands.</param>
    /// <param name="tree">The root there.</param>
    /// <param name="changes">What becomes of the root's entries, one a name.</param>
    /// <param name="text">Author, committer and message.</param>
    /// <param name="spare">A root that nobody will look at any more: its bytes may be overwritten.</param>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task<CommitResult> CommitAsync(HeadPosition position, FolderTree tree, IReadOnlyList<RootChange> changes, CommitText text, FolderTree? spare)
    {
        atStep?.Invoke(CommitStep.Begin);
        if (position.Target is { } last)
        {
            HistoryGuard.DemandObjects(layout, last, null);
        }

        var next = changes.Count == 0 ? tree : tree.With(changes.ToDictionary(c => c.Name, c => c.Entry, StringComparer.Ordinal), spare);
        var root = next.ToObject();
        var commit = GitObject.Commit(text.Format(root.Id, position.Target));
        GitObject[] objects = [.. changes.SelectMany(c => c.Objects), root, commit];

        var staged = new List<(string From, string To)>(objects.Length);
        var files = new Checkout(layout, crew, atStep, setAside);
        try
        {
            await WriteAsync(position, objects, commit.Id, staged, files, changes);
        }
        catch
        {
            staged.ForEach(s => StagedFile.Discard(s.From));
            files.Discard();
            throw;
        }

        return new CommitResult(position with { Target = commit.Id }, next, files.Finish()) { Objects = objects.Length, Bytes = objects.Sum(o => (long)o.Raw.Length) };
    }

    /// <summary>Makes files what the history says already. Null, or why it failed.</summary>
    public Exception? Restore(IReadOnlyList<FileChange> changes)
    {
        var files = new Checkout(layout, crew, atStep, setAside);
        try
        {
            crew.Run(files.Stage(changes), static write => write());
            LibC.FlushFolder(layout.Directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.Discard();
            return e;
        }

        return files.Finish();
    }

    private async Task WriteAsync(
        HeadPosition position,
        IReadOnlyList<GitObject> objects,
        ObjectId commit,
        List<(string From, string To)> staged,
        Checkout files,
        IReadOnlyList<RootChange> changes)
    {
        var newFolders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            var fanOut = Path.Combine(layout.Objects, item.Id.Sha[..2]);
            if (LibC.MakeFolder(fanOut))
            {
                newFolders.Add(layout.Objects);
            }

            staged.Add((Path.Combine(layout.Stage, item.Id.Sha), Path.Combine(fanOut, item.Id.Sha[2..])));
        }

        var records = files.Stage([.. changes.Select(c => c.File).OfType<FileChange>()]);
        if (files.MadeFolders)
        {
            newFolders.Add(layout.Directory);
        }

        crew.Run([.. objects.Zip(staged).Select(o => new Action(() => StagedFile.Write(o.Second.From, o.First.LooseForm()))), .. records], static write => write());
        atStep?.Invoke(CommitStep.Staged);

        foreach (var (source, target) in staged)
        {
            MoveObject(source, target, newFolders);
        }

        var fanOuts = staged.Select(s => Path.GetDirectoryName(s.To)!).Distinct().Select(f => new Action(() => LibC.FlushFolderIfThere(f)));
        crew.Run([.. fanOuts, .. newFolders.Select(f => new Action(() => LibC.FlushFolder(f)))], static flush => flush());
        atStep?.Invoke(CommitStep.ObjectsDurable);
        await head.MoveAsync(position, commit);
    }

    // git removes a folder of loose objects when the last one in it was packed, which may be right now.
    private void MoveObject(string source, string target, HashSet<string> newFolders)
    {
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                File.Move(source, target, overwrite: true);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
                LibC.MakeFolder(Path.GetDirectoryName(target)!);
                newFolders.Add(layout.Objects);
            }
        }
    }
}
