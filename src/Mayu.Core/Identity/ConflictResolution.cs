using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>What an operator says about somebody who may be a machine.</summary>
public enum ConflictVerdict
{
    /// <summary>It is the machine, with new parts: its MACs and its UUID take the place of those on record.</summary>
    Accept,

    /// <summary>It is another machine: what both say no longer identifies either.</summary>
    Separate,

    /// <summary>The claim is of no interest: the record stays as it is.</summary>
    Dismiss,
}

/// <summary>An operator's word on a conflict that is noted in a record.</summary>
public static class ConflictResolution
{
    /// <summary>Decides.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="machine">The machine with the noted conflict.</param>
    /// <param name="verdict">The operator's word.</param>
    public static Proposal Decide(ClusterSnapshot snapshot, Machine machine, ConflictVerdict verdict)
    {
        if (machine.Conflict is not { } claim)
        {
            return Proposal.Refused(RefusalReason.Invalid, $"There is no other claim on machine {machine.Serial}: there is nothing to resolve.");
        }

        var next = machine with { Conflict = null };
        return verdict switch
        {
            ConflictVerdict.Accept => Accept(snapshot, machine, next, claim),
            ConflictVerdict.Separate => Separate(machine, next, claim),
            _ => new Proposal.Put(next, $"dismissed the claim of {claim}"),
        };
    }

    // Between the claim and the operator's word its parts may have become another machine's, which would be told by them no longer.
    private static Proposal Accept(ClusterSnapshot snapshot, Machine machine, Machine next, IdentityClaim claim)
    {
        foreach (var mac in claim.MacAddresses)
        {
            if (!snapshot.IsShared(mac) && claim.Others.Aggregate(snapshot.OwnersOf(mac).Without(machine.Serial), (owners, known) => owners.Without(known)).First is { } owner)
            {
                return Proposal.Refused(RefusalReason.Conflict, $"The claim on machine {machine.Serial} has the MAC {mac}, which machine {owner} has by now: "
                    + $"set the MACs of both (mayuctl set {machine.Serial} macs MAC,MAC), then dismiss the claim (mayuctl resolve {machine.Serial} --dismiss).");
            }
        }

        if (claim.Uuid is { } uuid && snapshot.OwnersOf(uuid).Without(machine.Serial).First is { } twin && !snapshot.IsShared(uuid))
        {
            return Proposal.Refused(RefusalReason.Conflict, $"The claim on machine {machine.Serial} has the UUID {uuid:D}, which machine {twin} has: if it is accepted, the UUID identifies "
                + $"neither. If {twin} no longer has it, remove it there first (mayuctl set {twin} uuid \"\"); else dismiss the claim (mayuctl resolve {machine.Serial} --dismiss).");
        }

        return new Proposal.Put(
            next with
            {
                SaidSerial = claim.Serial is { } said && said != machine.Serial ? said : machine.SaidSerial,
                Uuid = claim.Uuid ?? machine.Uuid,
                MacAddresses = claim.MacAddresses.IsEmpty ? machine.MacAddresses : claim.MacAddresses,
            },
            $"accepted the claim of {claim}");
    }

    // What the two have in common is either said by several machines, or is a card that is in the other one now.
    private static Proposal Separate(Machine machine, Machine next, IdentityClaim claim)
    {
        var sharesSerial = claim.Serial is { } serial && (serial == machine.Serial || serial == machine.SaidSerial);
        var sharesUuid = claim.Uuid is { } uuid
            && ((machine.Uuid is { } own && Uuids.AreSame(own, uuid)) || (machine.Serial.TryGetUuid(out var name) && Uuids.AreSame(name, uuid)));
        next = next with
        {
            SharesSerial = machine.SharesSerial || sharesSerial,
            SharesUuid = machine.SharesUuid || sharesUuid,
            MacAddresses = [.. machine.MacAddresses.Where(mac => !claim.MacAddresses.Contains(mac))],
        };
        if (!IsTold(next, claim))
        {
            return Proposal.Refused(RefusalReason.StateForbids,
                $"Nothing would distinguish machine {machine.Serial} from the other one: both have the serial, UUID and MACs on record. Set its own MACs "
                + $"(mayuctl set {machine.Serial} macs MAC,MAC); or delete its record if it is gone.");
        }

        var shared = (sharesSerial, sharesUuid) switch { (true, true) => "serial and UUID", (true, false) => "serial", (false, true) => "UUID", _ => "no name" };
        return new Proposal.Put(next, $"separated from {claim}: {shared} in common");
    }

    // Whoever nothing is left of would be a stranger at its next boot, and be installed.
    private static bool IsTold(Machine machine, IdentityClaim claim)
    {
        var isNamedByUuid = machine.Serial.TryGetUuid(out _);
        var isNamedByMac = machine.Serial.TryGetMac(out var mac);
        return (!isNamedByUuid && !isNamedByMac && !machine.SharesSerial)
            || (!machine.SharesUuid && (isNamedByUuid || machine.Uuid is not null))
            || !machine.MacAddresses.IsEmpty
            || (isNamedByMac && !claim.MacAddresses.Contains(mac));
    }
}
