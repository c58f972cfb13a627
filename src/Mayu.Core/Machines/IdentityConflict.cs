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
