using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>Compares a cluster directory with a commit, file by file. One commit, one thread but where it says otherwise.</summary>
internal sealed class ClusterLoader : IDisposable
{
    private readonly ClusterLayout _layout;
    private readonly Repository _repository;

    /// <summary>Opens the repository at a commit.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="head">The commit.</param>
    /// <param name="known">The root of that commit, when it is at hand.</param>
    /// <exception cref="IOException">The repository or the commit cannot be read.</exception>
    public ClusterLoader(ClusterLayout layout, HeadPosition head, FolderTree? known)
    {
        _layout = layout;
        _repository = GitLibrary.Open(layout);
        try
        {
            Tree = known ?? (head.Target is null ? FolderTree.Empty : ReadRoot(layout, FindCommit(_repository, head.Target)));
        }
        catch
        {
            _repository.Dispose();
            throw;
        }
    }

    /// <summary>The root of the commit.</summary>
    public FolderTree Tree { get; }

    /// <summary>The folders that may be a machine's, on the disk or in the commit.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IEnumerable<string> FolderNames() =>
        Tree.Entries.Where(e => e.Mode == FolderEntry.FolderMode).Select(e => e.Name).Union(_layout.Folders(), StringComparer.Ordinal);

    /// <summary>Compares files with the commit. They are read side by side.</summary>
    /// <param name="names">Their names, as <see cref="TrackedFile.Name"/>.</param>
    /// <param name="starting">Whether a file that is missing or cannot be read is to be brought back.</param>
    /// <param name="former">All files as they were last found.</param>
    /// <param name="others">By folder what else the commit has in it; it is brought up.</param>
    public IReadOnlyList<TrackedFile> Examine(
        IReadOnlyList<string> names, bool starting, IReadOnlyDictionary<string, TrackedFile> former, Dictionary<string, ImmutableArray<FolderEntry>> others)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var committed = Tree.Entries.Where(e => wanted.Contains(e.Name) && (e.Mode == FolderEntry.FolderMode || e.Name == ClusterLayout.PinsName))
            .ToDictionary(e => e.Name, StringComparer.Ordinal);
        var found = new FileContent[names.Count];
        Parallel.For(0, names.Count, i => found[i] = FileContent.OnDisk(_layout, names[i], id => IsCommitted(names[i], committed.GetValueOrDefault(names[i]), id)));
        return [.. names.Zip(found).Select(file =>
        {
            var (name, disk) = file;
            others.Remove(name);
            var history = FileContent.None;
            if (disk is { Id: not null, Bytes: null })
            {
                history = disk;
            }
            else if (committed.TryGetValue(name, out var entry))
            {
                history = CommittedFile.Read(_repository, name, entry, out var beside);
                if (!beside.IsEmpty)
                {
                    others[name] = beside;
                }
            }

            var isEmpty = former.GetValueOrDefault(name) is { Serial: not null, Value: null, Problem: null, Id: null };
            var found = TrackedFile.Missing(name) with { Id = disk.Id, IsUnread = disk is { Exists: true, Id: null }, IsNew = !committed.ContainsKey(name) };
            return Compare(found, disk, history, starting, isEmpty);
        })];
    }

    public void Dispose() => _repository.Dispose();

    // Whether the bytes are the commit's is computed, without a look into the object database.
    private static bool IsCommitted(string name, FolderEntry? entry, ContentId id) =>
        entry is not null && (name == ClusterLayout.PinsName ? GitLibrary.ContentOf(entry.Id) == id : FolderTree.IsOnlyRecord(entry.Id, id));

    // The history is what counts; what differs from it, and can be read, is an edit.
    private static TrackedFile Compare(TrackedFile found, FileContent disk, FileContent history, bool starting, bool wasEmpty)
    {
        if (disk.Id == history.Id && (disk.Id is not null || (!disk.Exists && !history.Exists)))
        {
            return found.Found(disk);
        }

        if (disk.Value is not null)
        {
            return found.Found(disk) with { Edited = disk.Bytes };
        }

        if (history.Value is null)
        {
            return found with { Value = null, Problem = found.Unusable(disk.Problem ?? history.Problem ?? "it is missing") };
        }

        var served = found with { Value = history.Value, Id = history.Id };
        if (starting && !disk.IsClosed)
        {
            return served with { Restored = history.Bytes, SetAside = disk.Exists, Problem = disk.Exists ? SetAsideText(disk.Problem) : null };
        }

        return disk.Exists ? served with { Refused = new SeenFile(disk.Id), Problem = UnreadableText(disk.Problem) }
            : wasEmpty ? found with { IsDeletedAgain = true }
            : served with { Refused = new SeenFile(null), Problem = MissingText(found) };
    }

    private static string SetAsideText(string? problem) =>
        $"The file cannot be read: {problem}. Mayu uses the committed one; the file was moved to .git/mayu/rejected.";

    private static string UnreadableText(string? problem) => $"The file cannot be read: {problem}. Mayu uses the committed one until the file is repaired.";

    private static string MissingText(TrackedFile file) =>
        $"The file is missing; Mayu uses the committed one. `git checkout -- {file.Name}` restores it; `git rm` and a commit delete "
        + $"{(file.Serial is null ? "the pins" : "the machine")}.";

    private static Commit FindCommit(Repository repository, ObjectId id)
    {
        try
        {
            return repository.Lookup<Commit>(id) ?? throw new IOException($"The commit {id.Sha} that HEAD names is missing. `git fsck` shows what is left.");
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The commit {id.Sha} that HEAD names cannot be read: {e.Reason()}. `git fsck` shows what is left.", e);
        }
    }

    // Names that are no UTF-8 would not come back as they were, and a commit of ours would lose them.
    private static FolderTree ReadRoot(ClusterLayout layout, Commit commit)
    {
        try
        {
            var tree = commit.Tree ?? throw new IOException($"The root folder of HEAD's commit {commit.Sha} is missing. `git fsck` shows what is left.");
            if (LooseObject.TryReadTree(layout, tree.Id) is { } loose)
            {
                return loose;
            }

            var root = FolderTree.Of(tree.Select(FolderEntry.Of));
            return root.ToObject().Id == tree.Id ? root : throw new IOException("The root folder of HEAD has names that are not UTF-8.");
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The root folder of HEAD's commit {commit.Sha} cannot be read: {e.Reason()}. `git fsck` shows what is left.", e);
        }
    }
}
