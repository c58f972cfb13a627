using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Git;
using Mayu.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage;

/// <summary>Folders of records and memory, kept in agreement: what stores with and without a history have in common.</summary>
internal abstract class FolderCluster(ClusterLayout layout, TimeProvider time, TimeSpan handsSettle, ILogger logger) : IStoredCluster
{
    private PublishedState _published = new(ClusterSnapshot.Empty, []);

    // Whether a change concerned something that Published names as wrong.
    private bool _isNamed;

    /// <inheritdoc/>
    public PublishedState Published => Volatile.Read(ref _published);

    /// <inheritdoc/>
    public bool IsBehind => ReadAll || Suspects.Count > 0 || Unfinished.Count > 0;

    /// <inheritdoc/>
    public abstract bool HasIdleWork { get; }

    protected ClusterLayout Layout { get; } = layout;

    protected TimeProvider Time { get; } = time;

    protected ILogger Logger { get; } = logger;

    protected FlushCrew Crew { get; } = new();

    protected HandWatch Watch { get; } = new(layout, time, handsSettle);

    /// <summary>The folders as they were last found.</summary>
    protected Dictionary<string, KnownFolder> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>What hands edited: to be examined before the next commit.</summary>
    protected HashSet<string> Suspects { get; } = new(StringComparer.Ordinal);

    /// <summary>What a failure of ours left behind: to be brought up before the next commit.</summary>
    protected HashSet<string> Unfinished { get; } = new(StringComparer.Ordinal);

    protected KnownMachines Machines { get; private set; } = KnownMachines.Of([]);

    protected KnownPins Pins { get; set; } = new();

    /// <summary>Whether all is to be read again.</summary>
    protected bool ReadAll { get; set; } = true;

    /// <inheritdoc/>
    public abstract bool DoIdleWork();

    /// <inheritdoc/>
    public abstract Task CatchUpAsync();

    /// <inheritdoc/>
    public void Look()
    {
        LibC.DemandWritable(Layout.Directory);
        if (Watch.IsGitAtWork())
        {
            return;
        }

        if (IsHistoryMoved())
        {
            Suspects.Add(ClusterLayout.PinsName);
        }

        Suspects.UnionWith(Watch.Look(Folders, Pins));
    }

    /// <inheritdoc/>
    public Refusal? Guard(Proposal proposal) => proposal switch
    {
        Proposal.Put put => Guard(put.Machine) ?? GuardFolder(put.Machine),
        Proposal.Delete delete => GuardFolder(delete.Machine),
        Proposal.PutPin or Proposal.DeletePin when Pins.IsWithheld => new Refusal(
            RefusalReason.Conflict, $"No pin can be changed: {ClusterLayout.PinsName} in {Layout.Directory} cannot be used. {Pins.Problem}"),
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
        RootChange[] pins = batch.ChangesPins ? [RootChange.PutFile(ClusterLayout.PinsName, PinsCodec.Write(batch.Snapshot.Pins)).InPlaceOf(Pins.Refused is null ? Pins.Blob : null)] : [];
        await CommitAsync([.. records.Select(r => r.Change), .. pins], notes);
        foreach (var (serial, change) in records)
        {
            Remember(serial, next[serial], change.Blob);
        }

        if (pins is [var file])
        {
            _isNamed |= Pins.Problem is not null;
            Pins = new KnownPins { Pins = batch.Snapshot.Pins.ToImmutableSortedDictionary(p => p.Key, p => p), Blob = file.Blob };
        }

        Publish(batch.Snapshot, Published.Quarantined);
        if (_isNamed)
        {
            PublishAnew();
        }
    }

    /// <inheritdoc/>
    public abstract void Probe();

    public virtual void Dispose() => Crew.Dispose();

    /// <summary>Makes changes of files durable, all or none.</summary>
    protected abstract Task CommitAsync(IReadOnlyList<RootChange> changes, IReadOnlyList<ChangeNote> notes);

    /// <summary>Whether the history was moved by hands.</summary>
    protected virtual bool IsHistoryMoved() => false;

    // All put together anew: a machine that goes, or leaves its address, may make room for one that was withheld for it.
    protected void PublishAnew()
    {
        _isNamed = false;
        PutTogether();
        Publish(Published.Snapshot.Become([.. Machines.Served.Values.Select(m => m.Record.Machine)], Pins.Pins), Quarantined());
    }

    /// <summary>Sees which machines the folders give.</summary>
    protected void PutTogether() => Machines = KnownMachines.Of(Folders.Values);

    protected void ClearStage()
    {
        if (Directory.Exists(Layout.Stage))
        {
            Directory.Delete(Layout.Stage, recursive: true);
        }

        LibC.MakeFolder(Layout.Stage);
    }

    protected void SetAside(string path)
    {
        RejectedFiles.SetAside(Layout, path, Time);
        Logger.EditSetAside(path);
    }

    protected virtual void Publish(ClusterSnapshot snapshot, ImmutableArray<QuarantinedRecord> quarantined)
    {
        Volatile.Write(ref _published, new PublishedState(snapshot, quarantined));
    }

    // A record whose place is taken: by one that cannot be used, or by a file that is in the way.
    private Refusal? Guard(Machine machine)
    {
        if (Machines.Withheld.TryGetValue(machine.Serial, out var record))
        {
            return new Refusal(RefusalReason.Conflict,
                $"Machine {machine.Serial} has a record already that cannot be used: {record.Name}. {record.Reason} "
                + "Repair the file, or remove its folder with git rm and commit.");
        }

        var folder = Layout.OnDisk(SerialFolder.Encode(machine.Serial));
        return !Machines.Served.ContainsKey(machine.Serial) && File.Exists(folder)
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} gets no record: the file {folder} is where its folder belongs.")
            : null;
    }

    // Nothing is ever written outside of the cluster directory, and nobody else's change is to fail because of this one's folder.
    private Refusal? GuardFolder(Machine machine)
    {
        var folder = Machines.Served.GetValueOrDefault(machine.Serial)?.Folder ?? SerialFolder.Encode(machine.Serial);
        return FoundFile.Obstacle(Layout, ClusterLayout.RecordPath(folder)) is { } obstacle
            ? new Refusal(RefusalReason.Conflict, $"Machine {machine.Serial} cannot be changed: {obstacle}. The folder is {Layout.OnDisk(folder)}.")
            : null;
    }

    private StoredMachine Become(Machine machine, Dictionary<Serial, StoredMachine?> decided)
    {
        if (!decided.TryGetValue(machine.Serial, out var former))
        {
            former = Machines.Served.GetValueOrDefault(machine.Serial);
        }

        if (former is not null)
        {
            return former with { Record = former.Record.Become(machine) };
        }

        // What hands laid in the folder while no record was in it stays.
        var folder = Machines.Served.GetValueOrDefault(machine.Serial)?.Folder ?? SerialFolder.Encode(machine.Serial);
        return new StoredMachine(folder, new MachineRecord(machine, null), Folders.GetValueOrDefault(folder)?.Others ?? [], null);
    }

    // Null where it came and went within the batch.
    private RootChange? ChangeOf(Serial serial, StoredMachine? next) =>
        next is not null ? RootChange.Put(next.Folder, RecordCodec.Write(next.Record), next.Others).InPlaceOf(FileOf(Machines.Served.GetValueOrDefault(serial)))
        : Machines.Served.TryGetValue(serial, out var former) ? RootChange.Remove(former.Folder, former.Others).InPlaceOf(FileOf(former))
        : null;

    // What was refused is set aside by now.
    private static ObjectId? FileOf(StoredMachine? machine) => machine?.Refused is null ? machine?.Blob : null;

    private void Remember(Serial serial, StoredMachine? next, ObjectId? blob)
    {
        var folder = next?.Folder ?? Machines.Served[serial].Folder;
        _isNamed |= Machines.HasRivals || Folders.GetValueOrDefault(folder)?.Problem is not null;
        if (next is null)
        {
            Machines.Served.Remove(serial);
            Folders[folder] = new KnownFolder(folder) { Serial = serial, Others = Folders[folder].Others };
            return;
        }

        var stored = next with { Blob = blob, Refused = null };
        Machines.Served[serial] = stored;
        Folders[stored.Folder] = new KnownFolder(stored.Folder) { Serial = serial, Machine = stored, Others = stored.Others };
    }

    // What hands wrote must not be overwritten unseen.
    private void StopIfEdited(IEnumerable<Serial> serials, bool pins)
    {
        var edited = new List<string>();
        foreach (var machine in serials.Select(s => Machines.Served.GetValueOrDefault(s)).OfType<StoredMachine>())
        {
            StopIfEdited(machine.Folder, ClusterLayout.RecordPath(machine.Folder), machine.Blob, machine.Refused, edited);
        }

        if (pins)
        {
            StopIfEdited(ClusterLayout.PinsName, ClusterLayout.PinsName, Pins.Blob, Pins.Refused, edited);
        }

        if (edited is [var first, ..])
        {
            Suspects.UnionWith(edited);
            throw new HandsAtWorkException($"{Layout.OnDisk(first)} was edited by hand.");
        }
    }

    private void StopIfEdited(string name, string path, ObjectId? expected, RefusedFile? refused, List<string> edited)
    {
        var found = HandWatch.BlobOf(Layout, path);
        if (found == expected)
        {
            return;
        }

        if (refused is not null && refused.Blob == found)
        {
            RejectedFiles.SetAside(Layout, path, Time);
        }
        else
        {
            edited.Add(name);
        }
    }

    private ImmutableArray<QuarantinedRecord> Quarantined() =>
        Pins.Problem is { } problem
            ? [.. Machines.Quarantined, new QuarantinedRecord(ClusterLayout.PinsName, problem)]
            : [.. Machines.Quarantined];
}
