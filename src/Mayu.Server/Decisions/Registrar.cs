using System.Security.Cryptography;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Server.Decisions;

/// <summary>Registers machines: who sends facts gets its record, its profile and an address that nobody else uses.</summary>
internal sealed class Registrar(
    IMachineStore store, Func<ClusterPlan> plan, BootDecisions decisions, OccupiedAddresses occupied, ReportPace pace, TimeProvider clock)
{
    /// <summary>Takes the facts in.</summary>
    public async Task<RegistrationOutcome> RegisterAsync(FactsReceived facts, CancellationToken cancellationToken)
    {
        // All that the hardware says: what somebody else said with its card before counts no more.
        decisions.Note(facts.Evidence);
        var machineId = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = clock.GetUtcNow();
        var before = Registration.Identify(store.Current, facts).Machine?.InternalAddress;
        var free = occupied.Without(plan());
        var room = pace.Room();
        // What changes nothing does not wait for the store's writer.
        var outcome = Decide(store.Current) is Proposal.Nothing nothing
            ? new ChangeOutcome(nothing.Machine, null)
            : await store.ChangeAsync(new Author($"machine {facts.Caller}"), snapshot => room.Limit(snapshot, Decide(snapshot)), cancellationToken);
        if (outcome.Machine is { } assigned && assigned.InternalAddress != before)
        {
            outcome = await occupied.SettleAsync(store, free, assigned, cancellationToken);
        }

        return new RegistrationOutcome(outcome.Machine?.Serial ?? Registration.NameOf(store.Current, facts), outcome.Machine, outcome.Refusal, room.HeldBack);

        Proposal Decide(ClusterSnapshot snapshot) => Registration.Decide(snapshot, free, facts, machineId, now);
    }
}

/// <summary>What became of a machine's facts.</summary>
/// <param name="Name">What the machine is called; null where nothing tells it from others: who may be a machine and may be another is none.</param>
/// <param name="Machine">Its record; null when refused.</param>
/// <param name="Refusal">Why it is not registered; null when it is.</param>
/// <param name="IsHeldBack">Whether its facts are not written down, for they changed too often.</param>
internal sealed record RegistrationOutcome(Serial? Name, Machine? Machine, Refusal? Refusal, bool IsHeldBack);
