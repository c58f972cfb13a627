using Mayu.Core.Machines;

namespace Mayu.Storage;

/// <summary>
/// Changes that waited together, decided one after the other: each sees what those before it did. Nothing is answered and
/// nothing published before the whole batch is durable.
/// </summary>
/// <param name="start">The newest committed state.</param>
/// <param name="guard">The store's own objection to a record, if it has one.</param>
internal sealed class ChangeBatch(ClusterSnapshot start, Func<Machine, Refusal?> guard)
{
    private readonly List<(PendingChange Change, ChangeOutcome Outcome)> _outcomes = [];
    private readonly List<(Author Author, Proposal.Put Put)> _puts = [];

    /// <summary>The state with all decided changes in it.</summary>
    public ClusterSnapshot Snapshot { get; private set; } = start;

    /// <summary>The records to be written, in their order; a machine may be there more than once.</summary>
    public IReadOnlyList<(Author Author, Proposal.Put Put)> Puts => _puts;

    /// <summary>Asks one change for its decision. A decision that throws fails that change alone.</summary>
    public void Decide(PendingChange change)
    {
        Proposal proposal;
        try
        {
            proposal = change.Decide(Snapshot);
            if (proposal is Proposal.Put put && Objection(put.Machine) is { } objection)
            {
                proposal = new Proposal.Refuse(objection);
            }
        }
        catch (Exception e)
        {
            change.Fail(e);
            return;
        }

        switch (proposal)
        {
            case Proposal.Put put:
                Snapshot = Snapshot.With(put.Machine);
                _puts.Add((change.Author, put));
                _outcomes.Add((change, new ChangeOutcome(put.Machine, null)));
                break;
            case Proposal.Nothing nothing:
                _outcomes.Add((change, new ChangeOutcome(nothing.Machine, null)));
                break;
            case Proposal.Refuse refuse:
                _outcomes.Add((change, new ChangeOutcome(null, refuse.Refusal)));
                break;
            default:
                change.Fail(new InvalidOperationException($"A decision gave {proposal?.GetType().Name ?? "null"}, which no store knows."));
                break;
        }
    }

    /// <summary>All is durable: answers everyone.</summary>
    public void Complete()
    {
        foreach (var (change, outcome) in _outcomes)
        {
            change.Complete(outcome);
        }
    }

    /// <summary>Nothing was changed: tells everyone. Refusals too, for they may rest on a change that did not come about.</summary>
    public void Fail(Exception exception)
    {
        foreach (var (change, _) in _outcomes)
        {
            change.Fail(exception);
        }
    }

    // The last line of defence for promise 2; a decision that asks for a taken address is at fault itself.
    private Refusal? Objection(Machine next)
    {
        if (next.InternalAddress is { } address && Snapshot.TryFindOwner(address, out var owner) && owner.Serial != next.Serial)
        {
            return new Refusal(RefusalReason.Conflict, $"Machine {next.Serial} cannot have the address {address}: it belongs to machine {owner.Serial}.");
        }

        return guard(next);
    }
}
