namespace Mayu.Core.Machines;

/// <summary>
/// Where machines and their history are kept. Every implementation passes the same contract tests.
/// </summary>
public interface IMachineStore : IAsyncDisposable
{
    /// <summary>The newest committed state. Never waits.</summary>
    ClusterSnapshot Current { get; }

    /// <summary>Records that could not be read and were left aside, each named. Every other machine goes on.</summary>
    IReadOnlyList<QuarantinedRecord> Quarantined { get; }

    /// <summary>Why the last change could not be made durable; null when it could. For readiness; it goes with the next change that works.</summary>
    string? Trouble => null;

    /// <summary>
    /// The one way to change a machine. <paramref name="decide"/> is given the newest snapshot and says what is to change;
    /// it is pure, and is asked again when something moved meanwhile. The task ends when the change is durable and in the
    /// history, and no reader sees it before.
    /// </summary>
    /// <param name="author">Who changes it, and why.</param>
    /// <param name="decide">Snapshot in, proposal out.</param>
    /// <param name="cancellationToken">Gives up waiting; a change that was begun is still finished.</param>
    /// <exception cref="StoreUnavailableException">It could not be made durable (full or broken disk); nothing was changed.</exception>
    Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken);

    /// <summary>The changes, newest first.</summary>
    /// <param name="serial">Of one machine; null: of the whole cluster.</param>
    /// <param name="limit">How many at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Change>> HistoryAsync(Serial? serial, int limit, CancellationToken cancellationToken);
}

/// <summary>A record that could not be read.</summary>
/// <param name="Name">Its file or key.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record QuarantinedRecord(string Name, string Reason);

/// <summary>Who changes a machine.</summary>
/// <param name="Who">A token's name, a machine's serial, or <c>system</c>.</param>
/// <param name="Why">The message that came with it, if any.</param>
public sealed record Author(string Who, string? Why = null)
{
    /// <summary>The machine speaks for itself.</summary>
    public static Author Of(Serial serial) => new($"machine {serial}");
}

/// <summary>One change in the history.</summary>
/// <param name="Id">Its name in the store: in a git store the commit.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Who">Who made it.</param>
/// <param name="Serial">The machine; null when its name cannot be read.</param>
/// <param name="What">What changed.</param>
/// <param name="Why">The message that came with it, if any.</param>
public sealed record Change(string Id, DateTimeOffset At, string Who, Serial? Serial, string What, string? Why);

/// <summary>The store cannot make anything durable now. The message says what is wrong and where.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>A new exception.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
