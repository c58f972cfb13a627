using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Changes machines and pins in the operator's name. Each is one change in the history, with the token's name and the reason.</summary>
internal sealed class MachineChanges(IMachineStore store, BootDecisions decisions, BootTrace trace, MachineDirectory directory, string token)
{
    /// <summary>The longest reason of a change, in characters.</summary>
    public const int MaxReason = 1000;

    /// <summary>Changes something.</summary>
    public Task<ChangeOutcome> ChangeAsync(string? reason, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) =>
        reason is { Length: > MaxReason }
            ? Task.FromResult(new ChangeOutcome(null, new Refusal(RefusalReason.Invalid, $"The reason has {reason.Length} characters; at most {MaxReason} are allowed.")))
            : store.ChangeAsync(new Author(token, reason), decide, cancellationToken);

    /// <summary>Changes a machine.</summary>
    public async Task<ChangeOutcome> ChangeAsync(
        Serial serial, string? reason, Func<ClusterSnapshot, Machine, Proposal> decide, CancellationToken cancellationToken)
    {
        Machine? former = null;
        var outcome = await ChangeAsync(
            reason,
            snapshot => (former = snapshot.Find(serial)) is { } machine ? decide(snapshot, machine) : new Proposal.Refuse(directory.NotFound(serial)),
            cancellationToken);
        if (outcome.Refusal is null)
        {
            ForgetClaims(former!, outcome.Machine!);
        }

        return outcome;
    }

    /// <summary>Takes a machine's record back to what it was at a point, which has a name in the history.</summary>
    public async Task<ChangeOutcome> RollBackAsync(Serial serial, HistoryPoint point, string name, string? reason, CancellationToken cancellationToken)
    {
        var earlier = await store.MachineAtAsync(serial, point, cancellationToken);
        var deletedAs = earlier is null || store.Current.Find(serial) is not null ? null : await StateWhenDeletedAsync(serial, cancellationToken);
        var isRestored = false;
        var outcome = await ChangeAsync(
            reason,
            snapshot =>
            {
                isRestored = snapshot.Find(serial) is null;
                return Rollback.Decide(snapshot, serial, earlier, name, deletedAs);
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
    public async Task<ChangeOutcome> DeleteAsync(Serial serial, bool force, string? reason, CancellationToken cancellationToken)
    {
        var outcome = await ChangeAsync(serial, reason, (_, machine) => OperatorChanges.Delete(machine, force), cancellationToken);
        if (outcome.Refusal is null)
        {
            // Else it would stay in the list as a machine that was seen and has no record yet.
            trace.Forget(serial);
        }

        return outcome;
    }

    /// <summary>Forgets a machine that was seen booting and has no record.</summary>
    /// <returns>How it was seen; null where it has a record, or was not seen.</returns>
    public Contracts.Machine? ForgetSighted(Serial serial)
    {
        if (store.Current.Find(serial) is not null || directory.Find(serial) is not { } sighted)
        {
            return null;
        }

        trace.Forget(serial);
        return sighted;
    }

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
