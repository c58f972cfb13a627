using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Profiles;

namespace Mayu.Core.Machines;

/// <summary>What a machine says of itself when it asks for its config.</summary>
public sealed record FactsReceived
{
    /// <summary>Its serial, decided by the server.</summary>
    public required Serial Serial { get; init; }

    /// <summary>Its DMI UUID, when usable.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Its MACs, the boot interface's first.</summary>
    public required ImmutableArray<MacAddress> MacAddresses { get; init; }

    /// <summary>The interface it boots from.</summary>
    public string? ConnectedNic { get; init; }

    /// <summary>Address of its BMC.</summary>
    public Ipv4? BmcAddress { get; init; }

    /// <summary>All else that was found.</summary>
    public MachineFacts? Facts { get; init; }
}

/// <summary>Takes a machine's facts in: who it is, and what it is to become.</summary>
public static class Registration
{
    /// <summary>
    /// Records the facts and, for a machine that has none yet, assigns profile, addresses, host name and machine-id:
    /// unknown → configured. Refuses a machine that has an OS, one that claims another's serial or MAC, and, when a pool
    /// is full, one that would need an address from it.
    /// </summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="plan">What the operator wants.</param>
    /// <param name="facts">What the machine says.</param>
    /// <param name="newMachineId">32 hex digits, used if it has no machine-id yet.</param>
    /// <param name="now">The time of its first sight.</param>
    public static Proposal Decide(ClusterSnapshot snapshot, ClusterPlan plan, FactsReceived facts, string newMachineId, DateTimeOffset now)
    {
        var known = snapshot.Find(facts.Serial);
        if (known is not null && IdentityConflict.Check(known, facts, now) is { } conflict)
        {
            return conflict;
        }

        if (Refusal(snapshot, known, facts) is { } refusal)
        {
            return new Proposal.Refuse(refusal);
        }

        var pins = PinKey.Of(facts.Serial, facts.Uuid, facts.MacAddresses).Select(snapshot.FindPin).OfType<Pin>().ToImmutableArray();
        var others = pins.Aggregate(snapshot, (rest, pin) => rest.Without(pin.Key));
        var choice = ProfileOf(others, plan, known, facts, pins);
        if (choice.Refused is { } noProfile)
        {
            return new Proposal.Refuse(noProfile);
        }

        var addresses = AddressAssignment.Decide(others, plan, facts.Serial, known, pins);
        if (addresses.Refused is { } noAddress)
        {
            return new Proposal.Refuse(noAddress);
        }

        var profile = choice.Profile!;
        var next = (known ?? new Machine { Serial = facts.Serial, State = MachineState.Unknown, FirstSeen = now }) with
        {
            State = known is { State: MachineState.Installing } ? MachineState.Installing : MachineState.Configured,
            Uuid = facts.Uuid ?? known?.Uuid,
            MacAddresses = facts.MacAddresses,
            ConnectedNic = facts.ConnectedNic ?? known?.ConnectedNic,
            BmcAddress = facts.BmcAddress ?? known?.BmcAddress,
            Facts = facts.Facts ?? known?.Facts,
            Profile = profile.Name,
            InternalAddress = addresses.Primary,
            AdditionalAddresses = addresses.Additional,
            Hostname = known?.Hostname ?? Hostname.FromSerial(facts.Serial),
            MachineId = known?.MachineId ?? newMachineId,
            Metadata = known is { Metadata.IsEmpty: false } ? known.Metadata : profile.Tags,
        };
        if (known is { State: MachineState.Configured or MachineState.Installing } && known.Profile == profile.Name && pins.IsEmpty && next.IsSameAs(known))
        {
            return new Proposal.Nothing(known);
        }

        // A pin may be for a card that was built in later: the machine has what it has, and the pin is done with.
        var what = known is { State: MachineState.Configured or MachineState.Installing } && known.Profile == profile.Name
            ? "reported new facts"
            : $"updated state to configured (profile {profile.Name}{choice.Why}, address {addresses.Primary})";
        return new Proposal.Put(next, what) { Fulfils = [.. pins.Select(pin => pin.Key)] };
    }

    private static (Profile? Profile, string Why, Refusal? Refused) ProfileOf(
        ClusterSnapshot others, ClusterPlan plan, Machine? known, FactsReceived facts, ImmutableArray<Pin> pins)
    {
        if (known?.Profile is { } kept)
        {
            return plan.FindProfile(kept) is { } still
                ? (still, "", null)
                : (null, "", new Refusal(RefusalReason.StateForbids,
                    $"Machine {facts.Serial} has the profile {kept}, which the configuration no longer has. Put the profile back, or give the "
                    + $"machine another: mayuctl set {facts.Serial} profile NAME"));
        }

        if (pins.FirstOrDefault(pin => pin.Profile is not null) is { Profile: { } wanted } pin)
        {
            return plan.FindProfile(wanted) is { } pinned
                ? (pinned, $", pinned by {pin.Key}", null)
                : (null, "", new Refusal(RefusalReason.StateForbids,
                    $"Machine {facts.Serial} is pinned by {pin.Key} to the profile {wanted}, which the configuration no longer has. Put the profile "
                    + $"back, or pin it to another: mayuctl pin {pin.Key} --profile NAME"));
        }

        var chosen = plan.ChooseProfile(others, facts.Facts);
        return (chosen.Profile, chosen.Lacks.IsEmpty ? "" : $"; not {string.Join("; not ", chosen.Lacks)}", null);
    }

    private static Refusal? Refusal(ClusterSnapshot snapshot, Machine? known, FactsReceived facts)
    {
        if (facts.MacAddresses.IsEmpty)
        {
            return new Refusal(RefusalReason.Invalid, $"Machine {facts.Serial} reported no network interface with a MAC address.");
        }

        foreach (var mac in facts.MacAddresses)
        {
            if (snapshot.Find(mac) is { } owner && owner.Serial != facts.Serial)
            {
                return new Refusal(RefusalReason.Conflict,
                    $"Machine {facts.Serial} has the MAC {mac}, which belongs to machine {owner.Serial}. "
                    + $"If the hardware moved, delete the machine that is gone: mayuctl delete {owner.Serial}");
            }
        }

        if (known is null)
        {
            return null;
        }

        if (!known.Enabled)
        {
            return new Refusal(RefusalReason.Disabled,
                $"Machine {known.Serial} is switched off. An operator can switch it on: mayuctl set {known.Serial} enabled true");
        }

        return known.State is MachineState.Installed or MachineState.Running
            ? new Refusal(RefusalReason.StateForbids,
                $"Machine {known.Serial} is {Lifecycle.NameOf(known.State)}: it has an operating system and gets no install config. "
                + $"An operator can ask for a reinstall: mayuctl set {known.Serial} state configured")
            : null;
    }
}
