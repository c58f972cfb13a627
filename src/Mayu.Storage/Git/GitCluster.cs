using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>Folders, history and memory of a cluster directory, kept in agreement.</summary>
internal sealed class GitCluster : FolderCluster
{
    private readonly HeadReference _head;
    private readonly CommitPath _path;
    private readonly WorkingIndex _index;
    private FolderTree _tree = FolderTree.Empty;
    private FolderTree? _spareTree;
    private HeadPosition _position = new("HEAD", null);
    private ObjectId? _former;
    private PublishedCommit? _publishedHead;
    private long _published;
    private bool _started;
    private bool _wasClosed;

    public GitCluster(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger)
        : base(layout, time, options.HandsSettle, logger)
    {
        _head = new HeadReference(layout, time);
        _path = new CommitPath(layout, _head, Crew, options.AtStep, SetAside);
        _index = new WorkingIndex(layout, time);
    }

    /// <summary>The commit that <see cref="FolderCluster.Published"/> is of.</summary>
    public PublishedCommit? PublishedHead => Volatile.Read(ref _publishedHead);

    /// <summary>Told of each commit, by the writer: it must not wait.</summary>
    public Action<CommitResult>? Committed { get; set; }

    /// <summary>Where the branch stands; for a start, before there is a writer.</summary>
    public HeadPosition Position => _position;

    /// <inheritdoc/>
    public override bool HasIdleWork => _index.IsBehind;

    /// <inheritdoc/>
    public override bool DoIdleWork() => _index.Write();

    /// <inheritdoc/>
    public override async Task CatchUpAsync()
    {
        if (ReadAll)
        {
            ClearStage();
            await LeftOverLocks.RemoveAsync(Layout, Time, Logger);
        }

        Crew.Run([.. Unfinished.Select(Layout.OnDisk).Where(Directory.Exists).Append(Layout.Directory)], LibC.FlushFolder);
        var position = _head.Read();
        if (_position.Target is { } last)
        {
            HistoryGuard.DemandCommit(Layout, position, last);
            if (position == _position)
            {
                HistoryGuard.DemandObjects(Layout, last, _former);
            }
        }

        var empty = Folders.Values.Where(f => f is { Serial: not null, Machine: null, Problem: null, Seen: null }).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var known = position.Target == _position.Target && !ReadAll ? _tree : null;
        using (var loader = new ClusterLoader(Layout, position, known, !_started, Unfinished, empty, _wasClosed && !_started))
        {
            var names = ReadAll ? loader.FolderNames() : [.. Suspects.Union(Unfinished).Union(_tree.FoldersThatDiffer(loader.Tree))];
            if (ReadAll)
            {
                Folders.Clear();
            }

            foreach (var folder in loader.Examine([.. names.Where(n => n != ClusterLayout.PinsName)]))
            {
                Folders[folder.Name] = folder;
            }

            Pins = loader.ExaminePins();
            _former = position == _position ? _former : null;
            (_position, _tree) = (position, loader.Tree);
        }

        Restore();
        Unfinished.Clear();
        Suspects.Clear();
        ReadAll = false;
        await PublishFoundAsync();
        _started = true;
    }

    /// <summary>Makes the repository's first commit, if it has none: the cluster's own file.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public async Task CommitFirstAsync()
    {
        _position = _head.Read();
        _wasClosed = CleanClose.Take(Layout, _position.Target);
        if (_position.Target is not null)
        {
            return;
        }

        HistoryGuard.DemandNew(Layout, _position);
        var path = Layout.OnDisk(ClusterLayout.ClusterFileName);
        if (!File.Exists(path))
        {
            // The id makes the first commit, and so the cluster's identity, unlike that of any other.
            StagedFile.Write(path, System.Text.Encoding.ASCII.GetBytes($"{{\n  \"GitStore\": true,\n  \"Id\": \"{ClusterIdentity.New()}\"\n}}\n"));
            LibC.FlushFolder(Layout.Directory);
        }

        var file = RootChange.PutFile(ClusterLayout.ClusterFileName, BoundedFile.ReadBytes(path, Records.RecordCodec.MaxBytes)) with { File = null };
        ClearStage();
        await CommitAsync([file], new CommitText(CommitText.Committer, Time.GetUtcNow(), "A new cluster\n"));
        _index.Note([ClusterLayout.ClusterFileName]);
    }

    /// <summary>The writer has ended: leaves the mark of a clean close, where every file is in its place.</summary>
    public void Close()
    {
        try
        {
            if (!IsBehind && _position.Target is { } last && _head.Read() == _position)
            {
                CleanClose.Leave(Layout, last);
            }
        }
        catch (Exception e) when (StoreWriter.IsTrouble(e))
        {
            // Whoever harmed the repository is asked about it at the next start.
        }
    }

    /// <inheritdoc/>
    public override void Probe() => StagedFile.Probe(Layout.Stage, _tree.Size);

    /// <inheritdoc/>
    protected override bool IsHistoryMoved()
    {
        if (_head.Read() != _position)
        {
            return true;
        }

        if (_position.Target is { } last)
        {
            HistoryGuard.DemandObjects(Layout, last, _former);
        }

        return false;
    }

    /// <inheritdoc/>
    protected override Task CommitAsync(IReadOnlyList<RootChange> changes, IReadOnlyList<ChangeNote> notes)
    {
        var who = notes.Select(n => n.Who).Distinct().ToList() is [var only] ? only : CommitText.Committer;
        return CommitAsync(changes, new CommitText(who, Time.GetUtcNow(), ChangeMessage.Format(notes)));
    }

    /// <inheritdoc/>
    protected override void Publish(ClusterSnapshot snapshot, ImmutableArray<QuarantinedRecord> quarantined)
    {
        Volatile.Write(ref _publishedHead, _position.Target is { } target ? new PublishedCommit(target, ++_published) : null);
        base.Publish(snapshot, quarantined);
    }

    private async Task CommitAsync(IReadOnlyList<RootChange> changes, CommitText text)
    {
        CommitResult result;
        try
        {
            result = await _path.CommitAsync(_position, _tree, changes, text, _spareTree);
        }
        catch (HandsAtWorkException)
        {
            Suspects.Add(ClusterLayout.PinsName);
            throw;
        }
        catch
        {
            ReadAll = true;
            throw;
        }

        _spareTree = ReferenceEquals(_tree, result.Tree) ? _spareTree : _tree;
        (_former, _position, _tree) = (_position.Target, result.Head, result.Tree);
        Committed?.Invoke(result);
        _index.Note(changes.Select(c => c.File?.Path).OfType<string>());
        if (result.CheckoutFailure is { } failure)
        {
            // The next commit must not be made before the folders agree: a file that is two commits behind would look like
            // one that was edited by hand.
            Unfinished.UnionWith(changes.Select(c => c.Name));
            Logger.CheckoutFailed(Layout.Directory, failure);
        }
    }

    private void Restore()
    {
        var restored = Folders.Values.Where(f => f.Restore is not null).ToList();
        foreach (var path in restored.Where(f => f.SetAside).Select(f => f.Restore!.Path).Concat(Pins.SetAside ? [ClusterLayout.PinsName] : []))
        {
            RejectedFiles.SetAside(Layout, path, Time);
        }

        FileChange[] changes = [.. restored.Select(f => f.Restore!), .. Pins.Restore is { } pins ? [pins] : (FileChange[])[]];
        if (changes is [var first, ..])
        {
            if (_path.Restore(changes) is { } failure)
            {
                throw new IOException($"{Layout.OnDisk(first.Path)} is behind the history and cannot be brought up: {failure.Message}", failure);
            }

            Logger.RecordsRestored(changes.Length, first.Path);
        }

        restored.ForEach(f => Folders[f.Name] = f with { Restore = null, SetAside = false });
        Pins = Pins with { Restore = null, SetAside = false };
    }

    private async Task PublishFoundAsync()
    {
        var former = Published;
        PutTogether();
        await TakeOverAsync();
        PublishAnew();
        foreach (var record in Published.Quarantined.Except(former.Quarantined))
        {
            Logger.RecordQuarantined(record.Name, record.Reason);
        }

        _index.Expect(
            [.. Machines.Served.Values.Where(m => m.Refused is null).Select(m => (ClusterLayout.RecordPath(m.Folder), m.Blob!)),
             .. Pins is { Blob: { } blob, Refused: null, IsWithheld: false } ? [(ClusterLayout.PinsName, blob)] : ((string, ObjectId)[])[]]);
    }

    private async Task TakeOverAsync()
    {
        var byHand = Folders.Values.Where(f => f is { ByHand: not null, Machine: { } m } && Machines.Served.ContainsKey(m.Record.Machine.Serial)).ToList();

        // Their files are what they are to be, or newer by now: the next look sees that.
        var changes = byHand.Select(f => RootChange.Put(f.Name, f.ByHand!, f.Others) with { File = null }).ToList();
        var files = byHand.Select(f => ClusterLayout.RecordPath(f.Name)).Concat(Pins.ByHand is null ? [] : [ClusterLayout.PinsName]).Select(Layout.OnDisk).ToList();
        var notes = byHand.Select(f => Note(ChangeNote.KeyOf(f.Serial!.Value), f.Name)).ToList();
        var revenants = Folders.Values.Where(f => f.IsRevenant).ToList();
        foreach (var revenant in revenants)
        {
            changes.Add(RootChange.Remove(revenant.Name, revenant.Others));
            notes.Add(new ChangeNote(
                ChangeNote.KeyOf(revenant.Serial!.Value), CommitText.Committer, "deleted again", "A commit by hand, from an index that was behind, had brought it back."));
        }

        if (Pins.ByHand is { } pins)
        {
            changes.Add(RootChange.PutFile(ClusterLayout.PinsName, pins) with { File = null });
            notes.Add(Note(ChangeNote.AllPins, ClusterLayout.PinsName));
        }

        if (changes.Count == 0)
        {
            return;
        }

        Crew.Run([.. files, .. files.Select(f => Path.GetDirectoryName(f)!).Distinct()], LibC.FlushFolderIfThere);
        await CommitAsync(changes, new CommitText(CommitText.Committer, Time.GetUtcNow(), ChangeMessage.Format(notes)));
        byHand.ForEach(f => Folders[f.Name] = f with { ByHand = null });
        revenants.ForEach(f => Folders[f.Name] = f with { IsRevenant = false });
        Pins = Pins with { ByHand = null };
        Logger.RecordsTakenOver(changes.Count, changes[0].Name);

        ChangeNote Note(string key, string name) => new(
            key, CommitText.Committer, _tree.Find(name) is null ? "taken over from its folder" : "edited by hand", "Found in the cluster directory, not in its history.");
    }
}
