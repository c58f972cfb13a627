using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Disk;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>With a history in git: a batch is a commit, and counts once the branch leads to it.</summary>
internal sealed class GitCommitter : ICommitter
{
    // A question may walk through years of commits: more of them at once take the processors from the machines that boot.
    private const int AtOnce = 2;
    private const int MostAsking = 32;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly StoreContext _store;
    private readonly GitOptions _options;
    private readonly ClusterLayout _layout;
    private readonly HeadReference _head;
    private readonly CommitPath _path;
    private readonly WorkingIndex _index;
    private readonly CommitHistory _history;

    // What the repository has in a machine's folder beside the record, which is seldom.
    private readonly Dictionary<string, ImmutableArray<FolderEntry>> _others = new(StringComparer.Ordinal);
    private ObjectPacking? _packing;
    private RemotePush? _push;
    private FolderTree _tree = FolderTree.Empty;
    private FolderTree? _spareTree;
    private HeadPosition _position = new("HEAD", null);
    private ObjectId? _former;
    private PublishedCommit? _published;
    private bool _started;
    private int _asking;

    public GitCommitter(StoreContext store, GitOptions options)
    {
        (_store, _options, _layout) = (store, options, store.Layout);
        _head = new HeadReference(_layout, store.Time);
        _path = new CommitPath(store, _head);
        _index = new WorkingIndex(_layout, store.Time);
        _history = new CommitHistory(_layout, () => Volatile.Read(ref _published));
    }

    /// <inheritdoc/>
    public string Position => _position.Target?.Sha ?? "";

    /// <inheritdoc/>
    public PushState? Push => _push?.State;

    /// <inheritdoc/>
    public bool HasIdleWork => _index.IsBehind;

    /// <summary>How many changes the index of the history holds.</summary>
    public int IndexedChanges => _history.Indexed;

    /// <inheritdoc/>
    public bool DoIdleWork() => _index.Write();

    /// <inheritdoc/>
    public async Task PrepareAsync()
    {
        GitLibrary.Prepare(_layout);
        _position = _head.Read();
        if (_position.Target is not null)
        {
            return;
        }

        HistoryGuard.DemandNew(_layout, _position);
        var path = _layout.OnDisk(ClusterLayout.ClusterFileName);
        if (!File.Exists(path))
        {
            // The id makes the first commit, and so the cluster's identity, unlike that of any other.
            StagedFile.Write(path, System.Text.Encoding.ASCII.GetBytes($"{{\n  \"GitStore\": true,\n  \"Id\": \"{ClusterIdentity.New()}\"\n}}\n"));
            DiskFlush.FlushFolder(_layout.Directory);
        }

        var file = new FileChange(ClusterLayout.ClusterFileName, BoundedFile.ReadBytes(path, Records.RecordCodec.MaxBytes)) { IsInPlace = true };
        _store.ClearStage();
        await CommitAsync([file], new CommitText(ChangeNote.Server, _store.Time.GetUtcNow(), "A new cluster\n"), new FileMoves(_store, []));
    }

    /// <inheritdoc/>
    public string? FirstCommit() => GitLibrary.FirstCommit(_layout);

    /// <inheritdoc/>
    public void Start()
    {
        _started = true;
        _packing = new ObjectPacking(_layout, _options, _store.Time, _store.Logger);
        _push = _options.PushRemote is null ? null : new RemotePush(_layout, _options, _position, _store.Time, _store.Logger);
    }

    /// <inheritdoc/>
    public bool IsMoved()
    {
        if (_head.Read() != _position)
        {
            return true;
        }

        if (_position.Target is { } last)
        {
            HistoryGuard.DemandObjects(_layout, last, _former);
        }

        return false;
    }

    /// <inheritdoc/>
    public async Task RecoverAsync(bool all)
    {
        if (all)
        {
            await LeftOverLocks.RemoveAsync(_layout, _store.Time, _store.Logger);
        }

        // Of an earlier commit too: somebody may have committed by hand since.
        if (_head.Read().Target is { } head)
        {
            foreach (var commit in GitLibrary.LedTo(_layout, head, _layout.BatchCommits()))
            {
                FileMoves.Resume(_store, _layout.BatchOf(commit));
            }
        }

        if (all)
        {
            _store.ClearStage();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrackedFile> Read(IReadOnlyCollection<string>? names, IReadOnlyDictionary<string, TrackedFile> former)
    {
        var position = _head.Read();
        if (_position.Target is { } last)
        {
            HistoryGuard.DemandCommit(_layout, position, last);
            if (position == _position)
            {
                HistoryGuard.DemandObjects(_layout, last, _former);
            }
        }

        using var loader = new ClusterLoader(_layout, position, position.Target == _position.Target && names is not null ? _tree : null);
        var wanted = (names?.Union(_tree.FoldersThatDiffer(loader.Tree), StringComparer.Ordinal) ?? loader.FolderNames()).Append(ClusterLayout.PinsName);
        var found = loader.Examine([.. wanted.Distinct(StringComparer.Ordinal)], !_started, former, _others);
        _former = position == _position ? _former : null;
        (_position, _tree) = (position, loader.Tree);
        return found;
    }

    /// <inheritdoc/>
    public void Settle(IEnumerable<TrackedFile> served)
    {
        Publish();
        _index.Expect([.. served.Where(f => f is { Value: not null, Id: not null, Refused: null }).Select(f => (f.Path, f.Id!.Value))]);
    }

    /// <inheritdoc/>
    public Task CommitAsync(IReadOnlyList<FileChange> changes, IReadOnlyList<ChangeNote> notes, FileMoves moves) =>
        CommitAsync(changes, CommitText.Of(notes, _store.Time.GetUtcNow()), moves);

    /// <inheritdoc/>
    public void Probe() => StagedFile.Probe(_layout.Stage, _tree.Size);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, HistoryQuery.MaxLimit, nameof(query));
        return await AskAsync(head => _history.Read(head, query, cancellationToken), cancellationToken) ?? [];
    }

    /// <inheritdoc/>
    public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) =>
        AskAsync(head => _history.At(head, serial, point, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_packing is not null)
        {
            await _packing.DisposeAsync();
        }

        if (_push is not null)
        {
            await _push.DisposeAsync();
        }

        await _history.DisposeAsync();
        _turns.Dispose();
    }

    private async Task<T?> AskAsync<T>(Func<PublishedCommit, T?> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (Volatile.Read(ref _published) is not { } head)
        {
            return null;
        }

        if (Interlocked.Increment(ref _asking) > MostAsking)
        {
            Interlocked.Decrement(ref _asking);
            throw new StoreUnavailableException($"{MostAsking} questions about the history are being answered already. Try again later.");
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => ask(head), cancellationToken);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (Exception e) when (GitLibrary.IsTrouble(e))
        {
            throw new StoreUnavailableException($"The history in {_layout.Directory} cannot be read: {e.Message}", e);
        }
        finally
        {
            Interlocked.Decrement(ref _asking);
        }
    }

    private async Task CommitAsync(IReadOnlyList<FileChange> changes, CommitText text, FileMoves moves)
    {
        var result = await _path.CommitAsync(_position, _tree, [.. changes.Select(EntryOf)], text, moves, _spareTree);
        _spareTree = ReferenceEquals(_tree, result.Tree) ? _spareTree : _tree;
        (_former, _position, _tree) = (_position.Target, result.Head, result.Tree);
        Publish();
        _index.Note(changes.Select(c => ClusterLayout.PathOf(c.Name)));
        _packing?.Note(result.Objects, result.Bytes);
        _history.Note();
        _push?.Note(result.Head);
    }

    private void Publish() =>
        Volatile.Write(ref _published, _position.Target is { } target ? new PublishedCommit(target, (_published?.Number ?? 0) + 1) : null);

    private RootChange EntryOf(FileChange change)
    {
        var blob = change.Id is { } id ? GitObject.Blob(change.Content, id) : null;
        if (ClusterLayout.PathOf(change.Name) == change.Name)
        {
            return blob is null ? new RootChange(change.Name, null) : new RootChange(change.Name, new FolderEntry(change.Name, FolderEntry.FileMode, blob.Id), blob);
        }

        var others = _others.GetValueOrDefault(change.Name, []);
        if (blob is null && others.IsEmpty)
        {
            return new RootChange(change.Name, null);
        }

        var tree = FolderTree.OfMachine(change.Id, others).ToObject();
        var entry = new FolderEntry(change.Name, FolderEntry.FolderMode, tree.Id);
        return blob is null ? new RootChange(change.Name, entry, tree) : new RootChange(change.Name, entry, blob, tree);
    }
}
