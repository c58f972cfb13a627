using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Folders;

/// <summary>
/// Changes that waited together, decided one after the other: each sees what those before it did. Nothing is answered and
/// nothing published before the whole batch is durable.
/// </summary>
/// <param name="start">The newest committed state.</param>
/// <param name="guard">The store's own objection to a proposal, if it has one.</param>
internal sealed class ChangeBatch(ClusterSnapshot start, Func<Proposal, Refusal?> guard)
{
    private readonly List<(PendingChange Change, ChangeOutcome Outcome)> _outcomes = [];
    private readonly List<(Author Author, Proposal Step)> _steps = [];

    /// <summary>The state with all decided changes in it.</summary>
    public ClusterSnapshot Snapshot { get; private set; } = start;

    /// <summary>What is to be made durable, in its order; a machine may be there more than once.</summary>
    public IReadOnlyList<(Author Author, Proposal Step)> Steps => _steps;

    /// <summary>Whether pins come or go.</summary>
    public bool ChangesPins { get; private set; }

    /// <summary>Asks one change for its decision. A decision that throws fails that change alone.</summary>
    public void Decide(PendingChange change)
    {
        Proposal proposal;
        try
        {
            proposal = change.Decide(Snapshot);
            if ((Objection(proposal) ?? guard(proposal)) is { } objection)
            {
                proposal = new Proposal.Refuse(objection);
            }
        }
        catch (Exception e)
        {
            change.Fail(e);
            return;
        }

        if (Take(proposal) is { } outcome)
        {
            _outcomes.Add((change, outcome));
            if (proposal is not (Proposal.Nothing or Proposal.Refuse))
            {
                _steps.Add((change.Author, proposal));
            }
        }
        else
        {
            change.Fail(new InvalidOperationException($"A decision returned {proposal?.GetType().Name ?? "null"}, which the store does not support."));
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

    private ChangeOutcome? Take(Proposal proposal)
    {
        switch (proposal)
        {
            case Proposal.Put put:
                Snapshot = Snapshot.With(put.Machine);
                foreach (var key in put.Fulfils)
                {
                    ChangesPins |= Snapshot.FindPin(key) is not null;
                    Snapshot = Snapshot.Without(key);
                }

                return put.Refusal is { } told ? new ChangeOutcome(null, told) : new ChangeOutcome(put.Machine, null);
            case Proposal.Delete delete:
                Snapshot = Snapshot.Without(delete.Machine.Serial);
                return new ChangeOutcome(delete.Machine, null);
            case Proposal.PutPin put:
                (Snapshot, ChangesPins) = (Snapshot.With(put.Pin), true);
                return new ChangeOutcome(null, null);
            case Proposal.DeletePin delete:
                (Snapshot, ChangesPins) = (Snapshot.Without(delete.Key), true);
                return new ChangeOutcome(null, null);
            case Proposal.Nothing nothing:
                return new ChangeOutcome(nothing.Machine, null);
            case Proposal.Refuse refuse:
                return new ChangeOutcome(null, refuse.Refusal);
            default:
                return null;
        }
    }

    // The last line of defence for promise 2; a decision that asks for a taken address is at fault itself.
    private Refusal? Objection(Proposal proposal) => proposal switch
    {
        Proposal.Put put => put.Machine.Addresses.Select(address => Objection(put, address)).FirstOrDefault(o => o is not null),
        Proposal.Delete delete when Snapshot.Find(delete.Machine.Serial) is null =>
            new Refusal(RefusalReason.NotFound, $"There is no machine {delete.Machine.Serial}."),
        Proposal.PutPin { Pin: { Address: { } address } pin } => Objection(pin, address),
        Proposal.DeletePin delete when Snapshot.FindPin(delete.Key) is null => new Refusal(RefusalReason.NotFound, $"There is no pin {delete.Key}."),
        _ => null,
    };

    private Refusal? Objection(Proposal.Put put, Ipv4 address)
    {
        var next = put.Machine;
        if (Snapshot.TryFindOwner(address, out var owner))
        {
            // What a machine has already it keeps, whatever was pinned since by hand.
            return owner.Serial == next.Serial ? null
                : new Refusal(RefusalReason.Conflict, $"Machine {next.Serial} cannot get the address {address}: it belongs to machine {owner.Serial}.");
        }

        return Snapshot.FindPin(address) is { } pin && !KeysOf(next).Contains(pin.Key) && !put.Fulfils.Contains(pin.Key)
            ? new Refusal(RefusalReason.Conflict, $"Machine {next.Serial} cannot get the address {address}: it is reserved for {pin.Key}.")
            : null;
    }

    private Refusal? Objection(Pin pin, Ipv4 address)
    {
        if (Snapshot.TryFindOwner(address, out var owner) && !KeysOf(owner).Contains(pin.Key))
        {
            return new Refusal(RefusalReason.Conflict, $"The address {address} cannot be reserved for {pin.Key}: it belongs to machine {owner.Serial}.");
        }

        return Snapshot.FindPin(address) is { } other && other.Key != pin.Key
            ? new Refusal(RefusalReason.Conflict, $"The address {address} cannot be reserved for {pin.Key}: it is reserved for {other.Key}.")
            : null;
    }

    private static IEnumerable<PinKey> KeysOf(Machine machine) => PinKey.Of(machine.Serial, machine.Uuid, machine.MacAddresses);
}
