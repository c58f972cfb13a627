using Mayu.Core.Machines;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Disk;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Plain;

/// <summary>Without a history: a batch counts once the list of its moves is in place.</summary>
internal sealed class ListCommitter(StoreContext store) : ICommitter
{
    private readonly ClusterLayout _layout = store.Layout;
    private bool _started;

    /// <inheritdoc/>
    public string Position => "none (no history)";

    /// <inheritdoc/>
    public void Start() => _started = true;

    /// <inheritdoc/>
    public Task RecoverAsync(bool all)
    {
        if (!Directory.Exists(_layout.Own))
        {
            throw new IOException($"{_layout.Own} is missing: this is not the cluster directory that was opened.");
        }

        FileMoves.Resume(store, _layout.Batch);
        if (all)
        {
            store.ClearStage();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrackedFile> Read(IReadOnlyCollection<string>? names, IReadOnlyDictionary<string, TrackedFile> former)
    {
        string[] all = [.. (names ?? _layout.Folders().Union(former.Keys, StringComparer.Ordinal)).Union([ClusterLayout.PinsName], StringComparer.Ordinal)];
        var found = new FileContent[all.Length];
        Parallel.For(0, all.Length, i => found[i] = FileContent.OnDisk(_layout, all[i], static _ => true));
        return [.. all.Zip(found).Select(f => Examine(TrackedFile.Missing(f.First) with { IsUnread = f.Second is { Exists: true, Id: null } }, f.Second, former))];
    }

    /// <inheritdoc/>
    public void Settle(IEnumerable<TrackedFile> served)
    {
    }

    /// <inheritdoc/>
    public Task CommitAsync(IReadOnlyList<FileChange> changes, IReadOnlyList<ChangeNote> notes, FileMoves moves)
    {
        store.At(CommitStep.Begin);
        if (moves.IsEmpty)
        {
            // A machine came and went within the batch.
            return Task.CompletedTask;
        }

        store.Flush.Run(moves.Stage(), static write => write());
        if (moves.MadeFolders)
        {
            DiskFlush.FlushFolder(_layout.Directory);
        }

        DiskFlush.FlushFolder(_layout.Stage);
        store.At(CommitStep.Staged);
        var list = _layout.Batch + ".new";
        moves.WriteList(list, _layout.Batch);
        store.At(CommitStep.Prepared);
        File.Move(list, _layout.Batch, overwrite: true);

        // Until it is flushed it may or may not survive a power cut: where that fails, the caller takes it back.
        DiskFlush.FlushFolder(_layout.Own);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Probe() => StagedFile.Probe(_layout.Stage, 0);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw NoHistory();

    /// <inheritdoc/>
    public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) => throw NoHistory();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TrackedFile Examine(TrackedFile file, FileContent disk, IReadOnlyDictionary<string, TrackedFile> former) =>
        _started && disk is { Exists: true, Value: null } && former.GetValueOrDefault(file.Name) is { Value: not null } served
            ? served with
            {
                Refused = new SeenFile(disk.Id),
                Problem = $"The file cannot be read: {disk.Problem}. Mayu uses its former content until the file is repaired or the server ends.",
            }
            : file.Found(disk);

    private static NoSuchChangeException NoHistory() => new("There is no history: this server runs without git (git.enabled is false).");
}
