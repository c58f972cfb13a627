using Mayu.Core.Addresses;

namespace Mayu.Core.Machines;

/// <summary>
/// Two machines that say the same serial. The first keeps it; the second gets neither config nor secret; the record shows the
/// operator both, until he says which of them is right.
/// </summary>
public static class IdentityConflict
{
    /// <summary>
    /// Flags a machine that is another than the one on record: no MAC in common, and not the same UUID. A UUID that both have, or a MAC
    /// that stayed, makes it the same machine with changed parts.
    /// </summary>
    /// <returns>Null when it is the machine on record.</returns>
    internal static Proposal? Check(Machine known, FactsReceived facts, DateTimeOffset now)
    {
        if (facts.MacAddresses.IsEmpty || known.MacAddresses.IsEmpty
            || known.MacAddresses.Intersect(facts.MacAddresses).Any()
            || (known.Uuid is { } uuid && uuid == facts.Uuid))
        {
            return null;
        }

        var claim = new IdentityClaim(facts.Uuid, facts.MacAddresses, now);
        var refusal = new Refusal(RefusalReason.Conflict,
            $"Two machines have the serial {known.Serial}: the one on record has {new IdentityClaim(known.Uuid, known.MacAddresses, now)}; "
            + $"the one that asks has {claim}, and gets nothing. If it is the same machine with new parts: mayuctl resolve {known.Serial} --accept; "
            + "else give one of them another serial or UUID in its firmware.");

        // One claim is kept: a stranger with ever new MACs must not fill the history.
        return known.Conflict is null
            ? new Proposal.Put(known with { Conflict = claim }, $"another machine claims this serial: {claim}") { Refusal = refusal }
            : new Proposal.Refuse(refusal);
    }

    /// <summary>
    /// Whether somebody who boots with a known serial is certainly another machine: another UUID, and a MAC that the record does not
    /// have. Firmware tells one MAC and perhaps no UUID, so less than that says nothing.
    /// </summary>
    /// <param name="known">The machine on record.</param>
    /// <param name="uuid">The UUID of who boots.</param>
    /// <param name="mac">The MAC that it boots from.</param>
    public static bool IsAnother(Machine known, Guid? uuid, MacAddress? mac) =>
        uuid is { } told && known.Uuid is { } recorded && told != recorded && told != Swapped(recorded)
        && mac is { } nic && !known.MacAddresses.IsEmpty && !known.MacAddresses.Contains(nic);

    // Old firmware and new tell the first three fields in either byte order (SMBIOS 2.6, 7.2.1).
    private static Guid Swapped(Guid uuid) => new(uuid.ToByteArray(bigEndian: true));

    /// <summary>An operator's word on a conflict.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="accept">True: the claimant is the machine, its MACs and UUID take the place of the old ones. False: the claim is dismissed.</param>
    public static Proposal Resolve(ClusterSnapshot snapshot, Machine machine, bool accept)
    {
        if (machine.Conflict is not { } claim)
        {
            return Proposal.Refused(RefusalReason.Invalid, $"No other machine claims the serial {machine.Serial}: there is nothing to resolve.");
        }

        if (!accept)
        {
            return new Proposal.Put(machine with { Conflict = null }, $"dismissed the claim of {claim}");
        }

        foreach (var mac in claim.MacAddresses)
        {
            if (snapshot.Find(mac) is { } owner && owner.Serial != machine.Serial)
            {
                return Proposal.Refused(RefusalReason.Conflict, $"The claimant's MAC {mac} belongs to machine {owner.Serial} by now.");
            }
        }

        return new Proposal.Put(
            machine with { Conflict = null, Uuid = claim.Uuid, MacAddresses = claim.MacAddresses }, $"accepted the claim of {claim}");
    }
}
