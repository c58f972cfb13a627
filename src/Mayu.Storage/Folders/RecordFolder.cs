using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Records;

namespace Mayu.Storage.Folders;

/// <summary>What readers see, swapped as one.</summary>
/// <param name="Snapshot">The machines and pins.</param>
/// <param name="Quarantined">What could not be read, each named.</param>
internal sealed record PublishedState(ClusterSnapshot Snapshot, ImmutableArray<QuarantinedRecord> Quarantined);

/// <summary>
/// A cluster directory, for its one writer alone: files and memory, kept in agreement with what the committer says counts. Only
/// <see cref="Published"/> may be read by others.
/// </summary>
internal sealed class RecordFolder(StoreContext store, ICommitter committer)
{
    private readonly EditWatch _watch = new(store.Layout, store.Time, store.Options.EditSettle);

    // What was edited, and what a failure of ours left behind: to be examined before the next commit.
    private readonly HashSet<string> _edited = new(StringComparer.Ordinal);
    private Dictionary<string, TrackedFile> _files = new(StringComparer.Ordinal);
    private ServedMachines _machines = ServedMachines.Of([]);
    private PublishedState _published = new(ClusterSnapshot.Empty, []);
    private bool _readsAll = true;
    private bool _isBehind;

    // Whether a change concerned something that Published names as wrong.
    private bool _isNamed;

    /// <summary>The newest committed state.</summary>
    public PublishedState Published => Volatile.Read(ref _published);

    /// <summary>Whether memory and disk may disagree, so that <see cref="CatchUpAsync"/> must come before the next commit.</summary>
    public bool IsBehind => _readsAll || _isBehind || _edited.Count > 0;

    /// <inheritdoc cref="ICommitter.HasIdleWork"/>
    public bool HasIdleWork => committer.HasIdleWork;

    private ClusterLayout Layout => store.Layout;

    private TrackedFile Pins => FileOf(ClusterLayout.PinsName);

    /// <inheritdoc cref="ICommitter.DoIdleWork"/>
    public bool DoIdleWork() => committer.DoIdleWork();

    /// <inheritdoc cref="ICommitter.Probe"/>
    public void Probe() => committer.Probe();

    /// <summary>Reads again what may have changed, takes over what was edited, and publishes it.</summary>
    /// <exception cref="IOException">It cannot be read, or not be made to agree.</exception>
    public async Task CatchUpAsync()
    {
        DiskFlush.FlushFolder(Layout.Directory);
        await committer.RecoverAsync(_readsAll);
        var found = committer.Read(_readsAll ? null : [.. _edited], _files);
        _files = _readsAll ? new(StringComparer.Ordinal) : _files;
        foreach (var file in found)
        {
            _files[file.Name] = file;
        }

        Restore();
        _edited.Clear();
        (_readsAll, _isBehind) = (false, false);
        var former = Published;
        _machines = ServedMachines.Of(_files.Values);
        await TakeOverAsync();
        PublishAnew();
        foreach (var record in Published.Quarantined.Except(former.Quarantined))
        {
            store.Logger.RecordQuarantined(record.Name, record.Reason);
        }

        committer.Settle(_machines.Files.Values.Append(Pins));
    }

    /// <summary>Looks for edits: a slice of the machines at a time, so that it costs little. Afterwards <see cref="IsBehind"/> tells.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public void Look()
    {
        FolderCalls.DemandWritable(Layout.Directory);
        if (!_watch.IsGitAtWork())
        {
            _isBehind |= committer.IsMoved();
            _edited.UnionWith(_watch.Look(_files));
        }
    }

    /// <summary>The store's own objection to a proposal.</summary>
    public Refusal? Guard(Proposal proposal) => proposal switch
    {
        Proposal.Put put => Guard(put.Machine) ?? GuardFolder(put.Machine),
        Proposal.Delete delete => GuardFolder(delete.Machine),
        Proposal.PutPin or Proposal.DeletePin when Pins is { Value: null } pins => new Refusal(
            RefusalReason.Conflict, $"No pin can be changed: {ClusterLayout.PinsName} in {Layout.Directory} cannot be used. {pins.Problem}"),
        _ => null,
    };

    /// <summary>Makes a batch durable and publishes it.</summary>
    /// <exception cref="ExternalEditException">Somebody else was at work: catch up and decide again.</exception>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task CommitAsync(ChangeBatch batch)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        var notes = new List<ChangeNote>(batch.Steps.Count);
        foreach (var (author, step) in batch.Steps)
        {
            switch (step)
            {
                case Proposal.Put put:
                    var name = NameOf(put.Machine.Serial);
                    var former = values.TryGetValue(name, out var value) ? value : FileOf(name).Value;
                    values[name] = (former as MachineRecord)?.With(put.Machine) ?? new MachineRecord(put.Machine, null);
                    notes.Add(new ChangeNote(ChangeNote.KeyOf(put.Machine.Serial), author.Who, put.What, author.Why));
                    break;
                case Proposal.Delete delete:
                    values[NameOf(delete.Machine.Serial)] = null;
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

        if (batch.ChangesPins)
        {
            values[ClusterLayout.PinsName] = batch.Snapshot.Pins.ToImmutableSortedDictionary(p => p.Key, p => p);
        }

        StopIfEdited(values.Keys);
        FileChange[] changes = [.. values.Select(v => ChangeOf(FileOf(v.Key), v.Value)).OfType<FileChange>()];
        await CommitAsync(changes, notes);
        foreach (var change in changes)
        {
            Remember(TrackedFile.Missing(change.Name) with { Value = values[change.Name], Id = change.Id });
        }

        Publish(batch.Snapshot, Published.Quarantined);
        if (_isNamed)
        {
            PublishAnew();
        }
    }

    private async Task CommitAsync(IReadOnlyList<FileChange> changes, IReadOnlyList<ChangeNote> notes)
    {
        var moves = new FileMoves(store, changes);
        try
        {
            await committer.CommitAsync(changes, notes, moves);
        }
        catch (Exception e)
        {
            moves.Discard();
            _isBehind = true;
            _readsAll |= e is not ExternalEditException;
            throw;
        }

        try
        {
            moves.Finish();
        }
        catch (Exception e) when (StoreWriter.IsTrouble(e))
        {
            // It takes nothing back: the changes are durable. What is left to do comes before the next commit.
            _edited.UnionWith(changes.Select(c => c.Name));
            store.Logger.CheckoutFailed(Layout.Directory, e.Message);
        }
    }

    // All put together anew: a machine that goes, or leaves its address, may make room for one that was withheld for it.
    private void PublishAnew()
    {
        _isNamed = false;
        _machines = ServedMachines.Of(_files.Values);
        var pins = Pins.Pins ?? ImmutableSortedDictionary<PinKey, Pin>.Empty;
        Publish(Published.Snapshot.Replace([.. _machines.Files.Values.Select(f => f.Record!.Machine)], pins), [.. _machines.Quarantined]);
    }

    private void Publish(ClusterSnapshot snapshot, ImmutableArray<QuarantinedRecord> quarantined) =>
        Volatile.Write(ref _published, new PublishedState(snapshot, quarantined));

    private void Restore()
    {
        var files = _files.Values.Where(f => f.Restored is not null).ToList();
        if (files is not [var first, ..])
        {
            return;
        }

        foreach (var file in files.Where(f => f.SetAside))
        {
            store.SetAside(file.Path);
        }

        // Of no list: whoever dies in the midst of it begins anew.
        var moves = new FileMoves(store, [.. files.Select(f => new FileChange(f.Name, f.Restored))]);
        try
        {
            store.Flush.Run(moves.Stage(), static write => write());
            DiskFlush.FlushFolder(Layout.Directory);
        }
        catch
        {
            moves.Discard();
            throw;
        }

        try
        {
            moves.Finish();
        }
        catch (Exception e) when (StoreWriter.IsTrouble(e))
        {
            throw new IOException($"{Layout.OnDisk(first.Path)} is older than the history and cannot be updated: {e.Message}", e);
        }

        var records = Counted.Of(files.Count, "record");
        store.Logger.RecordsRestored(records, first.Path);
        files.ForEach(f => _files[f.Name] = f with { Restored = null, SetAside = false });
    }

    private async Task TakeOverAsync()
    {
        bool IsServed(TrackedFile file) => file.Serial is not { } serial || _machines.Files.ContainsKey(serial);
        var files = _files.Values.Where(f => (f.Edited is not null && IsServed(f)) || f.IsDeletedAgain).ToList();
        if (files is not [var first, ..])
        {
            return;
        }

        // They are on the disk what they are to be, or newer by now: the next look sees that.
        FileChange[] changes = [.. files.Select(f => new FileChange(f.Name, f.Edited) { IsInPlace = true })];
        string[] paths = [.. files.Select(f => Layout.OnDisk(f.Path))];
        store.Flush.Run([.. paths, .. paths.Select(f => Path.GetDirectoryName(f)!).Distinct()], DiskFlush.FlushFolderIfThere);
        await CommitAsync(changes, [.. files.Select(NoteOf)]);
        files.ForEach(f => _files[f.Name] = f with { Edited = null, IsDeletedAgain = false });
        var records = Counted.Of(files.Count, "record");
        store.Logger.RecordsTakenOver(records, first.Name);
    }

    private static ChangeNote NoteOf(TrackedFile file)
    {
        var key = file.Serial is { } serial ? ChangeNote.KeyOf(serial) : ChangeNote.AllPins;
        return file.IsDeletedAgain
            ? new ChangeNote(key, ChangeNote.Server, "deleted again", "A manual commit, made from an outdated index, had restored it.")
            : new ChangeNote(key, ChangeNote.Server, file.IsNew ? "imported from its folder" : "edited by hand", "Found in the cluster directory, not in its history.");
    }

    // A record whose place is taken: by one that cannot be used, or by a file that is in the way.
    private Refusal? Guard(Machine machine)
    {
        if (_machines.Withheld.TryGetValue(machine.Serial, out var record))
        {
            return new Refusal(RefusalReason.Conflict,
                $"Machine {machine.Serial} already has a record, which is not valid: {record.Name}. {record.Reason} "
                + "Repair the file, or remove its folder with git rm and commit.");
        }

        var folder = Layout.OnDisk(SerialFolder.Encode(machine.Serial));
        return !_machines.Files.ContainsKey(machine.Serial) && File.Exists(folder)
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} gets no record: there is a file {folder} where its folder belongs.")
            : null;
    }

    // Nothing is ever written outside of the cluster directory, and nobody else's change is to fail because of this one's folder.
    private Refusal? GuardFolder(Machine machine)
    {
        var name = NameOf(machine.Serial);
        return FoundFile.Obstacle(Layout, ClusterLayout.PathOf(name)) is { } obstacle
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} cannot be changed: {obstacle}. The folder is {Layout.OnDisk(name)}.")
            : null;
    }

    private string NameOf(Serial serial) => _machines.Files.GetValueOrDefault(serial)?.Name ?? SerialFolder.Encode(serial);

    private TrackedFile FileOf(string name) => _files.GetValueOrDefault(name) ?? TrackedFile.Missing(name);

    // Null where it came and went within the batch. What was refused is set aside by now.
    private static FileChange? ChangeOf(TrackedFile file, object? next) => next is null && file.Value is null
        ? null
        : new FileChange(file.Name, TrackedFile.Bytes(next)) { Former = new SeenFile(file.Refused is null ? file.Id : null) };

    private void Remember(TrackedFile file)
    {
        _isNamed |= _machines.HasDuplicates || FileOf(file.Name).Problem is not null;
        _files[file.Name] = file;
        if (file is { Serial: { } serial, Value: not null })
        {
            _machines.Files[serial] = file;
        }
        else if (file.Serial is { } gone)
        {
            _machines.Files.Remove(gone);
        }
    }

    // What somebody wrote must not be overwritten unseen.
    private void StopIfEdited(IEnumerable<string> names)
    {
        var edited = new List<string>();
        foreach (var file in names.Select(FileOf).Where(f => f.Value is not null))
        {
            var found = FoundFile.IdOf(Layout, file.Path);
            if (found == file.Id)
            {
                continue;
            }

            if (file.Refused is { } refused && refused.Id == found)
            {
                store.SetAside(file.Path);
            }
            else
            {
                edited.Add(file.Name);
            }
        }

        if (edited is [var first, ..])
        {
            _edited.UnionWith(edited);
            throw new ExternalEditException($"{Layout.OnDisk(first)} was edited by hand.");
        }
    }
}
