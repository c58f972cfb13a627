using System.Collections.Immutable;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>A record to be written.</summary>
/// <param name="Folder">Its machine's folder.</param>
/// <param name="Content">The bytes of conf.json.</param>
/// <param name="Others">What else the repository has in that folder.</param>
internal sealed record RecordWrite(string Folder, byte[] Content, ImmutableArray<FolderEntry> Others)
{
    /// <summary>The record as a git object.</summary>
    public GitObject Blob { get; } = GitObject.Blob(Content);
}

/// <summary>What a commit made.</summary>
/// <param name="Head">Where the branch stands now.</param>
/// <param name="Tree">The root.</param>
/// <param name="CheckoutFailure">Why a record is perhaps not in its folder for good, though it is committed; null when all are.</param>
internal sealed record CommitResult(HeadPosition Head, FolderTree Tree, Exception? CheckoutFailure);

/// <summary>
/// Makes a batch of records durable. Everything that needs room on the disk is written and flushed before the one step that
/// counts, the move of the branch; after it only renames are left, and what they miss a later checkout repairs.
/// </summary>
internal sealed class CommitPath(ClusterLayout layout, HeadReference head, FlushCrew crew, Action<CommitStep>? atStep)
{
    /// <summary>Commits.</summary>
    /// <param name="position">Where the branch stands.</param>
    /// <param name="tree">The root there.</param>
    /// <param name="writes">The records, one a folder.</param>
    /// <param name="others">Other entries of the root to set.</param>
    /// <param name="text">Author, committer and message.</param>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task<CommitResult> CommitAsync(
        HeadPosition position, FolderTree tree, IReadOnlyList<RecordWrite> writes, IReadOnlyList<(FolderEntry Entry, GitObject Object)> others, CommitText text)
    {
        atStep?.Invoke(CommitStep.Begin);
        var objects = new List<GitObject>((writes.Count * 2) + 2);
        var changed = new Dictionary<string, FolderEntry>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            var folder = FolderTree.OfMachine(write.Blob.Id, write.Others).ToObject();
            objects.AddRange([write.Blob, folder]);
            changed.Add(write.Folder, new FolderEntry(write.Folder, FolderEntry.FolderMode, folder.Id));
        }

        foreach (var (entry, content) in others)
        {
            objects.Add(content);
            changed.Add(entry.Name, entry);
        }

        var next = changed.Count == 0 ? tree : tree.With(changed);
        var root = next.ToObject();
        var commit = GitObject.Commit(text.Format(root.Id, position.Target));
        objects.AddRange([root, commit]);

        var staged = new List<(string From, string To)>(objects.Count);
        var records = new List<(string From, string To)>(writes.Count);
        try
        {
            await WriteAsync(position, objects, writes, commit.Id, staged, records);
        }
        catch
        {
            Discard(staged.Concat(records));
            throw;
        }

        return new CommitResult(position with { Target = commit.Id }, next, CheckOut(records));
    }

    /// <summary>Puts records into their folders that are in the history already. Null, or why it failed.</summary>
    public Exception? Restore(IReadOnlyList<RecordWrite> writes)
    {
        var records = new List<(string From, string To)>(writes.Count);
        try
        {
            StageRecords(writes, records);
            crew.Run(records.Zip(writes).ToList(), static r => StagedFile.Write(r.First.From, r.Second.Content));
            LibC.FlushFolder(layout.Directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(records);
            return e;
        }

        return CheckOut(records);
    }

    private async Task WriteAsync(
        HeadPosition position,
        List<GitObject> objects,
        IReadOnlyList<RecordWrite> writes,
        ObjectId commit,
        List<(string From, string To)> staged,
        List<(string From, string To)> records)
    {
        var newFolders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            var fanOut = Path.Combine(layout.Objects, item.Id.Sha[..2]);
            if (LibC.MakeFolder(fanOut))
            {
                newFolders.Add(layout.Objects);
            }

            staged.Add((StageName(item.Id.Sha), Path.Combine(fanOut, item.Id.Sha[2..])));
        }

        if (StageRecords(writes, records))
        {
            newFolders.Add(layout.Directory);
        }

        var work = objects.Zip(staged).Select(o => new Action(() => StagedFile.Write(o.Second.From, o.First.Compress())))
            .Concat(records.Zip(writes).Select(r => new Action(() => StagedFile.Write(r.First.From, r.Second.Content))));
        crew.Run(work.ToList(), static write => write());
        atStep?.Invoke(CommitStep.Staged);

        foreach (var (source, target) in staged)
        {
            File.Move(source, target, overwrite: true);
        }

        crew.Run(staged.Select(s => Path.GetDirectoryName(s.To)!).Concat(newFolders).Distinct().ToList(), LibC.FlushFolder);
        atStep?.Invoke(CommitStep.ObjectsDurable);
        await head.MoveAsync(position, commit);
    }

    // After the branch was moved a failure takes nothing back: the changes are durable and in the history.
    private Exception? CheckOut(List<(string From, string To)> records)
    {
        try
        {
            atStep?.Invoke(CommitStep.Committed);
            foreach (var (source, target) in records)
            {
                File.Move(source, target, overwrite: true);
                atStep?.Invoke(CommitStep.RecordMoved);
            }

            crew.Run(records.Select(r => Path.GetDirectoryName(r.To)!).ToList(), LibC.FlushFolder);
            atStep?.Invoke(CommitStep.Finished);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private bool StageRecords(IReadOnlyList<RecordWrite> writes, List<(string From, string To)> records)
    {
        var anyNew = false;
        foreach (var write in writes)
        {
            anyNew |= LibC.MakeFolder(Path.Combine(layout.Directory, write.Folder));
            records.Add((StageName("record-" + records.Count), layout.RecordIn(write.Folder)));
        }

        return anyNew;
    }

    private string StageName(string name) => Path.Combine(layout.Stage, name);

    private static void Discard(IEnumerable<(string From, string To)> files)
    {
        foreach (var (source, _) in files)
        {
            StagedFile.Discard(source);
        }
    }
}
