using System.Runtime.CompilerServices;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>
/// The one place that says who is asking. DHCP, boot scripts, images, facts, reports and the API all ask here, each with the evidence that
/// it has; it reads its arguments alone, and allocates nothing unless there is a conflict or a report with cards of many machines.
/// </summary>
public static class IdentityResolver
{
    // More than any packet has; a report may list many cards that were in other machines once.
    private const int PlacesWithoutAllocation = 8;

    /// <summary>Resolves.</summary>
    /// <param name="evidence">What it says of itself.</param>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="heard">What was said with its MAC before; null: nothing counts but what it says now.</param>
    public static ResolvedIdentity Resolve(in Evidence evidence, ClusterSnapshot snapshot, Heard? heard)
    {
        var all = heard is not null && !evidence.ListsAllMacs && evidence.BootMac is { } mac ? Recalled(evidence, heard.Recall(mac)) : evidence;
        var candidates = default(Candidates);
        candidates.Collect(all, snapshot);
        return candidates.Decide(all, snapshot);
    }

    // What was said before holds as long as nothing said now speaks against it.
    private static Evidence Recalled(in Evidence evidence, HeardClaim before)
    {
        if (evidence.Uuid is { } uuid && before.Uuid is { } heard && !Uuids.AreSame(uuid, heard))
        {
            return evidence;
        }

        return evidence.Serial is { } serial && before.Serial is { } other && serial != other
            ? evidence
            : evidence with { Serial = evidence.Serial ?? before.Serial, Uuid = evidence.Uuid ?? before.Uuid };
    }

    [InlineArray(PlacesWithoutAllocation)]
    private struct Places
    {
        private Machine? _first;
    }

    private struct Candidates
    {
        private Places _machines;
        private List<Machine>? _further;
        private int _count;

        public void Collect(in Evidence evidence, ClusterSnapshot snapshot)
        {
            if (evidence.Serial is { } serial && !snapshot.IsShared(serial))
            {
                if (snapshot.Find(serial) is { } named)
                {
                    Add(named);
                }
                else
                {
                    AddAll(snapshot.ClaimantsOf(serial), snapshot);
                }
            }

            // Of a machine that was there before the rule changed.
            if (evidence.DmiSerial is { } dmi && dmi != evidence.Serial && snapshot.Find(dmi) is { SharesSerial: false } former)
            {
                Add(former);
            }

            if (evidence.Uuid is { } uuid && !snapshot.IsShared(uuid))
            {
                AddAll(snapshot.OwnersOf(uuid), snapshot);
            }

            if (evidence.ListsAllMacs)
            {
                foreach (var mac in evidence.AllMacs)
                {
                    AddOwners(mac, snapshot);
                }
            }
            else if (evidence.BootMac is { } boot)
            {
                AddOwners(boot, snapshot);
            }
        }

        public readonly ResolvedIdentity Decide(in Evidence evidence, ClusterSnapshot snapshot)
        {
            var verdict = default(Verdict);
            for (var i = 0; i < _count; i++)
            {
                verdict.Hear(At(i), Comparison.Of(evidence, At(i), snapshot));
            }

            return verdict.IsStranger ? ResolvedIdentity.Stranger
                : verdict.Machine is { } machine && !IsObjectedTo(machine, evidence, snapshot) ? new ResolvedIdentity(machine, null)
                : new ResolvedIdentity(null, ConflictOf(evidence, snapshot, verdict.Machine));
        }

        // What speaks against it speaks for another one. Of a card that is no objection, since cards move, unless that other one has a
        // system on its disk, and this one would be installed.
        private readonly bool IsObjectedTo(Machine machine, in Evidence evidence, ClusterSnapshot snapshot)
        {
            var own = Comparison.Of(evidence, machine, snapshot);
            for (var i = 0; i < _count; i++)
            {
                var other = At(i);
                var comparison = Comparison.Of(evidence, other, snapshot);
                if (!ReferenceEquals(other, machine)
                    && ((own.Serial == Match.Other && comparison.Serial == Match.Same)
                        || (own.Uuid == Match.Other && comparison.Uuid == Match.Same)
                        || (own.Mac == Match.Other && comparison.Mac == Match.Same && other.HasSystem && !machine.HasSystem)))
                {
                    return true;
                }
            }

            return false;
        }

        private readonly IdentityConflict ConflictOf(in Evidence evidence, ClusterSnapshot snapshot, Machine? objectedTo)
        {
            var told = new List<(Machine Machine, Comparison Comparison)>();
            for (var i = 0; i < _count; i++)
            {
                var comparison = Comparison.Of(evidence, At(i), snapshot);
                if (comparison.Judgement != Judgement.IsNot || (objectedTo is not null && comparison.Agreements > 0))
                {
                    told.Add((At(i), comparison));
                }
            }

            return IdentityConflict.Of(evidence, told);
        }

        private void AddOwners(MacAddress mac, ClusterSnapshot snapshot)
        {
            if (!snapshot.IsShared(mac))
            {
                AddAll(snapshot.OwnersOf(mac), snapshot);
            }
        }

        private void AddAll(Owners owners, ClusterSnapshot snapshot)
        {
            for (var i = 0; i < owners.Count; i++)
            {
                Add(snapshot.Find(owners[i])!);
            }
        }

        private void Add(Machine machine)
        {
            for (var i = 0; i < _count; i++)
            {
                if (ReferenceEquals(At(i), machine))
                {
                    return;
                }
            }

            if (_count < PlacesWithoutAllocation)
            {
                _machines[_count] = machine;
            }
            else
            {
                (_further ??= []).Add(machine);
            }

            _count++;
        }

        private readonly Machine At(int index) => index < PlacesWithoutAllocation ? _machines[index]! : _further![index - PlacesWithoutAllocation];
    }

    // Counts who it may be, by how much speaks for it. One that two kinds of evidence speak for is the machine, whatever a card of
    // another machine in it says.
    private struct Verdict
    {
        private Machine? _certain;
        private Machine? _probable;
        private int _certainCount;
        private int _probableCount;
        private int _doubts;
        private int _cards;

        public readonly bool IsStranger => _certainCount + _probableCount + _doubts == 0;

        public readonly Machine? Machine =>
            _certainCount == 1 && _probableCount + _doubts == _cards ? _certain
            : _certainCount == 0 && _probableCount == 1 && _doubts == 0 ? _probable
            : null;

        public void Hear(Machine machine, in Comparison comparison)
        {
            if (comparison.Judgement == Judgement.IsNot)
            {
                return;
            }

            if (comparison.Judgement == Judgement.Is && comparison.Agreements > 1)
            {
                (_certain, _certainCount) = (machine, _certainCount + 1);
                return;
            }

            if (comparison.Judgement == Judgement.Is)
            {
                (_probable, _probableCount) = (machine, _probableCount + 1);
            }
            else
            {
                _doubts++;
            }

            // All that speaks for it is a card, and cards move from one machine to another.
            _cards += comparison is { Agreements: 1, Mac: Match.Same } ? 1 : 0;
        }
    }
}

/// <summary>Who is asking: a known machine, a stranger, or somebody who may be one machine or another.</summary>
/// <param name="Machine">The machine's record; null for a stranger and for a conflict.</param>
/// <param name="Conflict">Which machines it may be, and why that is not certain; null otherwise.</param>
public readonly record struct ResolvedIdentity(Machine? Machine, IdentityConflict? Conflict)
{
    /// <summary>Nobody who is on record.</summary>
    public static ResolvedIdentity Stranger => default;

    /// <summary>Whether it is nobody who is on record.</summary>
    public bool IsStranger => Machine is null && Conflict is null;
}
