using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>Changes machines and pins in a caller's name. Each is one change in the history, with the token's name and the reason.</summary>
internal sealed class MachineChanges(IMachineStore store, BootDecisions decisions, BootTrace trace, MachineDirectory directory)
{
    /// <summary>The longest reason of a change, in characters.</summary>
    public const int MaxReason = 1000;

    /// <summary>Why a reason cannot be one; null: it can.</summary>
    public static Refusal? RefuseReason(string? reason) => reason is { Length: > MaxReason and var length }
        ? new Refusal(RefusalReason.Invalid, $"The reason has {length} characters; at most {MaxReason} are allowed.").Of("reason")
        : null;

    /// <summary>Changes something that is not about one machine.</summary>
    public Task<ChangeOutcome> ChangeAsync(ChangeOrder order, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) =>
        order.Caller.RefuseForAll() is { } refusal ? Task.FromResult(new ChangeOutcome(null, refusal)) : CommitAsync(order, decide, cancellationToken);

    /// <summary>What would become of a change of a machine.</summary>
    public static Proposal Foresee(ClusterSnapshot snapshot, Machine machine, ChangeOrder order, Func<ClusterSnapshot, Machine, Proposal> decide) =>
        order.Refuse(machine) is { } refusal ? new Proposal.Refuse(refusal) : Allowed(order, machine, decide(snapshot, machine));

    /// <summary>Changes a machine.</summary>
    public async Task<ChangeOutcome> ChangeAsync(
        Serial serial, ChangeOrder order, Func<ClusterSnapshot, Machine, Proposal> decide, CancellationToken cancellationToken)
    {
        Machine? former = null;
        var outcome = await CommitAsync(
            order,
            snapshot => (former = snapshot.Find(serial)) is { } machine ? Foresee(snapshot, machine, order, decide) : new Proposal.Refuse(directory.NotFound(serial)),
            cancellationToken);
        if (outcome.Refusal is null)
        {
            ForgetClaims(former!, outcome.Machine!);
            if (store.Current.Find(serial) is null)
            {
                // Else it would stay in the list as a machine that was seen and has no record yet.
                trace.Forget(serial);
            }
        }

        return outcome;
    }

    /// <summary>Takes a machine's record back to what it was at a point, which has a name in the history.</summary>
    public async Task<ChangeOutcome> RollBackAsync(Serial serial, HistoryPoint point, string name, ChangeOrder order, CancellationToken cancellationToken)
    {
        var earlier = await store.MachineAtAsync(serial, point, cancellationToken);
        var deletedAs = earlier is null || store.Current.Find(serial) is not null ? null : await StateWhenDeletedAsync(serial, cancellationToken);
        var isRestored = false;
        var outcome = await CommitAsync(
            order,
            snapshot =>
            {
                var former = snapshot.Find(serial);
                isRestored = former is null;
                return (former is null ? null : order.Refuse(former)) is { } refusal
                    ? new Proposal.Refuse(refusal)
                    : Allowed(order, former, Rollback.Decide(snapshot, serial, earlier, name, deletedAs));
            },
            cancellationToken);
        if (outcome.Refusal is null && isRestored)
        {
            // Its cards were nobody's for a while, and may have been said to be anybody's.
            decisions.Forget(outcome.Machine!.MacAddresses);
        }

        return outcome;
    }

    /// <summary>Deletes a machine's record.</summary>
    public Task<ChangeOutcome> DeleteAsync(Serial serial, bool force, ChangeOrder order, CancellationToken cancellationToken) =>
        ChangeAsync(serial, order, (_, machine) => OperatorChanges.Delete(machine, force), cancellationToken);

    /// <summary>Forgets a machine that was seen booting and has no record.</summary>
    /// <returns>How it was seen; null where it has a record, was not seen, or is not the caller's to forget.</returns>
    public Contracts.Machine? ForgetSighted(Serial serial, Caller caller)
    {
        if (store.Current.Find(serial) is not null || directory.Find(serial) is not { } sighted || caller.RefuseForAll() is not null)
        {
            return null;
        }

        trace.Forget(serial);
        return sighted;
    }

    private Task<ChangeOutcome> CommitAsync(ChangeOrder order, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) =>
        RefuseReason(order.Reason) is { } refusal
            ? Task.FromResult(new ChangeOutcome(null, refusal))
            : store.ChangeAsync(new Author(order.Caller.Name, order.Reason), decide, cancellationToken);

    // Neither may a change take a machine out of the caller's reach.
    private static Proposal Allowed(ChangeOrder order, Machine? former, Proposal proposal) =>
        proposal is Proposal.Put put && order.Caller.RefuseChange(former, put.Machine) is { } refusal ? new Proposal.Refuse(refusal) : proposal;

    private async Task<MachineState?> StateWhenDeletedAsync(Serial serial, CancellationToken cancellationToken)
    {
        var last = await store.HistoryAsync(new HistoryQuery { Serial = serial, Field = "State", Limit = 1 }, cancellationToken);
        return last is [var change] && Lifecycle.TryParseState(change.Fields.First(f => f.Name == "State").Old?.Trim('"'), out var state) ? state : null;
    }

    // An operator's word about who a machine is holds at once: what was heard before, from it and from who claimed to be it, does not.
    private void ForgetClaims(Machine former, Machine now)
    {
        if (store.Current.Find(now.Serial) is null || former.Uuid != now.Uuid || !former.MacAddresses.SequenceEqual(now.MacAddresses)
            || former.SaidSerial != now.SaidSerial || former.SharesSerial != now.SharesSerial || former.SharesUuid != now.SharesUuid)
        {
            decisions.Forget(former.MacAddresses.Concat(now.MacAddresses).Concat(former.Conflict?.MacAddresses ?? []));
        }
        else if (former.Conflict is { } claim && now.Conflict is null)
        {
            // Of no interest: it is in the list again when it comes back.
            decisions.Forget(claim.MacAddresses.Where(mac => trace.SerialOf(mac) != now.Serial));
        }
    }
}
