using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>The commit that readers see. Who was told of it some time ago can tell by the number that there is a newer one: HEAD may be moved back.</summary>
/// <param name="Id">The commit.</param>
/// <param name="Number">Grows with each that is published.</param>
internal sealed record PublishedCommit(ObjectId Id, long Number);

/// <summary>Answers questions to the history out of commits and records.</summary>
internal sealed class CommitHistory(ClusterLayout layout, Func<PublishedCommit?> newest) : IAsyncDisposable
{
    // So many commits the index may be behind before it follows by itself; a question makes up for the rest in milliseconds.
    private const int FollowEvery = 256;

    // A question that no index answers reads two records for each change: at ten thousand machines some milliseconds.
    private const int MostCompared = 5_000;

    private readonly HistoryIndex _index = new(layout);
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private int _noted;
    private volatile bool _isAsked;

    /// <summary>How many changes the index holds.</summary>
    public int Indexed => _index.Count;

    /// <summary>A commit was made. By the writer alone, and it never waits: once somebody has asked, the index follows beside it.</summary>
    public void Note()
    {
        if (_isAsked && ++_noted >= FollowEvery && _following.IsCompleted)
        {
            _noted = 0;
            _following = Task.Run(Follow);
        }
    }

    /// <summary>The changes from a commit backwards, newest first.</summary>
    /// <exception cref="StoreUnavailableException">There is no such change, or the question asks for too much.</exception>
    public IReadOnlyList<Change> Read(PublishedCommit head, HistoryQuery query, CancellationToken cancellationToken)
    {
        MoveTo(head, cancellationToken);
        using var repository = GitLibrary.Open(layout);
        var page = HistoryPage.Of(query.Before);
        query = page is { Id: var before } ? query with { Before = Find(repository, before, cancellationToken).Sha } : query;
        var answer = new List<Change>();
        var compared = 0;
        (ObjectId? Id, IReadOnlyList<Change> Changes) last = (null, []);
        foreach (var found in _index.Changes(query.Serial, query, cancellationToken, page?.Ordinal))
        {
            var commit = repository.Lookup<Commit>(found.Commit);
            last = last.Id == found.Commit ? last : (found.Commit, CommitChanges.Of(repository, commit));
            var change = last.Changes[found.Ordinal];
            if (query.WithFields || query.Field is not null)
            {
                var fields = FieldsOf(commit, change);
                change = fields is { } read ? change with { Fields = read } : change with { What = change.What + " (what it changed is unknown: an object of the history is damaged)" };
                if (fields is not null && query.Field is { } name && !change.Fields.Any(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                {
                    if (++compared >= MostCompared)
                    {
                        throw new QuestionTooWideException(
                            $"More than {MostCompared} changes would have to be compared to find those of {name}. Ask for one machine, or for a shorter time.");
                    }

                    continue;
                }
            }

            answer.Add(change with { Cursor = new HistoryPage(change.Id, found.Ordinal).ToString() });
            if (answer.Count == query.Limit)
            {
                break;
            }
        }

        if (answer.Count == 0)
        {
            CheckNames(query, cancellationToken);
        }

        return answer;
    }

    // A misspelt name must not look as if nothing had happened. A field of another program's record is found above.
    private void CheckNames(HistoryQuery query, CancellationToken cancellationToken)
    {
        if (query.Field is { } field && !RecordFields.Names.Contains(field, StringComparer.OrdinalIgnoreCase))
        {
            throw new NoSuchChangeException($"Records have no field {field}. They have: {string.Join(", ", RecordFields.Names)}.");
        }

        if (query.Serial is { } serial && !_index.Changes(serial, new HistoryQuery(), cancellationToken).Any())
        {
            throw new NoSuchChangeException($"The history has no machine {serial}.");
        }
    }

    /// <summary>A machine as it stood; null when there was none then.</summary>
    /// <exception cref="StoreUnavailableException">There is no such moment, or the record cannot be read.</exception>
    public Machine? At(PublishedCommit head, Serial serial, HistoryPoint point, CancellationToken cancellationToken)
    {
        MoveTo(head, cancellationToken);
        using var repository = GitLibrary.Open(layout);
        var commit = point.Change is { } id ? Find(repository, id, cancellationToken)
            : point.At is { } at ? _index.CommitAt(at, cancellationToken) is { } found ? repository.Lookup<Commit>(found) : null
            : throw new ArgumentException("It names neither a change nor a time.", nameof(point));
        if (commit is null && File.Exists(Path.Combine(layout.GitDirectory, "shallow")))
        {
            throw new NoSuchChangeException($"The history in {layout.Directory} does not reach back that far: it is a shallow clone. `git fetch --unshallow` fetches the rest.");
        }

        if (commit is null || CommitChanges.Record(commit, serial) is not { } content)
        {
            return null;
        }

        return RecordCodec.Read(content, serial, out var problem)?.Machine
            ?? throw new StoreUnavailableException($"The record of machine {serial} in {commit.Sha[..10]} cannot be read: {problem}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
        _index.Dispose();
    }

    private void MoveTo(PublishedCommit head, CancellationToken cancellationToken)
    {
        _index.MoveTo(head, cancellationToken);
        _isAsked = true;
    }

    // Ends by itself, or when the store is closed.
    private void Follow()
    {
        try
        {
            if (newest() is { } head)
            {
                _index.MoveTo(head, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException || GitLibrary.IsTrouble(e))
        {
            // The next question begins anew, and tells what is wrong.
        }
    }

    private Commit Find(Repository repository, string id, CancellationToken cancellationToken)
    {
        const int ShortestId = 7;
        try
        {
            if (id.Length >= ShortestId && id.All(char.IsAsciiHexDigit) && repository.Lookup<Commit>(id) is { } commit && _index.Has(commit.Id, cancellationToken))
            {
                return commit;
            }
        }
        catch (AmbiguousSpecificationException e)
        {
            throw new NoSuchChangeException($"More than one change begins with {id}; give more digits.", e);
        }

        throw new NoSuchChangeException($"The history has no change {id}.");
    }

    // Null where a record cannot be read: that must not hide all other changes.
    private static ImmutableArray<FieldChange>? FieldsOf(Commit commit, Change change)
    {
        if (change.Serial is not { } serial)
        {
            return [];
        }

        try
        {
            var (old, next) = CommitChanges.Records(commit, serial);
            return FieldChanges.Between(old, next);
        }
        catch (LibGit2SharpException)
        {
            return null;
        }
    }
}
