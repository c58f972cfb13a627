using System.Collections.Immutable;
using Mayu.Core.Machines;

namespace Mayu.Server.Api.Machines;

/// <summary>Several decisions about one machine as one: all of them, or none.</summary>
internal static class DecisionsInOrder
{
    /// <summary>Decides each on what the former ones made of the record. If some refuse, all their refusals are the answer.</summary>
    public static Proposal Decide(ClusterSnapshot snapshot, Machine machine, IEnumerable<Func<ClusterSnapshot, Machine, Proposal>> decisions)
    {
        var what = ImmutableArray.CreateBuilder<string>();
        var refusals = new List<Refusal>();
        foreach (var decide in decisions)
        {
            switch (decide(snapshot, machine))
            {
                case Proposal.Put put:
                    machine = put.Machine;
                    snapshot = snapshot.With(machine);
                    what.Add(put.What);
                    break;
                case Proposal.Nothing:
                    break;
                case Proposal.Refuse refused:
                    refusals.Add(refused.Refusal);
                    break;
                case var other:
                    throw new InvalidOperationException($"{other.GetType().Name} is no change of a record.");
            }
        }

        return refusals.Count > 0 ? new Proposal.Refuse(Refusal.Together(refusals))
            : what.Count == 0 ? new Proposal.Nothing(machine)
            : new Proposal.Put(machine, string.Join("; ", what));
    }
}
