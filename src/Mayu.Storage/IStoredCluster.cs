using System.Collections.Immutable;
using Mayu.Core.Machines;

namespace Mayu.Storage;

/// <summary>What readers see, swapped as one.</summary>
/// <param name="Snapshot">The machines and pins.</param>
/// <param name="Quarantined">What could not be read, each named.</param>
internal sealed record PublishedState(ClusterSnapshot Snapshot, ImmutableArray<QuarantinedRecord> Quarantined);

/// <summary>Somebody else committed, or edited a record: what changed must be read before anything is decided again.</summary>
internal sealed class HandsAtWorkException(string message) : IOException(message);

/// <summary>A cluster directory in the hands of its one writer. Only <see cref="Published"/> may be read by others.</summary>
internal interface IStoredCluster : IDisposable
{
    /// <summary>The newest committed state.</summary>
    PublishedState Published { get; }

    /// <summary>Whether memory and disk may disagree, so that <see cref="CatchUpAsync"/> must come before the next commit.</summary>
    bool IsBehind { get; }

    /// <summary>Whether there is work for a time when no change waits.</summary>
    bool HasIdleWork { get; }

    /// <summary>Does that work. False: it could not be done now, ask again later.</summary>
    /// <exception cref="IOException">It failed; nothing rests on it.</exception>
    bool DoIdleWork();

    /// <summary>Reads again what may have changed, and publishes it.</summary>
    /// <exception cref="IOException">It cannot be read, or not be made to agree.</exception>
    Task CatchUpAsync();

    /// <summary>Looks for what hands did: a slice of the machines at a time, so that it costs little. Afterwards <see cref="IsBehind"/> tells.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    void Look();

    /// <summary>The store's own objection to a proposal.</summary>
    Refusal? Guard(Proposal proposal);

    /// <summary>Makes a batch durable and publishes it.</summary>
    /// <exception cref="HandsAtWorkException">Somebody else was at work: catch up and decide again.</exception>
    /// <exception cref="IOException">Nothing was changed.</exception>
    Task CommitAsync(ChangeBatch batch);

    /// <summary>Writes and flushes something of no meaning, to see whether a change would go through now.</summary>
    /// <exception cref="IOException">It would not.</exception>
    void Probe();
}
