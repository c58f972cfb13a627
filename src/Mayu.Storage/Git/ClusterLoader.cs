using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>
/// Reads a cluster directory and compares it with HEAD. The history is what counts: a file that HEAD's commit changed and
/// that still has its former content was left behind by a crash between commit and rename, and is brought up. Any other
/// difference was made by hand: taken over when it can be read, set aside when not.
/// </summary>
internal sealed class ClusterLoader(ClusterLayout layout)
{
    /// <summary>Reads all.</summary>
    /// <exception cref="IOException">The repository cannot be read at all.</exception>
    public LoadedCluster Load(HeadPosition head)
    {
        using var repository = GitLibrary.Open(layout);
        var commit = head.Target is null ? null : FindCommit(repository, head.Target);
        var loaded = new LoadedCluster { Tree = commit is null ? FolderTree.Empty : ReadRoot(commit.Tree) };

        var committed = loaded.Tree.Entries.Where(e => e.Mode == FolderEntry.FolderMode).ToDictionary(e => e.Name, StringComparer.Ordinal);
        var folders = committed.Keys.Union(FoldersOnDisk(), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var found = new FolderOnDisk[folders.Count];
        Parallel.For(0, folders.Count, i => found[i] = FolderOnDisk.Read(layout, folders[i], committed.GetValueOrDefault(folders[i])));
        foreach (var folder in found)
        {
            Sort(folder, committed.GetValueOrDefault(folder.Name), repository, commit, loaded);
        }

        WithholdSharedAddresses(loaded);
        return loaded;
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
    private static FolderTree ReadRoot(Tree tree)
    {
        try
        {
            var root = FolderTree.Of(tree.Select(FolderEntry.Of));
            return root.ToObject().Id == tree.Id ? root : throw new IOException("The root folder of HEAD has names that are not UTF-8.");
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The root folder of HEAD cannot be read: {e.Message} `git fsck` says what is left.", e);
        }
    }

    private IEnumerable<string> FoldersOnDisk() =>
        Directory.EnumerateDirectories(layout.Directory).Select(p => Path.GetFileName(p)).Where(n => !n.StartsWith('.'));

    private static void Sort(FolderOnDisk disk, FolderEntry? entry, Repository repository, Commit? commit, LoadedCluster loaded)
    {
        var history = disk.MatchesHistory || entry is null ? null : CommittedFolder.Read(repository, entry, disk.Serial);
        if (disk.Content is null && disk.Problem is null && history is null or { Record: null, Content: null, Problem: null })
        {
            // No record on either side: a folder that is none of ours.
            return;
        }

        if (disk.Serial is not { } serial)
        {
            Withhold(loaded, disk.Name, null, "the name of its folder is no serial");
            return;
        }

        if (loaded.Machines.TryGetValue(serial, out var twin))
        {
            Withhold(loaded, disk.Name, null, $"the folder {twin.Folder} is of the same serial");
            return;
        }

        var others = history?.Others ?? [];
        if (disk.MatchesHistory || (history is { Content: not null } && history.BlobId == disk.BlobId))
        {
            Take(loaded, disk, serial, disk.Record, disk.BlobId, others, disk.Problem);
        }
        else if (history?.Record is { } record && (disk.Record is null || IsBehind(disk, repository, commit)))
        {
            if (disk.Problem is { } problem)
            {
                loaded.Rejected.Add(disk.Name);
                loaded.Quarantined.Add(new QuarantinedRecord(
                    ClusterLayout.RecordPath(disk.Name), $"The file cannot be read: {problem}. The committed record is served; the file was set aside."));
            }

            loaded.Behind.Add(new RecordWrite(disk.Name, history.Content!, others));
            Take(loaded, disk, serial, record, history.BlobId, others, null);
        }
        else
        {
            Take(loaded, disk, serial, disk.Record, disk.BlobId, others, disk.Problem ?? history?.Problem ?? "it is missing");
            if (disk.Record is not null)
            {
                loaded.ByHand.Add((serial, new RecordWrite(disk.Name, disk.Content!, others)));
            }
        }
    }

    private static bool IsBehind(FolderOnDisk disk, Repository repository, Commit? commit)
    {
        if (commit?.Parents.FirstOrDefault() is not { } parent || parent.Tree[disk.Name] is not { TargetType: TreeEntryTargetType.Tree } former)
        {
            return false;
        }

        return CommittedFolder.Read(repository, FolderEntry.Of(former), disk.Serial).BlobId == disk.BlobId;
    }

    private static void Take(
        LoadedCluster loaded, FolderOnDisk disk, Serial serial, MachineRecord? record, ObjectId? blob, ImmutableArray<FolderEntry> others, string? problem)
    {
        if (record is not null)
        {
            loaded.Machines.Add(serial, new StoredMachine(disk.Name, record, others, blob));
        }
        else
        {
            Withhold(loaded, disk.Name, serial, problem ?? "it cannot be read");
        }
    }

    private static void Withhold(LoadedCluster loaded, string folder, Serial? serial, string problem)
    {
        var record = new QuarantinedRecord(ClusterLayout.RecordPath(folder), $"The record cannot be used: {problem}.");
        loaded.Quarantined.Add(record);
        if (serial is { } known)
        {
            loaded.Withheld[known] = record;
        }
    }

    // Who has an operating system keeps the address, then who was there first.
    private static void WithholdSharedAddresses(LoadedCluster loaded)
    {
        var shared = loaded.Machines.Values.Where(m => m.Record.Machine.InternalAddress is not null)
            .GroupBy(m => m.Record.Machine.InternalAddress!.Value).Where(g => g.Skip(1).Any()).ToList();
        foreach (var group in shared)
        {
            var order = group.OrderByDescending(m => m.Record.Machine.State).ThenBy(m => m.Record.Machine.FirstSeen ?? DateTimeOffset.MaxValue)
                .ThenBy(m => m.Record.Machine.Serial).ToList();
            foreach (var other in order.Skip(1))
            {
                var serial = other.Record.Machine.Serial;
                loaded.Machines.Remove(serial);
                Withhold(loaded, other.Folder, serial, $"its address {group.Key} belongs to machine {order[0].Record.Machine.Serial}");
            }
        }
    }
}
