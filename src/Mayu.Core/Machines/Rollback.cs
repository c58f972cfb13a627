using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>
/// Takes a record back to an earlier one, as a new change. What an operator decides goes back (profile, tags, overrides, names);
/// what the machine itself said stays as it is now, and so does its life: a state is a fact, and facts are not taken back.
/// </summary>
public static class Rollback
{
    /// <summary>Decides.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="serial">The machine.</param>
    /// <param name="earlier">Its record as it stood; null when it had none then.</param>
    /// <param name="point">How the moment is named in the history.</param>
    /// <param name="deletedAs">The state that it was deleted in; null when it was not, or nobody knows.</param>
    public static Proposal Decide(ClusterSnapshot snapshot, Serial serial, Machine? earlier, string point, MachineState? deletedAs = null)
    {
        if (earlier is null)
        {
            return Proposal.Refused(RefusalReason.NotFound, $"Machine {serial} had no record at {point}.");
        }

        if (snapshot.Find(serial) is not { } current)
        {
            // A deleted one comes back to where it was; its addresses may be somebody else's by now. But what had an operating system when
            // it was deleted has it still: to restore a record is no word to install it again.
            var state = deletedAs is MachineState.Installed or MachineState.Running ? deletedAs.Value : earlier.State;
            return Restore(snapshot, earlier with { State = state, Conflict = null }, $"restored as it was at {point}");
        }

        var next = earlier with
        {
            State = current.State,
            SaidSerial = current.SaidSerial,
            Uuid = current.Uuid,
            MacAddresses = current.MacAddresses,
            ConnectedNic = current.ConnectedNic,
            BmcAddress = current.BmcAddress,
            Image = current.Image,
            InstallId = current.InstallId,
            InstalledProfile = current.InstalledProfile,
            MachineId = current.MachineId ?? (HasMachineIdOf(snapshot, earlier) is null ? earlier.MachineId : null),
            KeepDiskData = current.KeepDiskData,
            Versions = current.Versions,
            FirstSeen = current.FirstSeen,
            LastBoot = current.LastBoot,
            Facts = current.Facts,
            Conflict = current.Conflict,
            SharesSerial = current.SharesSerial,
            SharesUuid = current.SharesUuid,
        };
        if (current.State is not (MachineState.Unknown or MachineState.Configured))
        {
            // They are in the system that runs there.
            next = next with { InternalAddress = current.InternalAddress, AdditionalAddresses = current.AdditionalAddresses };
        }

        return next.IsSameAs(current) ? new Proposal.Nothing(current) : Taken(snapshot, next) ?? new Proposal.Put(next, $"rolled back to {point}");
    }

    // Pins of the machine were set since, for nobody had it on record: they are fulfilled, as they are where it registers, or they would
    // hold a slot and an address for ever.
    private static Proposal Restore(ClusterSnapshot snapshot, Machine next, string what)
    {
        ImmutableArray<PinKey> pins = next.Profile is null ? [] : [.. snapshot.PinsOf(next.Serial, next.SharesUuid ? null : next.Uuid, next.MacAddresses).Select(pin => pin.Key)];
        if (Taken(pins.Aggregate(snapshot, (rest, pin) => rest.Without(pin)), next) is { } taken)
        {
            return taken;
        }

        if (next.Uuid is { } uuid && !next.SharesUuid && !snapshot.IsShared(uuid) && snapshot.OwnersOf(uuid).Without(next.Serial).First is { } board)
        {
            return Proposal.Refused(RefusalReason.Conflict,
                $"Machine {next.Serial} cannot be restored: machine {board} has its UUID {uuid} now. If the mainboard moved there, that machine is this one; "
                + $"if not: mayuctl set {board} uuid \"\"");
        }

        if (HasMachineIdOf(snapshot, next) is { } twin)
        {
            if (next.HasSystem)
            {
                return Proposal.Refused(RefusalReason.Conflict,
                    $"Machine {next.Serial} cannot be restored: machine {twin} has its machine-id {next.MachineId} now, and both have it in their systems. "
                    + $"Delete the record of one of them (mayuctl delete SERIAL), and reinstall that machine.");
            }

            // It is given a new one as it is installed.
            next = next with { MachineId = null };
        }

        return new Proposal.Put(next, pins.IsEmpty ? what : $"{what}; no longer pinned by {string.Join(", ", pins)}") { Fulfils = pins };
    }

    // Few ask, and seldom: there is no index of them.
    private static Serial? HasMachineIdOf(ClusterSnapshot snapshot, Machine machine) => machine.MachineId is null
        ? null
        : snapshot.Machines.FirstOrDefault(other => other.Serial != machine.Serial && other.MachineId == machine.MachineId)?.Serial;

    private static Proposal? Taken(ClusterSnapshot snapshot, Machine next)
    {
        foreach (var address in next.Addresses)
        {
            if (snapshot.TryFindOwner(address, out var owner) && owner.Serial != next.Serial)
            {
                return Proposal.Refused(RefusalReason.Conflict, $"Machine {next.Serial} cannot go back to the address {address}: machine {owner.Serial} has it now.");
            }

            if (snapshot.FindPin(address) is { } pin)
            {
                return Proposal.Refused(RefusalReason.Conflict, $"Machine {next.Serial} cannot go back to the address {address}: it is reserved for {pin.Key} now.");
            }
        }

        foreach (var mac in next.MacAddresses)
        {
            if (snapshot.Find(next.Serial) is null && snapshot.OwnersOf(mac).Without(next.Serial).First is { } owner)
            {
                return Proposal.Refused(RefusalReason.Conflict, $"Machine {next.Serial} cannot be restored: machine {owner} has its MAC {mac} now.");
            }
        }

        if (next.Hostname is { } hostname && snapshot.OwnersOfHostname(hostname).Without(next.Serial).First is { } named)
        {
            return Proposal.Refused(RefusalReason.Conflict,
                $"Machine {next.Serial} cannot go back to the host name {hostname}: machine {named} has it now. Rename that one first: mayuctl set {named} hostname NAME");
        }

        return null;
    }
}
