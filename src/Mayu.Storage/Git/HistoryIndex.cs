using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>Where a change is to be found: its commit, and its place among that commit's changes.</summary>
internal readonly record struct IndexedChange(ObjectId Commit, int Ordinal, int Position, int CommitPosition);

/// <summary>
/// Which commits changed which machine, in memory. Made only when somebody asks, and only as far back as the answer needs; from
/// then on a look at one machine costs its own changes. Holds the last <see cref="Most"/> changes, at about 50 bytes each.
/// </summary>
internal sealed class HistoryIndex(ClusterLayout layout) : IDisposable
{
    /// <summary>How many changes are held at most; older ones are left to git.</summary>
    public const int Most = 1_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _whoIds = new(StringComparer.Ordinal);
    private readonly List<string> _whos = [];
    private readonly Dictionary<Serial, TwoEndedList<int>> _bySerial = [];
    private TwoEndedList<IndexedCommit> _commits = new();
    private TwoEndedList<Entry> _entries = new();
    private Repository? _repository;
    private IEnumerator<Commit>? _older;
    private ObjectId? _head;

    // The next commit of the line that the branch itself stood on, backwards.
    private ObjectId? _olderOfLine;
    private long _number;
    private int _forgotten;
    private bool _isComplete;

    /// <summary>How many changes it holds.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Brings the newest end up to a commit. Starts anew where that one does not follow the last; one that was published before it is in already.</summary>
    /// <exception cref="LibGit2SharpException">The history is damaged.</exception>
    public void MoveTo(PublishedCommit published, CancellationToken cancellationToken)
    {
        var head = published.Id;
        lock (_gate)
        {
            if (_head is not null && published.Number <= _number)
            {
                return;
            }

            _number = published.Number;
            try
            {
                if (_head is not null && _head != head)
                {
                    Extend(head, cancellationToken);
                }

                if (_head is null)
                {
                    _repository = GitLibrary.Open(layout);
                    _older = Walk(_repository, head, null).GetEnumerator();
                    _head = _olderOfLine = head;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Forget();
                throw;
            }
        }
    }

    /// <summary>The changes, newest first; of one machine, or all.</summary>
    /// <param name="serial">The machine; null: all.</param>
    /// <param name="query">What else is asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="ordinal">Of the commit that the query's <see cref="HistoryQuery.Before"/> names, also the changes before this one; null: none of them.</param>
    public IEnumerable<IndexedChange> Changes(Serial? serial, HistoryQuery query, CancellationToken cancellationToken, int? ordinal = null)
    {
        var end = (Commit: query.Before is { } before ? PositionOf(before, cancellationToken) : int.MaxValue, Ordinal: ordinal ?? 0);
        int? cursor = null;
        var forgotten = Volatile.Read(ref _forgotten);
        while (Next(serial, query, end, forgotten, ref cursor, cancellationToken) is { } change)
        {
            yield return change;
        }
    }

    /// <summary>Where the branch stood at a time; null before its first commit. What was merged later from another was not there yet.</summary>
    public ObjectId? CommitAt(DateTimeOffset time, CancellationToken cancellationToken)
    {
        var seconds = time.ToUnixTimeSeconds();
        if (Find(c => c.IsOfLine && c.Seconds <= seconds, cancellationToken) is { } position)
        {
            return At(position);
        }

        // Older than what is held, or lost from sight at a merge because clocks went wrong: parent by parent.
        using var repository = GitLibrary.Open(layout);
        for (var id = OlderOfLine(); id is not null && repository.Lookup<Commit>(id) is { } commit; id = commit.Parents.FirstOrDefault()?.Id)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (commit.Committer.When.ToUnixTimeSeconds() <= seconds)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Whether a commit is in the history.</summary>
    public bool Has(ObjectId commit, CancellationToken cancellationToken)
    {
        var wanted = IndexedCommit.Of(commit);
        return Find(c => c.IsSame(wanted), cancellationToken) is not null;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Forget();
        }
    }

    private IndexedChange? Next(Serial? serial, HistoryQuery query, (int Commit, int Ordinal) end, int forgotten, ref int? cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (forgotten != _forgotten)
                {
                    throw new StoreUnavailableException("The history was reset by hand while it was read. Try again.");
                }

                var own = serial is { } s ? _bySerial.GetValueOrDefault(s) : null;
                var (newest, oldest) = serial is null ? (_entries.Newest, _entries.Oldest) : own is null ? (-1, 0) : (own.Newest, own.Oldest);
                for (cursor ??= newest; cursor >= oldest; cursor--)
                {
                    var position = own is null ? cursor.Value : own[cursor.Value];
                    var entry = _entries[position];
                    if ((entry.Commit < end.Commit || (entry.Commit == end.Commit && entry.Ordinal < end.Ordinal)) && Fits(entry, query))
                    {
                        cursor--;
                        return new IndexedChange(_commits[entry.Commit].Id, entry.Ordinal, position, entry.Commit);
                    }
                }

                // A machine that was not met yet begins where its first change will be.
                cursor = own is null && serial is not null ? null : cursor;
                if (!Pull(cancellationToken))
                {
                    return null;
                }
            }
        }
    }

    private bool Fits(Entry entry, HistoryQuery query)
    {
        if (query.Who is { } who && (!_whoIds.TryGetValue(who, out var id) || entry.Who != id))
        {
            return false;
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(_commits[entry.Commit].Seconds);
        return (query.Since is not { } since || at >= since) && (query.Until is not { } until || at < until);
    }

    private int PositionOf(string id, CancellationToken cancellationToken)
    {
        if (!ObjectId.TryParse(id, out var commit))
        {
            throw new NoSuchChangeException($"The history has no change {id}.");
        }

        var wanted = IndexedCommit.Of(commit);
        return Find(c => c.IsSame(wanted), cancellationToken) ?? throw new NoSuchChangeException($"The history has no change {id}.");
    }

    private int? Find(Func<IndexedCommit, bool> fits, CancellationToken cancellationToken)
    {
        int? cursor = null;
        while (true)
        {
            lock (_gate)
            {
                for (cursor ??= _commits.Newest; cursor >= _commits.Oldest; cursor--)
                {
                    if (fits(_commits[cursor.Value]))
                    {
                        return cursor;
                    }
                }

                if (!Pull(cancellationToken))
                {
                    return null;
                }
            }
        }
    }

    private ObjectId? OlderOfLine()
    {
        lock (_gate)
        {
            return _olderOfLine;
        }
    }

    private ObjectId At(int position)
    {
        lock (_gate)
        {
            return _commits[position].Id;
        }
    }

    // A few at a time, so that nobody else waits long.
    private bool Pull(CancellationToken cancellationToken)
    {
        const int AtOnce = 64;
        cancellationToken.ThrowIfCancellationRequested();
        if (_isComplete || _older is null)
        {
            return false;
        }

        try
        {
            for (var i = 0; i < AtOnce; i++)
            {
                if (_entries.Count >= Most || !_older.MoveNext())
                {
                    _isComplete = true;
                    CloseWalk();
                    return i > 0;
                }

                Add(_repository!, _older.Current, IsOfLine(_older.Current, ref _olderOfLine), isNewest: false);
            }

            return true;
        }
        catch
        {
            Forget();
            throw;
        }
    }

    private void Extend(ObjectId head, CancellationToken cancellationToken)
    {
        using var repository = GitLibrary.Open(layout);
        var (from, to) = (repository.Lookup<Commit>(_head), repository.Lookup<Commit>(head));
        if (from is null || to is null || repository.ObjectDatabase.FindMergeBase(from, to)?.Id != _head || _entries.Count > Most + (Most / 4))
        {
            Forget();
            return;
        }

        ObjectId? ofLine = head;
        var newer = Walk(repository, head, _head).Select(c => (c.Id, IsOfLine: IsOfLine(c, ref ofLine))).ToList();
        if (ofLine != _head)
        {
            // Merged the other way round: the branch was put upon another line than it stood on.
            Forget();
            return;
        }

        for (var i = newer.Count - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(repository, repository.Lookup<Commit>(newer[i].Id), newer[i].IsOfLine, isNewest: true);
            _head = newer[i].Id;
        }

        _head = head;
    }

    // A commit comes before its parents, and the first of those is where the branch stood.
    private static bool IsOfLine(Commit commit, ref ObjectId? next)
    {
        if (commit.Id != next)
        {
            return false;
        }

        next = commit.Parents.FirstOrDefault()?.Id;
        return true;
    }

    private void Add(Repository repository, Commit commit, bool isOfLine, bool isNewest)
    {
        var changes = CommitChanges.Of(repository, commit);
        var commitPosition = _commits.Add(
            IndexedCommit.Of(commit.Id) with { Seconds = commit.Committer.When.ToUnixTimeSeconds(), IsOfLine = isOfLine }, isNewest);
        for (var i = 0; i < changes.Count; i++)
        {
            var ordinal = isNewest ? i : changes.Count - 1 - i;
            var change = changes[ordinal];
            var position = _entries.Add(new Entry(commitPosition, ordinal, WhoId(change.Who)), isNewest);
            if (change.Serial is { } serial)
            {
                if (!_bySerial.TryGetValue(serial, out var own))
                {
                    _bySerial.Add(serial, own = new TwoEndedList<int>());
                }

                own.Add(position, isNewest);
            }
        }
    }

    private int WhoId(string who)
    {
        if (!_whoIds.TryGetValue(who, out var id))
        {
            _whoIds.Add(who, id = _whos.Count);
            _whos.Add(who);
        }

        return id;
    }

    // By time, and no commit before the one that follows it, though they share a second; without reading all of it first.
    private static IEnumerable<Commit> Walk(Repository repository, ObjectId from, ObjectId? without) => repository.Commits.QueryBy(new CommitFilter
    {
        IncludeReachableFrom = from,
        ExcludeReachableFrom = without,
        SortBy = CommitSortStrategies.None,
    });

    private void CloseWalk()
    {
        _older?.Dispose();
        _repository?.Dispose();
        (_older, _repository) = (null, null);
    }

    private void Forget()
    {
        CloseWalk();
        _forgotten++;
        (_head, _olderOfLine, _isComplete) = (null, null, false);
        (_commits, _entries) = (new TwoEndedList<IndexedCommit>(), new TwoEndedList<Entry>());
        _bySerial.Clear();
        _whoIds.Clear();
        _whos.Clear();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Commit, int Ordinal, int Who);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct IndexedCommit(UInt128 First, uint Last)
    {
        public long Seconds { get; init; }

        public bool IsOfLine { get; init; }

        public ObjectId Id
        {
            get
            {
                var raw = new byte[20];
                BinaryPrimitives.WriteUInt128BigEndian(raw, First);
                BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(16), Last);
                return new ObjectId(raw);
            }
        }

        public static IndexedCommit Of(ObjectId id) =>
            new(BinaryPrimitives.ReadUInt128BigEndian(id.RawId), BinaryPrimitives.ReadUInt32BigEndian(id.RawId.AsSpan(16)));

        public bool IsSame(IndexedCommit other) => First == other.First && Last == other.Last;
    }
}
