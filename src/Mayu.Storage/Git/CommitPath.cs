using LibGit2Sharp;
using Mayu.Linux.Files;
using Mayu.Storage.Disk;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>What becomes of one entry of the root folder.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Entry">The entry as it is to be; null: it goes.</param>
/// <param name="Objects">The objects that it needs.</param>
internal sealed record RootChange(string Name, FolderEntry? Entry, params IReadOnlyList<GitObject> Objects);

/// <summary>What a commit made.</summary>
/// <param name="Head">Where the branch stands now.</param>
/// <param name="Tree">The root.</param>
/// <param name="Objects">How many objects were written.</param>
/// <param name="Bytes">How many bytes they have, before compression.</param>
internal sealed record CommitResult(HeadPosition Head, FolderTree Tree, int Objects, long Bytes);

/// <summary>
/// Makes a batch of records durable. Everything that needs room on the disk is written and flushed before the one step that
/// counts, the move of the branch; after it only renames are left, and the list of them says what is left to do after a crash.
/// </summary>
internal sealed class CommitPath(StoreContext store, HeadReference head)
{
    private readonly ClusterLayout _layout = store.Layout;

    /// <summary>Commits.</summary>
    /// <param name="position">Where the branch stands.</param>
    /// <param name="tree">The root there.</param>
    /// <param name="changes">What becomes of the root's entries, one a name.</param>
    /// <param name="text">Author, committer and message.</param>
    /// <param name="moves">The files on their way.</param>
    /// <param name="spare">A root that nobody will look at any more: its bytes may be overwritten.</param>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task<CommitResult> CommitAsync(
        HeadPosition position, FolderTree tree, IReadOnlyList<RootChange> changes, CommitText text, FileMoves moves, FolderTree? spare)
    {
        store.At(CommitStep.Begin);
        if (position.Target is { } last)
        {
            HistoryGuard.DemandObjects(_layout, last, null);
        }

        var next = changes.Count == 0 ? tree : tree.With(changes.ToDictionary(c => c.Name, c => c.Entry, StringComparer.Ordinal), spare);
        var root = next.ToObject();
        var commit = GitObject.Commit(text.Format(root.Id, position.Target));
        GitObject[] objects = [.. changes.SelectMany(c => c.Objects), root, commit];
        var staged = new List<(string From, string To)>(objects.Length);
        try
        {
            Write(objects, staged, moves, commit.Id);
            store.At(CommitStep.Prepared);
            await head.MoveAsync(position, commit.Id);
        }
        catch
        {
            staged.ForEach(s => StagedFile.Discard(s.From));
            throw;
        }

        return new CommitResult(position with { Target = commit.Id }, next, objects.Length, objects.Sum(o => (long)o.Raw.Length));
    }

    private void Write(IReadOnlyList<GitObject> objects, List<(string From, string To)> staged, FileMoves moves, ObjectId commit)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            var fanOut = Path.Combine(_layout.Objects, item.Id.Sha[..2]);
            if (FolderCalls.Make(fanOut))
            {
                folders.Add(_layout.Objects);
            }

            staged.Add((Path.Combine(_layout.Stage, item.Id.Sha), Path.Combine(fanOut, item.Id.Sha[2..])));
        }

        List<Action> writes = [.. objects.Zip(staged).Select(o => new Action(() => StagedFile.Write(o.Second.From, o.First.WriteLoose))), .. moves.Stage()];
        if (moves.MadeFolders)
        {
            folders.Add(_layout.Directory);
        }

        if (!moves.IsEmpty)
        {
            var list = _layout.BatchOf(commit.Sha);
            writes.Add(() => moves.WriteList(list, list));
            folders.Add(_layout.Stage);
        }

        store.Flush.Run(writes, static write => write());
        store.At(CommitStep.Staged);
        foreach (var (source, target) in staged)
        {
            MoveObject(source, target, folders);
        }

        var fanOuts = staged.Select(s => Path.GetDirectoryName(s.To)!).Distinct().Select(f => new Action(() => DiskFlush.FlushFolderIfThere(f)));
        store.Flush.Run([.. fanOuts, .. folders.Select(f => new Action(() => DiskFlush.FlushFolder(f)))], static flush => flush());
    }

    // git removes a folder of loose objects when the last one in it was packed, which may be right now.
    private void MoveObject(string source, string target, HashSet<string> folders)
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
                FolderCalls.Make(Path.GetDirectoryName(target)!);
                folders.Add(_layout.Objects);
            }
        }
    }
}
