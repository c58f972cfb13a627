using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Assignment;

/// <summary>Takes a machine's facts in: who it is, and what it is to become.</summary>
public static class Registration
{
    /// <summary>
    /// Records the facts and, for a machine that has none yet, assigns profile, addresses, host name and machine-id:
    /// unknown → configured. Refuses a machine that has an OS, one that may be another (and flags it), and, when a pool
    /// is full, one that would need an address from it.
    /// </summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="plan">What the operator wants.</param>
    /// <param name="facts">What the machine says.</param>
    /// <param name="newMachineId">32 hex digits, used if it has no machine-id yet.</param>
    /// <param name="now">The time of its first sight.</param>
    public static Proposal Decide(ClusterSnapshot snapshot, ClusterPlan plan, FactsReceived facts, string newMachineId, DateTimeOffset now)
    {
        if (facts.MacAddresses.IsEmpty && facts.Facts is null or { NetDevs.Count: 0 })
        {
            return Proposal.Refused(RefusalReason.Invalid, $"Machine {facts.Caller} reported no network interface with a MAC address.");
        }

        var identity = Identify(snapshot, facts);
        if (identity.Conflict is { } conflict)
        {
            return Flag(facts, conflict, now);
        }

        var known = identity.Machine;
        if (known is not null && Refusal(known) is { } refusal)
        {
            return new Proposal.Refuse(refusal);
        }

        if (!TryName(snapshot, known, facts, out var serial, out var nameless))
        {
            return Proposal.Refused(RefusalReason.Conflict, $"The facts do not identify the machine: {nameless}.");
        }

        var pins = snapshot.PinsOf(serial, facts.Evidence.Uuid, facts.MacAddresses).ToImmutableArray();
        var others = pins.Aggregate(snapshot, (rest, pin) => rest.Without(pin.Key));
        var choice = ProfileOf(others, plan, serial, known, facts, pins);
        if (choice.Refused is { } noProfile)
        {
            return new Proposal.Refuse(noProfile);
        }

        var addresses = AddressAssignment.Decide(others, plan, serial, known, pins);
        if (addresses.Refused is { } noAddress)
        {
            return new Proposal.Refuse(noAddress);
        }

        var next = Assigned(snapshot, known, facts, serial, choice.Profile!, addresses, newMachineId, now);
        if (known is not null && IsAwaited(known, choice.Profile!) && pins.IsEmpty && next.IsSameAs(known))
        {
            return new Proposal.Nothing(known);
        }

        // A pin may be for a card that was built in later: the machine has what it has, and the pin is done with.
        return new Proposal.Put(next, What(snapshot, known, next, choice))
        {
            Fulfils = [.. pins.Select(pin => pin.Key)],
            IsReport = known is not null && IsAwaited(known, choice.Profile!) && pins.IsEmpty,
        };
    }

    private static Machine Assigned(
        ClusterSnapshot snapshot, Machine? known, FactsReceived facts, Serial serial, Profile profile, AddressAssignment addresses, string newMachineId,
        DateTimeOffset now) =>
        (known ?? new Machine { Serial = serial, State = MachineState.Unknown, FirstSeen = now }) with
        {
            State = known is { State: MachineState.Installing } ? MachineState.Installing : MachineState.Configured,
            SaidSerial = SaidSerial(known, facts.Evidence, serial),
            Uuid = facts.Uuid ?? known?.Uuid,
            MacAddresses = known is not null && facts.MacAddresses.IsEmpty ? known.MacAddresses : facts.MacAddresses,
            ConnectedNic = facts.ConnectedNic ?? known?.ConnectedNic,
            BmcAddress = facts.BmcAddress ?? known?.BmcAddress,
            Facts = facts.Facts ?? known?.Facts,
            Profile = profile.Name,
            InternalAddress = addresses.Primary,
            AdditionalAddresses = addresses.Additional,
            Hostname = known?.Hostname ?? Hostname.For(snapshot, serial),
            MachineId = known?.MachineId ?? newMachineId,
            Metadata = known is { Metadata.IsEmpty: false } ? known.Metadata : profile.Tags,
        };

    private static Serial? SaidSerial(Machine? known, in Evidence evidence, Serial name) =>
        evidence is { LastingSerial: null, DmiSerial: null } ? known?.SaidSerial
        : evidence.LastingSerial is { } lasting && lasting != name ? lasting
        : evidence.DmiSerial is { } dmi && dmi != name ? dmi
        : null;

    private static bool IsAwaited(Machine known, Profile profile) =>
        known.State is MachineState.Configured or MachineState.Installing && known.Profile == profile.Name;

    private static string What(ClusterSnapshot snapshot, Machine? known, Machine next, (Profile? Profile, string Why, Refusal? Refused) choice)
    {
        if (known is not null && IsAwaited(known, choice.Profile!))
        {
            return "reported new facts";
        }

        var plain = Hostname.FromSerial(next.Serial);
        var named = known?.Hostname is not null || next.Hostname == plain ? ""
            : $", host name {next.Hostname} because machine {snapshot.OwnersOfHostname(plain)[0]} has {plain}";
        return $"updated state to configured (profile {next.Profile}{choice.Why}, address {next.InternalAddress}{named})";
    }

    private static (Profile? Profile, string Why, Refusal? Refused) ProfileOf(
        ClusterSnapshot others, ClusterPlan plan, Serial serial, Machine? known, FactsReceived facts, ImmutableArray<Pin> pins)
    {
        if (known?.Profile is { } kept)
        {
            return plan.FindProfile(kept) is { } still
                ? (still, "", null)
                : (null, "", new Refusal(RefusalReason.StateForbids,
                    $"Machine {serial} has the profile {kept}, which is no longer in the configuration. Restore the profile, or give the "
                    + $"machine another: mayuctl set {serial} profile NAME"));
        }

        if (pins.FirstOrDefault(pin => pin.Profile is not null) is { Profile: { } wanted } pin)
        {
            return plan.FindProfile(wanted) is { } pinned
                ? (pinned, $", pinned by {pin.Key}", null)
                : (null, "", new Refusal(RefusalReason.StateForbids,
                    $"Machine {serial} is pinned by {pin.Key} to the profile {wanted}, which is no longer in the configuration. Restore the profile"
                    + $", or pin it to another: mayuctl pin {pin.Key} --profile NAME"));
        }

        var chosen = plan.ChooseProfile(others, facts.Facts);
        return (chosen.Profile, chosen.Lacks.IsEmpty ? "" : $"; not {string.Join("; not ", chosen.Lacks)}", null);
    }

    /// <summary>Who sends these facts.</summary>
    public static ResolvedIdentity Identify(ClusterSnapshot snapshot, FactsReceived facts)
    {
        var identity = IdentityResolver.Resolve(facts.Evidence, snapshot, heard: null);
        return identity.Conflict is null && facts.Claimed is { } claimed && !IsBorneOut(snapshot, identity, claimed, facts)
            ? new ResolvedIdentity(null, IdentityConflict.OfClaim(claimed, snapshot.Find(claimed), identity.Machine, facts.Evidence))
            : identity;
    }

    // A name that goes with the hardware: the machine's own, what its firmware says, or one that nobody has and nothing contradicts.
    private static bool IsBorneOut(ClusterSnapshot snapshot, ResolvedIdentity identity, Serial claimed, FactsReceived facts) =>
        claimed == identity.Machine?.Serial || claimed == facts.Evidence.Serial || claimed == facts.Evidence.DmiSerial
        || (claimed.TryGetUuid(out var uuid) && facts.Uuid is { } own && Uuids.AreSame(uuid, own))
        || (claimed.TryGetMac(out var mac) && facts.MacAddresses.Contains(mac))
        || (identity.IsStranger && facts.Evidence.DmiSerial is null && snapshot.Find(claimed) is null);

    /// <summary>What who sends these facts is called, for its trace: a known machine's serial, else what a stranger would be called.</summary>
    /// <returns>Null where nothing tells it from others.</returns>
    public static Serial? NameOf(ClusterSnapshot snapshot, FactsReceived facts) =>
        TryName(snapshot, Identify(snapshot, facts).Machine, facts, out var serial, out _) ? serial : null;

    private static bool TryName(ClusterSnapshot snapshot, Machine? known, FactsReceived facts, out Serial serial, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        if (known is not null)
        {
            serial = known.Serial;
            return true;
        }

        if (facts.Evidence.Serial is null && facts.Claimed is { } claimed && !claimed.TryGetUuid(out _) && !claimed.TryGetMac(out _) && snapshot.Find(claimed) is null)
        {
            serial = claimed;
            return true;
        }

        return IdentityRule.TryName(facts.Evidence, snapshot, out serial, out refusal);
    }

    // One claim is kept: somebody with ever new MACs must not fill the history.
    private static Proposal Flag(FactsReceived facts, IdentityConflict conflict, DateTimeOffset now)
    {
        var refusal = new Refusal(RefusalReason.Conflict, $"It is not certain which machine asks: {conflict.Why}. Nothing is installed on it. {conflict.Remedy}");
        if (conflict.Machines.IsEmpty)
        {
            return new Proposal.Refuse(refusal);
        }

        var machine = conflict.Machines[0];
        refusal = refusal with
        {
            Summary = $"it is not certain which machine asks: it may be {string.Join(" or ", conflict.Machines.Select(one => one.Serial))}; "
                + $"why, and what to do, is in its status (mayuctl status {machine.Serial})",
        };
        var claim = new IdentityClaim(facts.Evidence.LastingSerial, facts.Uuid, facts.MacAddresses, now)
        {
            Why = conflict.Why,
            Remedy = conflict.Remedy,
            Others = [.. conflict.Machines.Skip(1).Select(other => other.Serial)],
        };
        if (machine.Conflict is { } noted)
        {
            // An operator resolves the one that is noted.
            return new Proposal.Refuse(noted.IsSameClaimant(claim) ? refusal : refusal with
            {
                Detail = refusal.Detail + $" But another claim on machine {machine.Serial} is noted already ({noted}), and that one would be resolved: "
                    + $"look at it (mayuctl status {machine.Serial}), and dismiss it if it is irrelevant (mayuctl resolve {machine.Serial} --dismiss).",
            });
        }

        return new Proposal.Put(machine with { Conflict = claim }, $"another machine may be meant: {claim}") { Refusal = refusal };
    }

    private static Refusal? Refusal(Machine known)
    {
        if (!known.Enabled)
        {
            return Lifecycle.SwitchedOff(known).Refusal;
        }

        return known.HasSystem
            ? new Refusal(RefusalReason.StateForbids,
                $"Machine {known.Serial} is {Lifecycle.NameOf(known.State)}: it has an operating system and gets no install config. "
                + $"An operator can request a reinstall: mayuctl set {known.Serial} state configured")
            : null;
    }
}
