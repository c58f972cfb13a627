namespace Mayu.Server.Api.Idempotency;

/// <summary>
/// The answers to requests that carried a key, for who asks again because the first answer did not arrive (draft-ietf-httpapi-idempotency-key-header). They are in
/// memory, so a restart forgets them. Safe from any thread.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="limits">How many and how much; null: as the server has them.</param>
internal sealed class IdempotencyKeys(TimeProvider clock, IdempotencyLimits? limits = null)
{
    private readonly IdempotencyLimits _limits = limits ?? new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Caller, string Key), LinkedListNode<Entry>> _known = [];
    private readonly Dictionary<string, int> _ofCaller = new(StringComparer.Ordinal);

    // Those that were begun first come first.
    private readonly LinkedList<Entry> _byAge = [];
    private long _bytes;

    /// <summary>Begins a request, unless one with this key was begun already.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The key.</param>
    /// <param name="request">What is asked: another text for each other request.</param>
    /// <returns>What is known of the key; and the answer, which is null where it was too long to be kept.</returns>
    public (IdempotencyState State, KeptAnswer? Answer) Begin(string caller, string key, string request)
    {
        lock (_gate)
        {
            var known = _known.GetValueOrDefault((caller, key));
            if (known is { Value: var entry } && !HasEnded(entry))
            {
                return entry.Request != request ? (IdempotencyState.OfAnother, null)
                    : entry.IsRunning ? (IdempotencyState.Running, null)
                    : (IdempotencyState.Answered, entry.Answer);
            }

            if (known is not null)
            {
                Remove(known);
            }

            if (!TryMakeRoom(caller))
            {
                return (IdempotencyState.Full, null);
            }

            _known.Add((caller, key), _byAge.AddLast(new Entry(caller, key, request)));
            _ofCaller[caller] = _ofCaller.GetValueOrDefault(caller) + 1;
            return (IdempotencyState.Begun, null);
        }
    }

    /// <summary>The request that was begun was answered.</summary>
    /// <param name="caller">Who asked.</param>
    /// <param name="key">The key.</param>
    /// <param name="answer">The answer; null: it is not kept, and the key may be used again.</param>
    /// <param name="lifetime">How long it is kept.</param>
    public void End(string caller, string key, KeptAnswer? answer, TimeSpan lifetime)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue((caller, key), out var node))
            {
                return;
            }

            if (answer is null)
            {
                Remove(node);
                return;
            }

            var entry = node.Value;
            // Who asks again is told that it was done, at least.
            entry.Answer = answer.Length <= _limits.MaxAnswerBytes ? answer : null;
            (entry.IsRunning, entry.Ends) = (false, clock.GetUtcNow() + lifetime);
            _bytes += entry.Length;
            while (_bytes > _limits.MaxBytes && FindOldest(static _ => true) is { } oldest)
            {
                Remove(oldest);
            }
        }
    }

    /// <summary>Forgets what is older than it is kept for: a secret may be in it.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            for (var node = _byAge.First; node is not null;)
            {
                var next = node.Next;
                if (HasEnded(node.Value))
                {
                    Remove(node);
                }

                node = next;
            }
        }
    }

    private bool HasEnded(Entry entry) => !entry.IsRunning && entry.Ends <= clock.GetUtcNow();

    // One caller's keys drive out none but its own. Those that run stay: they are not forgotten while they act.
    private bool TryMakeRoom(string caller) =>
        (_ofCaller.GetValueOrDefault(caller) < _limits.MaxKeysPerCaller || TryRemoveOldest(entry => entry.Caller == caller))
        && (_known.Count < _limits.MaxKeys || TryRemoveOldest(static _ => true));

    private bool TryRemoveOldest(Func<Entry, bool> isMeant)
    {
        if (FindOldest(isMeant) is not { } oldest)
        {
            return false;
        }

        Remove(oldest);
        return true;
    }

    private LinkedListNode<Entry>? FindOldest(Func<Entry, bool> isMeant)
    {
        for (var node = _byAge.First; node is not null; node = node.Next)
        {
            if (!node.Value.IsRunning && isMeant(node.Value))
            {
                return node;
            }
        }

        return null;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        var entry = node.Value;
        _byAge.Remove(node);
        _known.Remove((entry.Caller, entry.Key));
        _bytes -= entry.Length;
        if (--_ofCaller[entry.Caller] == 0)
        {
            _ofCaller.Remove(entry.Caller);
        }
    }

    private sealed class Entry(string caller, string key, string request)
    {
        public string Caller => caller;

        public string Key => key;

        public string Request => request;

        public bool IsRunning { get; set; } = true;

        public DateTimeOffset Ends { get; set; }

        public KeptAnswer? Answer { get; set; }

        public int Length => Answer?.Length ?? 0;
    }
}

/// <summary>How many keys and answers are kept.</summary>
internal sealed record IdempotencyLimits
{
    /// <summary>Keys of all callers.</summary>
    public int MaxKeys { get; init; } = 10_000;

    /// <summary>Keys of one caller.</summary>
    public int MaxKeysPerCaller { get; init; } = 1000;

    /// <summary>Bytes of all answers.</summary>
    public long MaxBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one answer.</summary>
    public int MaxAnswerBytes { get; init; } = 4 << 20;
}

/// <summary>What is known of a key.</summary>
internal enum IdempotencyState
{
    /// <summary>It is new, and the request may run.</summary>
    Begun,

    /// <summary>The request with it runs.</summary>
    Running,

    /// <summary>It was used for another request.</summary>
    OfAnother,

    /// <summary>The request with it was answered.</summary>
    Answered,

    /// <summary>So many requests run that no key is free.</summary>
    Full,
}
