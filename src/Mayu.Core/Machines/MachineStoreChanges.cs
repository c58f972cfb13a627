namespace Mayu.Core.Machines;

/// <summary>Ways to ask a store for a change.</summary>
public static class MachineStoreChanges
{
    /// <summary>
    /// The same as <see cref="IMachineStore.ChangeAsync"/>, for what mostly changes nothing: then it is answered at once, by the newest committed state,
    /// and does not wait for changes of others.
    /// </summary>
    /// <inheritdoc cref="IMachineStore.ChangeAsync"/>
    public static Task<ChangeOutcome> ChangeIfNeededAsync(this IMachineStore store, Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decide);
        return decide(store.Current) is Proposal.Nothing nothing
            ? Task.FromResult(new ChangeOutcome(nothing.Machine, null))
            : store.ChangeAsync(author, decide, cancellationToken);
    }
}
