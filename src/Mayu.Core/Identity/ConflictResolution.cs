using Mayu.Core.Machines;

namespace Mayu.Core.Identity;

/// <summary>What an operator says about somebody who may be a machine.</summary>
public enum ConflictVerdict
{
    /// <summary>It is the machine, with new parts: its MACs and its UUID take the place of those on record.</summary>
    Accept,

    /// <summary>It is another machine: what both say tells them apart no longer.</summary>
    Separate,

    /// <summary>The claim is of no interest: the record stays as it is.</summary>
    Dismiss,
}

/// <summary>An operator's word on a conflict that is noted in a record.</summary>
public static class ConflictResolution
{
    /// <summary>Decides.</summary>
    /// <param name="machine">The machine with the noted conflict.</param>
    /// <param name="verdict">The operator's word.</param>
    public static Proposal Decide(Machine machine, ConflictVerdict verdict)
    {
        if (machine.Conflict is not { } claim)
        {
            return Proposal.Refused(RefusalReason.Invalid, $"Nobody else claims to be machine {machine.Serial}: there is nothing to resolve.");
        }

        var next = machine with { Conflict = null };
        return verdict switch
        {
            ConflictVerdict.Accept => new Proposal.Put(
                next with { Uuid = claim.Uuid ?? machine.Uuid, MacAddresses = claim.MacAddresses.IsEmpty ? machine.MacAddresses : claim.MacAddresses },
                $"accepted the claim of {claim}"),
            ConflictVerdict.Separate => Separate(machine, next, claim),
            _ => new Proposal.Put(next, $"dismissed the claim of {claim}"),
        };
    }

    // What the two have in common is either said by several machines, or is a card that is in the other one now.
    private static Proposal Separate(Machine machine, Machine next, IdentityClaim claim)
    {
        var sharesSerial = claim.Serial == machine.Serial;
        var sharesUuid = claim.Uuid is { } uuid
            && ((machine.Uuid is { } own && Uuids.AreSame(own, uuid)) || (machine.Serial.TryGetUuid(out var name) && Uuids.AreSame(name, uuid)));
        next = next with
        {
            SharesSerial = machine.SharesSerial || sharesSerial,
            SharesUuid = machine.SharesUuid || sharesUuid,
            MacAddresses = [.. machine.MacAddresses.Where(mac => !claim.MacAddresses.Contains(mac))],
        };
        if (next.MacAddresses.IsEmpty && next.Uuid is null && machine.Serial.TryGetMac(out _))
        {
            return Proposal.Refused(RefusalReason.StateForbids,
                $"Machine {machine.Serial} is known by its MAC alone, and the other one has it: nothing would tell it apart. Delete its record if it is gone.");
        }

        var shared = (sharesSerial, sharesUuid) switch { (true, true) => "serial and UUID", (true, false) => "serial", (false, true) => "UUID", _ => "no name" };
        return new Proposal.Put(next, $"separated from {claim}: {shared} in common");
    }
}
