namespace Mayu.Server.Webhooks;

/// <summary>
/// What one receiver is to be sent, by when it is due, and what was given up. Both are bounded: where too much waits, the newest is given up at once, and where too
/// much was given up, the oldest of that is dropped and counted. Safe from any thread.
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class WebhookQueue(TimeProvider clock)
{
    /// <summary>How many messages wait at most.</summary>
    public const int MaxPending = 5000;

    /// <summary>How many dead letters are kept.</summary>
    public const int MaxDead = 1000;

    // A clock that was set meanwhile is seen after so long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WebhookDelivery> _pending = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, (DateTimeOffset Next, long Number)> _due = new();
    private readonly LinkedList<WebhookDelivery> _dead = new();
    private TaskCompletionSource _added = NewSignal();
    private long _number;
    private WebhookCounts _counts = new();

    /// <summary>Grows with each change.</summary>
    public long Changes { get; private set; }

    /// <summary>How many messages wait, or are being sent.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>What became of the messages since the start.</summary>
    public WebhookCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }
    }

    /// <summary>The dead letters, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Dead
    {
        get
        {
            lock (_gate)
            {
                return [.. _dead];
            }
        }
    }

    /// <summary>What is kept.</summary>
    public WebhookState Save()
    {
        lock (_gate)
        {
            return new WebhookState { Version = WebhookState.Known, Pending = [.. _pending.Values], Dead = [.. _dead] };
        }
    }

    /// <summary>Takes what was kept. What waited is due at once.</summary>
    public void Load(WebhookState state)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var one in state.Pending.OfType<WebhookDelivery>().Take(MaxPending))
            {
                // A clock that was set must not have it wait for years.
                Put(one with { Next = one.Next <= now + WebhookPauses.Longest ? one.Next : now });
            }

            foreach (var one in state.Dead.OfType<WebhookDelivery>().TakeLast(MaxDead))
            {
                _dead.AddLast(one);
            }
        }
    }

    /// <summary>Adds a message.</summary>
    public void Add(WebhookDelivery message)
    {
        lock (_gate)
        {
            if (_pending.Count < MaxPending)
            {
                Put(message);
            }
            else
            {
                Bury(message with { Error = $"{MaxPending} messages waited already" });
            }
        }
    }

    /// <summary>The next message, when it is due. Nobody else gets it until <see cref="Delivered"/> or <see cref="Failed"/> is called.</summary>
    public async Task<WebhookDelivery> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            Task added;
            TimeSpan pause;
            lock (_gate)
            {
                var isThere = _due.TryPeek(out var id, out var due);
                pause = isThere ? due.Next - clock.GetUtcNow() : LongestWait;
                // What would be due much later is so since the clock was set back.
                if (isThere && (pause <= TimeSpan.Zero || pause > WebhookPauses.Longest))
                {
                    _due.Dequeue();
                    return _pending[id!];
                }

                added = _added.Task;
            }

            await WaitAsync(added, pause < LongestWait ? pause : LongestWait, stopping);
        }
    }

    /// <summary>The receiver has it.</summary>
    public void Delivered(WebhookDelivery message)
    {
        lock (_gate)
        {
            Changes++;
            _pending.Remove(message.Id);
            _counts = _counts with { Delivered = _counts.Delivered + 1, LastDelivered = clock.GetUtcNow() };
        }
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">Why.</param>
    /// <param name="pause">How long until the next one; null: it is given up.</param>
    public void Failed(WebhookDelivery message, string error, TimeSpan? pause)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var tried = message with { Attempts = message.Attempts + 1, Error = error };
            _counts = _counts with { Failed = _counts.Failed + 1, LastFailed = now, LastError = error };
            _pending.Remove(message.Id);
            if (pause is { } wait)
            {
                Put(tried with { Next = now + wait });
            }
            else
            {
                Bury(tried);
            }
        }
    }

    /// <summary>Sends dead letters again.</summary>
    /// <param name="ids">Which; null: all.</param>
    /// <returns>How many there were of them.</returns>
    public int Retry(IReadOnlySet<string>? ids)
    {
        lock (_gate)
        {
            var count = 0;
            for (var node = _dead.First; node is not null && _pending.Count < MaxPending;)
            {
                var (one, next) = (node.Value, node.Next);
                if (ids?.Contains(one.Id) != false)
                {
                    _dead.Remove(node);
                    Put(one with { Attempts = 0, Died = null, Next = clock.GetUtcNow() });
                    count++;
                }

                node = next;
            }

            return count;
        }
    }

    private void Put(WebhookDelivery message)
    {
        Changes++;
        _pending[message.Id] = message;
        _due.Enqueue(message.Id, (message.Next, _number++));
        var added = _added;
        _added = NewSignal();
        added.SetResult();
    }

    private void Bury(WebhookDelivery message)
    {
        Changes++;
        _dead.AddLast(message with { Died = clock.GetUtcNow() });
        _counts = _counts with { Dead = _counts.Dead + 1 };
        if (_dead.Count > MaxDead)
        {
            _dead.RemoveFirst();
            _counts = _counts with { Dropped = _counts.Dropped + 1 };
        }
    }

    private async Task WaitAsync(Task added, TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await added.WaitAsync(pause, clock, stopping);
        }
        catch (TimeoutException)
        {
            // One may be due.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What became of messages since the start.</summary>
internal sealed record WebhookCounts
{
    /// <summary>The receiver has them.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Messages that were given up.</summary>
    public long Dead { get; init; }

    /// <summary>Dead letters that were dropped for newer ones.</summary>
    public long Dropped { get; init; }

    public DateTimeOffset? LastDelivered { get; init; }

    public DateTimeOffset? LastFailed { get; init; }

    public string? LastError { get; init; }
}
