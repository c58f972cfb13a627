using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>What readers see, swapped as one.</summary>
internal sealed record PublishedState(ClusterSnapshot Snapshot, ImmutableArray<QuarantinedRecord> Quarantined, ObjectId? Head);

/// <summary>
/// A cluster directory in the hands of its one writer: folders, history and memory, kept in agreement. Not safe for more than
/// one thread; <see cref="Published"/> alone may be read by all.
/// </summary>
internal sealed class GitCluster : IDisposable
{
    // How long another git holds a reference's lock is milliseconds.
    private static readonly TimeSpan LeftOverLockAge = TimeSpan.FromSeconds(2);

    private readonly ClusterLayout _layout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HeadReference _head;
    private readonly FlushCrew _crew = new();
    private readonly CommitPath _path;
    private readonly ClusterLoader _loader;
    private Dictionary<Serial, StoredMachine> _machines = [];
    private Dictionary<Serial, QuarantinedRecord> _withheld = [];
    private FolderTree _tree = FolderTree.Empty;
    private IReadOnlyList<string> _unflushed = [];
    private HeadPosition _position = new("HEAD", null);
    private PublishedState _published = new(ClusterSnapshot.Empty, [], null);

    public GitCluster(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_layout, _time, _logger) = (layout, time, logger);
        _head = new HeadReference(layout, time);
        _path = new CommitPath(layout, _head, _crew, options.AtStep);
        _loader = new ClusterLoader(layout);
        Index = new WorkingIndex(layout, time);
    }

    /// <summary>The newest committed state.</summary>
    public PublishedState Published => Volatile.Read(ref _published);

    /// <summary>Git's index, written when there is time.</summary>
    public WorkingIndex Index { get; }

    /// <summary>Whether memory and disk may disagree, so that all must be read again before the next commit.</summary>
    public bool NeedsReload { get; private set; } = true;

    /// <summary>Reads everything, and makes folders and history agree. The repository must exist.</summary>
    /// <exception cref="IOException">It cannot be read, or not be made to agree.</exception>
    public async Task ReloadAsync()
    {
        NeedsReload = true;
        ClearStage();
        _crew.Run(_unflushed, LibC.FlushFolder);
        _unflushed = [];
        await RemoveLeftOverLocksAsync();
        _position = _head.Read();
        var loaded = _loader.Load(_position);
        (_machines, _withheld, _tree) = (loaded.Machines, loaded.Withheld, loaded.Tree);
        foreach (var record in loaded.Quarantined)
        {
            _logger.RecordQuarantined(record.Name, record.Reason);
        }

        SetAside(loaded.Rejected);
        if (loaded.Behind is [var first, ..])
        {
            if (_path.Restore(loaded.Behind) is { } failure)
            {
                throw new IOException($"{_layout.RecordIn(first.Folder)} is behind the history and cannot be brought up: {failure.Message}", failure);
            }

            _logger.RecordsRestored(loaded.Behind.Count, first.Folder);
        }

        NeedsReload = false;
        await TakeOverAsync(loaded.ByHand);
        Publish(SnapshotOf(_machines.Values.Select(m => m.Record.Machine)), [.. loaded.Quarantined]);
        Index.Expect([.. _machines.Values]);
    }

    /// <summary>Objects to a record whose place is taken: by one that cannot be read, or by a file that is in the way.</summary>
    public Refusal? Guard(Machine machine)
    {
        if (_withheld.TryGetValue(machine.Serial, out var record))
        {
            return new Refusal(RefusalReason.Conflict,
                $"Machine {machine.Serial} has a record already that cannot be used: {record.Name}. {record.Reason} "
                + "Repair the file, or remove its folder with git rm and commit, and start again.");
        }

        var folder = Path.Combine(_layout.Directory, SerialFolder.Encode(machine.Serial));
        return !_machines.ContainsKey(machine.Serial) && File.Exists(folder)
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} gets no record: the file {folder} is where its folder belongs.")
            : null;
    }

    /// <summary>Makes a batch durable and publishes it.</summary>
    /// <exception cref="HandsAtWorkException">Somebody else committed, or edited one of the records: reload and decide again.</exception>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task CommitAsync(ChangeBatch batch)
    {
        var next = new Dictionary<Serial, StoredMachine>();
        var notes = new List<ChangeNote>(batch.Puts.Count);
        foreach (var (author, put) in batch.Puts)
        {
            var serial = put.Machine.Serial;
            var former = next.GetValueOrDefault(serial) ?? _machines.GetValueOrDefault(serial);
            StopIfEdited(next.ContainsKey(serial) ? null : former);
            next[serial] = former is null
                ? new StoredMachine(SerialFolder.Encode(serial), new MachineRecord(put.Machine, null), [], null)
                : former with { Record = former.Record.Become(put.Machine) };
            notes.Add(new ChangeNote(serial, author.Who, put.What, author.Why));
        }

        var written = next.Select(m => (Serial: m.Key, Write: new RecordWrite(m.Value.Folder, RecordCodec.Write(m.Value.Record), m.Value.Others))).ToList();
        var who = notes.Select(n => n.Who).Distinct().ToList() is [var only] ? only : CommitText.Committer;
        await CommitAsync([.. written.Select(w => w.Write)], [], new CommitText(who, _time.GetUtcNow(), ChangeMessage.Format(notes)));
        foreach (var (serial, write) in written)
        {
            _machines[serial] = next[serial] with { Blob = write.Blob.Id };
        }

        Publish(batch.Snapshot, Published.Quarantined);
    }

    /// <summary>Makes the repository's first commit, if it has none: the cluster's own file.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task CommitFirstAsync()
    {
        _position = _head.Read();
        if (_position.Target is not null)
        {
            return;
        }

        var path = Path.Combine(_layout.Directory, ClusterLayout.ClusterFileName);
        if (!File.Exists(path))
        {
            StagedFile.Write(path, "{\n  \"GitStore\": true\n}\n"u8);
            LibC.FlushFolder(_layout.Directory);
        }

        var blob = GitObject.Blob(await File.ReadAllBytesAsync(path));
        ClearStage();
        await CommitAsync(
            [],
            [(new FolderEntry(ClusterLayout.ClusterFileName, FolderEntry.FileMode, blob.Id), blob)],
            new CommitText(CommitText.Committer, _time.GetUtcNow(), "A new cluster\n"));
        Index.Note([ClusterLayout.ClusterFileName]);
    }

    public void Dispose() => _crew.Dispose();

    private async Task CommitAsync(IReadOnlyList<RecordWrite> writes, IReadOnlyList<(FolderEntry Entry, GitObject Object)> others, CommitText text)
    {
        CommitResult result;
        try
        {
            result = await _path.CommitAsync(_position, _tree, writes, others, text);
        }
        catch
        {
            NeedsReload = true;
            throw;
        }

        (_position, _tree) = (result.Head, result.Tree);
        Index.Note(writes.Select(w => ClusterLayout.RecordPath(w.Folder)));
        if (result.CheckoutFailure is { } failure)
        {
            // The next commit must not be made before the folders agree: a file that is two commits behind would look like
            // one that was edited by hand.
            NeedsReload = true;
            _unflushed = [.. writes.Select(w => Path.Combine(_layout.Directory, w.Folder))];
            _logger.CheckoutFailed(_layout.Directory, failure);
        }
    }

    // What hands wrote must not be overwritten unseen.
    private void StopIfEdited(StoredMachine? machine)
    {
        if (machine?.Blob is { } blob)
        {
            var path = _layout.RecordIn(machine.Folder);
            if (!File.Exists(path) || GitObject.BlobId(File.ReadAllBytes(path)) != blob)
            {
                NeedsReload = true;
                throw new HandsAtWorkException($"{path} was edited by hand.");
            }
        }
    }

    private async Task TakeOverAsync(List<(Serial Serial, RecordWrite Write)> byHand)
    {
        var usable = byHand.Where(h => _machines.ContainsKey(h.Serial)).ToList();
        if (usable is not [var first, ..])
        {
            return;
        }

        var what = _tree.Entries.Any(e => e.Name == first.Write.Folder) ? "edited by hand" : "taken over from its folder";
        var notes = usable.Select(u => new ChangeNote(u.Serial, CommitText.Committer, what, "Found in the cluster directory, not in its history."));
        await CommitAsync(
            [.. usable.Select(u => u.Write)], [], new CommitText(CommitText.Committer, _time.GetUtcNow(), ChangeMessage.Format([.. notes])));
        _logger.RecordsTakenOver(usable.Count, first.Serial);
    }

    private void SetAside(List<string> folders)
    {
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(_layout.Rejected);
            var target = Path.Combine(_layout.Rejected, $"{folder}-{_time.GetUtcNow().ToUnixTimeMilliseconds()}.json");
            if (File.Exists(_layout.RecordIn(folder)))
            {
                File.Move(_layout.RecordIn(folder), target);
            }
            else
            {
                Directory.Move(_layout.RecordIn(folder), target);
            }
        }
    }

    private void ClearStage()
    {
        if (Directory.Exists(_layout.Stage))
        {
            Directory.Delete(_layout.Stage, recursive: true);
        }

        LibC.MakeFolder(_layout.Stage);
    }

    private async Task RemoveLeftOverLocksAsync()
    {
        string[] candidates =
        [
            Path.Combine(_layout.GitDirectory, "HEAD.lock"),
            .. Directory.EnumerateFiles(Path.Combine(_layout.GitDirectory, "refs", "heads"), "*.lock", SearchOption.AllDirectories),
        ];
        foreach (var path in candidates)
        {
            if (File.Exists(path))
            {
                await Task.Delay(LeftOverLockAge, _time);
                if (File.Exists(path))
                {
                    File.Delete(path);
                    _logger.LockRemoved(path);
                }
            }
        }
    }

    private void Publish(ClusterSnapshot snapshot, ImmutableArray<QuarantinedRecord> quarantined) =>
        Volatile.Write(ref _published, new PublishedState(snapshot, quarantined, _position.Target));

    private static ClusterSnapshot SnapshotOf(IEnumerable<Machine> machines)
    {
        var snapshot = ClusterSnapshot.Empty;
        foreach (var machine in machines)
        {
            snapshot = snapshot.With(machine);
        }

        return snapshot;
    }
}
