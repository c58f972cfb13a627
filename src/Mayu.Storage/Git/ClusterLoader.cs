using LibGit2Sharp;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>Compares a cluster directory with a commit, folder by folder. One commit, one thread but where it says otherwise.</summary>
internal sealed class ClusterLoader : IDisposable
{
    private readonly ClusterLayout _layout;
    private readonly bool _starting;
    private readonly IReadOnlySet<string> _unfinished;
    private readonly IReadOnlySet<string> _empty;
    private readonly Repository _repository;
    private readonly Commit? _commit;
    private readonly Tree? _formerRoot;

    /// <summary>Opens the repository at a commit.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="head">The commit.</param>
    /// <param name="known">The root of that commit, when it is at hand.</param>
    /// <param name="starting">Whether any file may have been left behind by a crash; spoilt ones are set aside then.</param>
    /// <param name="unfinished">Names whose file may be behind, because we could not bring it up.</param>
    /// <param name="empty">Folders that gave no machine when they were last looked at, and had no file.</param>
    /// <param name="wasClosed">Whether the last store was closed with every file in its place, so that no crash left one behind.</param>
    /// <exception cref="IOException">The repository or the commit cannot be read.</exception>
    public ClusterLoader(ClusterLayout layout, HeadPosition head, FolderTree? known, bool starting, IReadOnlySet<string> unfinished, IReadOnlySet<string> empty, bool wasClosed)
    {
        (_layout, _starting, _unfinished, _empty) = (layout, starting, unfinished, empty);
        _repository = GitLibrary.Open(layout);
        try
        {
            _commit = head.Target is null ? null : FindCommit(_repository, head.Target);
            Tree = known ?? (_commit is null ? FolderTree.Empty : ReadRoot(layout, _commit));
            _formerRoot = wasClosed ? null : FormerRoot();
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
    public IReadOnlyList<string> FolderNames() =>
        [.. Tree.Entries.Where(e => e.Mode == FolderEntry.FolderMode).Select(e => e.Name).Union(FoldersOnDisk(_layout), StringComparer.Ordinal)];

    /// <summary>The folders on the disk that may be a machine's.</summary>
    public static IEnumerable<string> FoldersOnDisk(ClusterLayout layout) =>
        Directory.EnumerateDirectories(layout.Directory).Select(p => Path.GetFileName(p)).Where(n => !n.StartsWith('.'));

    /// <summary>Compares folders with the commit. The files are read side by side.</summary>
    public IReadOnlyList<KnownFolder> Examine(IReadOnlyList<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var committed = Tree.Entries.Where(e => e.Mode == FolderEntry.FolderMode && wanted.Contains(e.Name)).ToDictionary(e => e.Name, StringComparer.Ordinal);
        var found = new FolderOnDisk[names.Count];
        Parallel.For(0, names.Count, i => found[i] = FolderOnDisk.Read(_layout, names[i], committed.GetValueOrDefault(names[i])));
        return [.. found.Select(disk => Examine(disk, committed.GetValueOrDefault(disk.Name)))];
    }

    /// <summary>Compares the file of the pins with the commit.</summary>
    public KnownPins ExaminePins()
    {
        var disk = PinsFile.OnDisk(_layout);
        var history = PinsFile.Committed(_repository, Tree.Find(ClusterLayout.PinsName));
        var verdict = FileComparison.Judge(disk.Side, history.Side, MayBeBehind(ClusterLayout.PinsName), () => _formerRoot?[ClusterLayout.PinsName]?.Target.Id);
        var served = new KnownPins { Pins = history.PinsOrNone, Blob = history.Blob };
        switch (verdict)
        {
            case FileVerdict.Absent:
                return served;
            case FileVerdict.Agrees when history.Pins is not null:
                return served;
            case FileVerdict.LeftOver:
                return served with { Restore = new FileChange(ClusterLayout.PinsName, null) };
            case FileVerdict.Behind:
                return served with { Restore = new FileChange(ClusterLayout.PinsName, history.Content) };
            case FileVerdict.Spoilt when _starting:
                return served with { Restore = new FileChange(ClusterLayout.PinsName, history.Content), SetAside = true, Problem = SetAsideText(disk.Problem) };
            case FileVerdict.Spoilt:
                return served with { Refused = new RefusedFile(disk.Blob), Problem = SpoiltText(disk.Problem) };
            case FileVerdict.Missing:
                return served with { Refused = new RefusedFile(null), Problem = MissingText(ClusterLayout.PinsName, "the pins") };
            case FileVerdict.ByHand:
                return new KnownPins { Pins = disk.PinsOrNone, Blob = disk.Blob, ByHand = disk.Content };
            default:
                return new KnownPins
                {
                    Seen = disk.Blob,
                    IsWithheld = true,
                    Problem = $"The pins cannot be used: {disk.Problem ?? history.Problem}. None is kept until the file is mended.",
                };
        }
    }

    public void Dispose() => _repository.Dispose();

    private KnownFolder Examine(FolderOnDisk disk, FolderEntry? entry)
    {
        var history = disk.MatchesHistory || entry is null ? null : CommittedFolder.Read(_repository, entry, disk.Serial);
        var others = history?.Others ?? [];
        if (disk.IsShut)
        {
            var shut = new KnownFolder(disk.Name) { Serial = disk.Serial, Others = others, IsUnread = true };
            return history?.Record is null ? Take(shut, null, null, disk.Problem) : Refuse(shut, history, new RefusedFile(null), SpoiltText(disk.Problem));
        }

        var historySide = disk.MatchesHistory
            ? new FileSide(true, disk.BlobId, disk.Record is not null)
            : new FileSide(history is { Content: not null } or { Problem: not null }, history?.BlobId, history?.Record is not null);
        var diskSide = new FileSide(disk.Exists, disk.BlobId, disk.Record is not null);
        var verdict = FileComparison.Judge(diskSide, historySide, MayBeBehind(disk.Name), () => FormerBlob(disk));
        var folder = new KnownFolder(disk.Name) { Serial = disk.Serial, Others = others, Seen = disk.BlobId, IsUnread = disk.Exists && disk.BlobId is null };
        var path = ClusterLayout.RecordPath(disk.Name);
        return verdict switch
        {
            FileVerdict.Absent => folder,
            FileVerdict.LeftOver => folder with { Restore = new FileChange(path, null), Seen = null },
            _ when disk.Serial is null => folder with { Problem = "The record cannot be used: the name of its folder is no serial." },
            FileVerdict.Agrees => Take(folder, disk.Record, disk.BlobId, disk.Problem),
            FileVerdict.ByHand => Take(folder, disk.Record, disk.BlobId, null) with { ByHand = disk.Content },
            FileVerdict.Unreadable => Take(folder, null, null, disk.Problem ?? history?.Problem ?? "it is missing"),
            FileVerdict.Behind => Take(folder, history!.Record, history.BlobId, null) with { Restore = new FileChange(path, history.Content) },
            FileVerdict.Spoilt when _starting =>
                Take(folder, history!.Record, history.BlobId, null) with { Restore = new FileChange(path, history.Content), SetAside = true, Problem = SetAsideText(disk.Problem) },
            FileVerdict.Spoilt => Refuse(folder, history!, new RefusedFile(disk.BlobId), SpoiltText(disk.Problem)),
            FileVerdict.Missing when _empty.Contains(disk.Name) => folder with { IsRevenant = true },
            _ => Refuse(folder, history!, new RefusedFile(null), MissingText(disk.Name, "the machine")),
        };
    }

    private static KnownFolder Take(KnownFolder folder, MachineRecord? record, ObjectId? blob, string? problem) =>
        record is null
            ? folder with { Problem = $"The record cannot be used: {problem ?? "it cannot be read"}." }
            : folder with { Machine = new StoredMachine(folder.Name, record, folder.Others, blob) };

    private static KnownFolder Refuse(KnownFolder folder, CommittedFolder history, RefusedFile refused, string problem)
    {
        var taken = Take(folder, history.Record, history.BlobId, null);
        return taken with { Machine = taken.Machine! with { Refused = refused }, Problem = problem };
    }

    private static string SetAsideText(string? problem) =>
        $"The file cannot be read: {problem}. The committed one is served; the file was set aside into .git/mayu/rejected.";

    private static string SpoiltText(string? problem) => $"The file cannot be read: {problem}. The committed one is served until the file is mended.";

    private static string MissingText(string name, string what) =>
        $"The file is missing; the committed one is served. `git checkout -- {name}` brings it back; `git rm` and a commit delete {what}.";

    private bool MayBeBehind(string name) => _starting || _unfinished.Contains(name);

    private ObjectId? FormerBlob(FolderOnDisk disk) =>
        _formerRoot?[disk.Name] is { TargetType: TreeEntryTargetType.Tree } former
            ? CommittedFolder.Read(_repository, FolderEntry.Of(former), disk.Serial).BlobId
            : null;

    // Only a commit of ours leaves files behind. One by hand may have been made from an index that was behind: then the file is
    // newer than the commit, and equals the commit before.
    private Tree? FormerRoot()
    {
        try
        {
            return _commit?.Committer.Email == CommitText.Mail ? _commit.Parents.FirstOrDefault()?.Tree : null;
        }
        catch (LibGit2SharpException)
        {
            // A shallow clone, or damage further back: nothing can be told to be behind it.
            return null;
        }
    }

    private static Commit FindCommit(Repository repository, ObjectId id)
    {
        try
        {
            return repository.Lookup<Commit>(id) ?? throw new IOException($"The commit {id.Sha} that HEAD names is missing. `git fsck` says what is left.");
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The commit {id.Sha} that HEAD names cannot be read: {e.Message} `git fsck` says what is left.", e);
        }
    }

    // Names that are no UTF-8 would not come back as they were, and a commit of ours would lose them.
    private static FolderTree ReadRoot(ClusterLayout layout, Commit commit)
    {
        try
        {
            var tree = commit.Tree ?? throw new IOException($"The root folder of HEAD's commit {commit.Sha} is missing. `git fsck` says what is left.");
            if (LooseObject.TryReadTree(layout, tree.Id) is { } loose)
            {
                return loose;
            }

            var root = FolderTree.Of(tree.Select(FolderEntry.Of));
            return root.ToObject().Id == tree.Id ? root : throw new IOException("The root folder of HEAD has names that are not UTF-8.");
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The root folder of HEAD's commit {commit.Sha} cannot be read: {e.Message} `git fsck` says what is left.", e);
        }
    }
}
