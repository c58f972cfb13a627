using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>Folders, history and memory of a cluster directory, kept in agreement.</summary>
internal sealed class GitCluster : IStoredCluster
{
    private readonly ClusterLayout _layout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HeadReference _head;
    private readonly FlushCrew _crew = new();
    private readonly CommitPath _path;
    private readonly WorkingIndex _index;
    private readonly HandWatch _watch;
    private readonly Dictionary<string, KnownFolder> _folders = new(StringComparer.Ordinal);

    // What hands edited, or a failure of ours left behind: to be examined before the next commit.
    private readonly HashSet<string> _suspects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unfinished = new(StringComparer.Ordinal);
    private KnownMachines _machines = KnownMachines.Of([]);
    private KnownPins _pins = new();
    private FolderTree _tree = FolderTree.Empty;
    private HeadPosition _position = new("HEAD", null);
    private PublishedState _published = new(ClusterSnapshot.Empty, []);
    private ObjectId? _publishedHead;
    private bool _started;
    private bool _readAll = true;

    // Whether a change concerned something that Published names as wrong.
    private bool _isNamed;

    public GitCluster(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_layout, _time, _logger) = (layout, time, logger);
        _head = new HeadReference(layout, time);
        _path = new CommitPath(layout, _head, _crew, options.AtStep);
        _index = new WorkingIndex(layout, time);
        _watch = new HandWatch(layout, time, options.HandsSettle);
    }

    /// <inheritdoc/>
    public PublishedState Published => Volatile.Read(ref _published);

    /// <summary>The commit that <see cref="Published"/> is of.</summary>
    public ObjectId? PublishedHead => Volatile.Read(ref _publishedHead);

    /// <summary>Told of each commit, by the writer: it must not wait.</summary>
    public Action<CommitResult>? Committed { get; set; }

    /// <summary>Where the branch stands; for a start, before there is a writer.</summary>
    public HeadPosition Position => _position;

    /// <inheritdoc/>
    public bool IsBehind => _readAll || _suspects.Count > 0 || _unfinished.Count > 0;

    /// <inheritdoc/>
    public bool HasIdleWork => _index.IsBehind;

    /// <inheritdoc/>
    public bool DoIdleWork() => _index.Write();

    /// <inheritdoc/>
    public async Task CatchUpAsync()
    {
        if (_readAll)
        {
            ClearStage();
            await LeftOverLocks.RemoveAsync(_layout, _time, _logger);
        }

        _crew.Run([.. _unfinished.Select(_layout.OnDisk).Where(Directory.Exists).Append(_layout.Directory)], LibC.FlushFolder);
        var position = _head.Read();
        using (var loader = new ClusterLoader(_layout, position, position.Target == _position.Target && !_readAll ? _tree : null, !_started, _unfinished))
        {
            var names = _readAll ? loader.FolderNames() : [.. _suspects.Union(_unfinished).Union(_tree.FoldersThatDiffer(loader.Tree))];
            if (_readAll)
            {
                _folders.Clear();
            }

            foreach (var folder in loader.Examine([.. names.Where(n => n != ClusterLayout.PinsName)]))
            {
                _folders[folder.Name] = folder;
            }

            _pins = loader.ExaminePins();
            (_position, _tree) = (position, loader.Tree);
        }

        Restore();
        _unfinished.Clear();
        _suspects.Clear();
        _readAll = false;
        await PublishFoundAsync();
        _started = true;
    }

    /// <inheritdoc/>
    public void Look()
    {
        if (_watch.IsGitAtWork())
        {
            return;
        }

        if (_head.Read() != _position)
        {
            _suspects.Add(ClusterLayout.PinsName);
        }

        _suspects.UnionWith(_watch.Look(_folders, _pins));
    }

    /// <inheritdoc/>
    public Refusal? Guard(Proposal proposal) => proposal switch
    {
        Proposal.Put put => Guard(put.Machine),
        Proposal.PutPin or Proposal.DeletePin when _pins.IsWithheld => new Refusal(
            RefusalReason.Conflict, $"No pin can be changed: {ClusterLayout.PinsName} in {_layout.Directory} cannot be used. {_pins.Problem}"),
        _ => null,
    };

    /// <inheritdoc/>
    public async Task CommitAsync(ChangeBatch batch)
    {
        var next = new Dictionary<Serial, StoredMachine?>();
        var notes = new List<ChangeNote>(batch.Steps.Count);
        foreach (var (author, step) in batch.Steps)
        {
            switch (step)
            {
                case Proposal.Put put:
                    next[put.Machine.Serial] = Become(put.Machine, next);
                    notes.Add(new ChangeNote(ChangeNote.KeyOf(put.Machine.Serial), author.Who, put.What, author.Why));
                    break;
                case Proposal.Delete delete:
                    next[delete.Machine.Serial] = null;
                    notes.Add(new ChangeNote(ChangeNote.KeyOf(delete.Machine.Serial), author.Who, delete.What, author.Why));
                    break;
                case Proposal.PutPin put:
                    notes.Add(new ChangeNote(ChangeNote.KeyOf(put.Pin.Key), author.Who, put.What, author.Why));
                    break;
                case Proposal.DeletePin delete:
                    notes.Add(new ChangeNote(ChangeNote.KeyOf(delete.Key), author.Who, delete.What, author.Why));
                    break;
            }
        }

        StopIfEdited(next.Keys, batch.ChangesPins);
        var records = next.Select(m => (Serial: m.Key, Change: ChangeOf(m.Key, m.Value)!)).Where(r => r.Change is not null).ToList();
        RootChange[] pins = batch.ChangesPins ? [RootChange.PutFile(ClusterLayout.PinsName, PinsCodec.Write(batch.Snapshot.Pins))] : [];
        var who = notes.Select(n => n.Who).Distinct().ToList() is [var only] ? only : CommitText.Committer;
        await CommitAsync([.. records.Select(r => r.Change), .. pins], new CommitText(who, _time.GetUtcNow(), ChangeMessage.Format(notes)));
        foreach (var (serial, change) in records)
        {
            Remember(serial, next[serial], change.Blob);
        }

        if (pins is [var file])
        {
            _isNamed |= _pins.Problem is not null;
            _pins = new KnownPins { Pins = batch.Snapshot.Pins.ToImmutableSortedDictionary(p => p.Key, p => p), Blob = file.Blob };
        }

        Publish(batch.Snapshot, Published.Quarantined);
        if (_isNamed)
        {
            PublishAnew();
        }
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

        var path = _layout.OnDisk(ClusterLayout.ClusterFileName);
        if (!File.Exists(path))
        {
            StagedFile.Write(path, "{\n  \"GitStore\": true\n}\n"u8);
            LibC.FlushFolder(_layout.Directory);
        }

        var file = RootChange.PutFile(ClusterLayout.ClusterFileName, await File.ReadAllBytesAsync(path)) with { File = null };
        ClearStage();
        await CommitAsync([file], new CommitText(CommitText.Committer, _time.GetUtcNow(), "A new cluster\n"));
        _index.Note([ClusterLayout.ClusterFileName]);
    }

    /// <inheritdoc/>
    public void Probe() => StagedFile.Probe(_layout.Stage, _tree.Size);

    public void Dispose() => _crew.Dispose();

    // A record whose place is taken: by one that cannot be used, or by a file that is in the way.
    private Refusal? Guard(Machine machine)
    {
        if (_machines.Withheld.TryGetValue(machine.Serial, out var record))
        {
            return new Refusal(RefusalReason.Conflict,
                $"Machine {machine.Serial} has a record already that cannot be used: {record.Name}. {record.Reason} "
                + "Repair the file, or remove its folder with git rm and commit.");
        }

        var folder = _layout.OnDisk(SerialFolder.Encode(machine.Serial));
        return !_machines.Served.ContainsKey(machine.Serial) && File.Exists(folder)
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} gets no record: the file {folder} is where its folder belongs.")
            : null;
    }

    private StoredMachine Become(Machine machine, Dictionary<Serial, StoredMachine?> decided)
    {
        if (!decided.TryGetValue(machine.Serial, out var former))
        {
            former = _machines.Served.GetValueOrDefault(machine.Serial);
        }

        if (former is not null)
        {
            return former with { Record = former.Record.Become(machine) };
        }

        // What hands laid in the folder while no record was in it stays.
        var folder = _machines.Served.GetValueOrDefault(machine.Serial)?.Folder ?? SerialFolder.Encode(machine.Serial);
        return new StoredMachine(folder, new MachineRecord(machine, null), _folders.GetValueOrDefault(folder)?.Others ?? [], null);
    }

    // Null where it came and went within the batch.
    private RootChange? ChangeOf(Serial serial, StoredMachine? next) =>
        next is not null ? RootChange.Put(next.Folder, RecordCodec.Write(next.Record), next.Others)
        : _machines.Served.TryGetValue(serial, out var former) ? RootChange.Remove(former.Folder, former.Others)
        : null;

    private void Remember(Serial serial, StoredMachine? next, ObjectId? blob)
    {
        var folder = next?.Folder ?? _machines.Served[serial].Folder;
        _isNamed |= _machines.HasRivals || _folders.GetValueOrDefault(folder)?.Problem is not null;
        if (next is null)
        {
            _machines.Served.Remove(serial);
            _folders[folder] = new KnownFolder(folder) { Serial = serial, Others = _folders[folder].Others };
            return;
        }

        var stored = next with { Blob = blob, Refused = null };
        _machines.Served[serial] = stored;
        _folders[stored.Folder] = new KnownFolder(stored.Folder) { Serial = serial, Machine = stored, Others = stored.Others };
    }

    private async Task CommitAsync(IReadOnlyList<RootChange> changes, CommitText text)
    {
        CommitResult result;
        try
        {
            result = await _path.CommitAsync(_position, _tree, changes, text);
        }
        catch (HandsAtWorkException)
        {
            _suspects.Add(ClusterLayout.PinsName);
            throw;
        }
        catch
        {
            _readAll = true;
            throw;
        }

        (_position, _tree) = (result.Head, result.Tree);
        Committed?.Invoke(result);
        _index.Note(changes.Select(c => c.File?.Path).OfType<string>());
        if (result.CheckoutFailure is { } failure)
        {
            // The next commit must not be made before the folders agree: a file that is two commits behind would look like
            // one that was edited by hand.
            _unfinished.UnionWith(changes.Select(c => c.Name));
            _logger.CheckoutFailed(_layout.Directory, failure);
        }
    }

    // What hands wrote must not be overwritten unseen.
    private void StopIfEdited(IEnumerable<Serial> serials, bool pins)
    {
        var edited = new List<string>();
        foreach (var machine in serials.Select(s => _machines.Served.GetValueOrDefault(s)).OfType<StoredMachine>())
        {
            StopIfEdited(machine.Folder, ClusterLayout.RecordPath(machine.Folder), machine.Blob, machine.Refused, edited);
        }

        if (pins)
        {
            StopIfEdited(ClusterLayout.PinsName, ClusterLayout.PinsName, _pins.Blob, _pins.Refused, edited);
        }

        if (edited is [var first, ..])
        {
            _suspects.UnionWith(edited);
            throw new HandsAtWorkException($"{_layout.OnDisk(first)} was edited by hand.");
        }
    }

    private void StopIfEdited(string name, string path, ObjectId? expected, RefusedFile? refused, List<string> edited)
    {
        var found = HandWatch.BlobOf(_layout.OnDisk(path));
        if (found == expected)
        {
            return;
        }

        if (refused is not null && refused.Blob == found)
        {
            RejectedFiles.SetAside(_layout, path, _time);
        }
        else
        {
            edited.Add(name);
        }
    }

    private void Restore()
    {
        var restored = _folders.Values.Where(f => f.Restore is not null).ToList();
        foreach (var path in restored.Where(f => f.SetAside).Select(f => f.Restore!.Path).Concat(_pins.SetAside ? [ClusterLayout.PinsName] : []))
        {
            RejectedFiles.SetAside(_layout, path, _time);
        }

        FileChange[] changes = [.. restored.Select(f => f.Restore!), .. _pins.Restore is { } pins ? [pins] : (FileChange[])[]];
        if (changes is [var first, ..])
        {
            if (_path.Restore(changes) is { } failure)
            {
                throw new IOException($"{_layout.OnDisk(first.Path)} is behind the history and cannot be brought up: {failure.Message}", failure);
            }

            _logger.RecordsRestored(changes.Length, first.Path);
        }

        restored.ForEach(f => _folders[f.Name] = f with { Restore = null, SetAside = false });
        _pins = _pins with { Restore = null, SetAside = false };
    }

    private async Task PublishFoundAsync()
    {
        var former = Published;
        _machines = KnownMachines.Of(_folders.Values);
        await TakeOverAsync();
        PublishAnew();
        foreach (var record in Published.Quarantined.Except(former.Quarantined))
        {
            _logger.RecordQuarantined(record.Name, record.Reason);
        }

        _index.Expect(
            [.. _machines.Served.Values.Where(m => m.Refused is null).Select(m => (ClusterLayout.RecordPath(m.Folder), m.Blob!)),
             .. _pins is { Blob: { } blob, Refused: null, IsWithheld: false } ? [(ClusterLayout.PinsName, blob)] : ((string, ObjectId)[])[]]);
    }

    // All put together anew: a machine that goes, or leaves its address, may make room for one that was withheld for it.
    private void PublishAnew()
    {
        _isNamed = false;
        _machines = KnownMachines.Of(_folders.Values);
        Publish(Published.Snapshot.Become([.. _machines.Served.Values.Select(m => m.Record.Machine)], _pins.Pins), Quarantined());
    }

    private async Task TakeOverAsync()
    {
        var byHand = _folders.Values.Where(f => f is { ByHand: not null, Machine: { } m } && _machines.Served.ContainsKey(m.Record.Machine.Serial)).ToList();
        var changes = byHand.Select(f => RootChange.Put(f.Name, f.ByHand!, f.Others)).ToList();
        var notes = byHand.Select(f => Note(ChangeNote.KeyOf(f.Serial!.Value), f.Name)).ToList();
        if (_pins.ByHand is { } pins)
        {
            changes.Add(RootChange.PutFile(ClusterLayout.PinsName, pins));
            notes.Add(Note(ChangeNote.AllPins, ClusterLayout.PinsName));
        }

        if (changes.Count == 0)
        {
            return;
        }

        await CommitAsync(changes, new CommitText(CommitText.Committer, _time.GetUtcNow(), ChangeMessage.Format(notes)));
        byHand.ForEach(f => _folders[f.Name] = f with { ByHand = null });
        _pins = _pins with { ByHand = null };
        _logger.RecordsTakenOver(changes.Count, changes[0].Name);

        ChangeNote Note(string key, string name) => new(
            key, CommitText.Committer, _tree.Find(name) is null ? "taken over from its folder" : "edited by hand", "Found in the cluster directory, not in its history.");
    }

    private void ClearStage()
    {
        if (Directory.Exists(_layout.Stage))
        {
            Directory.Delete(_layout.Stage, recursive: true);
        }

        LibC.MakeFolder(_layout.Stage);
    }

    private ImmutableArray<QuarantinedRecord> Quarantined() =>
        _pins.Problem is { } problem
            ? [.. _machines.Quarantined, new QuarantinedRecord(ClusterLayout.PinsName, problem)]
            : [.. _machines.Quarantined];

    private void Publish(ClusterSnapshot snapshot, ImmutableArray<QuarantinedRecord> quarantined)
    {
        Volatile.Write(ref _publishedHead, _position.Target);
        Volatile.Write(ref _published, new PublishedState(snapshot, quarantined));
    }
}
