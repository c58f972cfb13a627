using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>How one kind of evidence stands to a record.</summary>
internal enum Match
{
    /// <summary>One of the two says nothing, or something that others say too.</summary>
    Nothing,

    /// <summary>Both say the same.</summary>
    Same,

    /// <summary>They say different things.</summary>
    Other,
}

/// <summary>Whether who asks is the machine of a record.</summary>
internal enum Judgement
{
    /// <summary>It is not.</summary>
    IsNot,

    /// <summary>It may be.</summary>
    MayBe,

    /// <summary>It is.</summary>
    Is,
}

/// <summary>What somebody says, beside one record.</summary>
/// <param name="Serial">The serial.</param>
/// <param name="Uuid">The UUID.</param>
/// <param name="Mac">The MACs: one in common is the same.</param>
/// <param name="HasSameMacs">Whether all interfaces are known, and are those on record.</param>
/// <param name="ListsAllMacs">Whether all interfaces are known: only then does no MAC in common mean other hardware.</param>
/// <param name="HasMac">Whether a MAC was said at all.</param>
internal readonly record struct Comparison(Match Serial, Match Uuid, Match Mac, bool HasSameMacs, bool ListsAllMacs, bool HasMac)
{
    /// <summary>How many kinds of evidence agree.</summary>
    public int Agreements => (Serial == Match.Same ? 1 : 0) + (Uuid == Match.Same ? 1 : 0) + (Mac == Match.Same ? 1 : 0);

    /// <summary>
    /// A serial decides, unless what goes with it says otherwise; one MAC or one UUID alone is weak, and nothing against another serial.
    /// </summary>
    public Judgement Judgement => Serial switch
    {
        // Two boards with one serial: with other UUIDs, or without a card in common, they may be two machines, or one with new parts.
        Match.Same when Uuid == Match.Other => Mac == Match.Same ? Judgement.Is : Judgement.MayBe,
        Match.Same => Mac == Match.Other && ListsAllMacs ? Judgement.MayBe : Judgement.Is,
        // A board whose serial was written anew keeps UUID and cards; a card that moved, or a UUID that a whole model has, is weak.
        Match.Other when Uuid == Match.Same => Mac == Match.Same ? Judgement.MayBe : Judgement.IsNot,
        Match.Other => Uuid == Match.Nothing && HasSameMacs ? Judgement.MayBe : Judgement.IsNot,
        // Without a serial: a UUID alone may be a whole model's, and a card with another UUID may have moved.
        _ => (Uuid, Mac) switch
        {
            (Match.Same, Match.Same) => Judgement.Is,
            (Match.Same, _) => HasMac ? Judgement.MayBe : Judgement.Is,
            (Match.Other, Match.Same) => Judgement.MayBe,
            (Match.Nothing, Match.Same) => Judgement.Is,
            _ => Judgement.IsNot,
        },
    };

    /// <summary>Compares.</summary>
    public static Comparison Of(in Evidence evidence, Machine machine, ClusterSnapshot snapshot)
    {
        var mac = MacMatch(evidence, machine, snapshot);
        var uuid = UuidMatch(evidence, machine, snapshot);
        return new Comparison(
            SerialMatch(evidence, machine, snapshot, uuid), uuid, mac,
            HasSameMacs: evidence.ListsAllMacs && mac == Match.Same && evidence.AllMacs.Length == machine.MacAddresses.Length && ContainsAll(machine, evidence),
            evidence.ListsAllMacs, evidence.HasMac);
    }

    private static Match SerialMatch(in Evidence evidence, Machine machine, ClusterSnapshot snapshot, Match uuid)
    {
        if (evidence.Serial is not { } serial || snapshot.IsShared(serial))
        {
            return Match.Nothing;
        }

        if (machine.Serial == serial)
        {
            return Match.Same;
        }

        if (machine.SaidSerial == serial)
        {
            return snapshot.Find(serial) is null ? Match.Same : Match.Nothing;
        }

        // A machine that is named by its UUID or MAC had no serial then; one that is named by its DMI serial was so before the rule changed.
        // Where the UUID is a part of the serial, both differ for one reason, or in the byte order alone.
        return machine.Serial.TryGetUuid(out _) || machine.Serial.TryGetMac(out _) || machine.Serial == evidence.DmiSerial
            || (evidence.SerialHasUuid && (uuid == Match.Other || (machine.SaidSerial is { } said && said == evidence.DmiSerial)))
            ? Match.Nothing
            : Match.Other;
    }

    private static Match UuidMatch(in Evidence evidence, Machine machine, ClusterSnapshot snapshot)
    {
        if (evidence.Uuid is not { } uuid || snapshot.IsShared(uuid))
        {
            return Match.Nothing;
        }

        Guid? recorded = machine.Uuid is { } own && !Placeholders.IsPlaceholder(own) ? own : null;
        Guid? named = machine.Serial.TryGetUuid(out var name) ? name : null;
        return recorded is null && named is null ? Match.Nothing
            : (recorded is { } one && Uuids.AreSame(one, uuid)) || (named is { } other && Uuids.AreSame(other, uuid)) ? Match.Same
            : snapshot.IsShared(recorded ?? named!.Value) ? Match.Nothing
            : Match.Other;
    }

    private static Match MacMatch(in Evidence evidence, Machine machine, ClusterSnapshot snapshot)
    {
        if (evidence.ListsAllMacs)
        {
            var any = false;
            foreach (var mac in evidence.AllMacs)
            {
                if (snapshot.IsShared(mac))
                {
                    continue;
                }

                if (Has(machine, mac))
                {
                    return Match.Same;
                }

                any = true;
            }

            return any && HasAny(machine) ? Match.Other : Match.Nothing;
        }

        return evidence.BootMac is not { } boot || snapshot.IsShared(boot) ? Match.Nothing
            : Has(machine, boot) ? Match.Same
            : HasAny(machine) ? Match.Other
            : Match.Nothing;
    }

    // A name stays when the card goes: it counts only where no card is on record.
    private static bool Has(Machine machine, MacAddress mac) =>
        machine.MacAddresses.IsEmpty ? machine.Serial.TryGetMac(out var name) && name == mac : machine.MacAddresses.Contains(mac);

    private static bool HasAny(Machine machine) => !machine.MacAddresses.IsEmpty || machine.Serial.TryGetMac(out _);

    private static bool ContainsAll(Machine machine, in Evidence evidence)
    {
        foreach (var mac in evidence.AllMacs)
        {
            if (!machine.MacAddresses.Contains(mac))
            {
                return false;
            }
        }

        return true;
    }
}
