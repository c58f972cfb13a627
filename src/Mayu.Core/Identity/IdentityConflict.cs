using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>Somebody who may be one of these machines, and may be none: it gets nothing that could write to a disk.</summary>
/// <param name="Machines">Whom it may be, the one that most speaks for first.</param>
/// <param name="Why">What agrees and what does not, as a sentence without its full stop: “it has the MAC … of machine a, but another UUID”.</param>
/// <param name="Remedy">What an operator can do, as sentences.</param>
public sealed record IdentityConflict(ImmutableArray<Machine> Machines, string Why, string Remedy)
{
    private const int MaxTold = 8;

    /// <summary>The conflict between what somebody says and what the body of its report claims for it.</summary>
    /// <param name="claimed">The serial that the report names.</param>
    /// <param name="owner">The machine of that serial; null when there is none.</param>
    /// <param name="known">Whom the evidence means; null for a stranger.</param>
    /// <param name="evidence">The evidence.</param>
    public static IdentityConflict OfClaim(Serial claimed, Machine? owner, Machine? known, in Evidence evidence)
    {
        var itself = known is not null ? $"its hardware is machine {known.Serial}" : Words(evidence);
        var why = $"it asks as machine {claimed}, but {itself}";
        var card = owner is not null && known is not null && evidence.ListsAllMacs && owner.HasAnyOf(evidence.AllMacs);
        var remedy = card ? MovedCard(owner!, known!)
            : $"Boot it from the network once more, so that it gets its own serial, or omit infopusher's --serial."
                + (owner is null ? "" : $" Then dismiss this claim (mayuctl resolve {claimed} --dismiss). If the hardware of {claimed} was replaced, "
                    + $"set its new UUID and MACs (mayuctl set {claimed} uuid UUID; mayuctl set {claimed} macs MAC,MAC).");
        ImmutableArray<Machine> machines = [.. new[] { owner, known }.OfType<Machine>()];
        return new IdentityConflict(machines, why, remedy);
    }

    /// <summary>Puts a conflict into words.</summary>
    internal static IdentityConflict Of(in Evidence evidence, IEnumerable<(Machine Machine, Comparison Comparison)> candidates)
    {
        var ordered = candidates.OrderByDescending(one => Weight(one.Comparison)).ThenBy(one => one.Machine.Serial).ToList();
        var said = evidence;
        var why = "it " + string.Join("; it ", ordered.Take(MaxTold).Select(one => Sentence(said, one.Machine, one.Comparison)))
            + (ordered.Count > MaxTold ? $"; and it may be {ordered.Count - MaxTold} more" : "");
        ImmutableArray<Machine> machines = [.. ordered.Select(one => one.Machine)];
        return new IdentityConflict(machines, why, RemedyOf(ordered));
    }

    private static int Weight(Comparison comparison) =>
        (comparison.Serial == Match.Same ? 4 : 0) + (comparison.Uuid == Match.Same ? 2 : 0) + (comparison.Mac == Match.Same ? 1 : 0);

    private static string Sentence(in Evidence evidence, Machine machine, Comparison comparison)
    {
        var agrees = List(comparison, Match.Same, "serial", "UUID", "a MAC", evidence, machine);
        var differs = List(comparison, Match.Other, "another serial", "another UUID", "no MAC in common", evidence, machine);
        return $"has {agrees} of machine {machine.Serial} ({Lifecycle.NameOf(machine.State)})" + (differs.Length == 0 ? "" : $", but {differs}");
    }

    private static string List(Comparison comparison, Match wanted, string serial, string uuid, string mac, in Evidence evidence, Machine machine)
    {
        var words = new List<string>();
        if (comparison.Serial == wanted)
        {
            words.Add(wanted == Match.Same ? $"the {serial}" : $"{serial} ({evidence.Serial})");
        }

        if (comparison.Uuid == wanted)
        {
            words.Add(wanted == Match.Same ? $"the {uuid} {evidence.Uuid:D}" : $"{uuid} ({evidence.Uuid:D})");
        }

        if (comparison.Mac == wanted)
        {
            words.Add(wanted != Match.Same ? mac : evidence.ListsAllMacs ? $"{mac} ({Common(evidence.AllMacs, machine)})" : $"the MAC {evidence.BootMac}");
        }

        return string.Join(" and ", words);
    }

    private static string RemedyOf(List<(Machine Machine, Comparison Comparison)> candidates)
    {
        var (first, comparison) = candidates[0];
        if (candidates.FirstOrDefault(one => one.Comparison is { Mac: Match.Same, Agreements: 1 }) is { Machine: { } former } && former != first)
        {
            return MovedCard(former, first);
        }

        return $"If it is {first.Serial} with new parts, accept them (mayuctl resolve {first.Serial} --accept); "
            + $"if it is another machine, separate the two (mayuctl resolve {first.Serial} --separate)"
            + (comparison.Serial == Match.Same ? ". If all nodes of a chassis report the same serial, set identity: uuid in the configuration." : ".");
    }

    private static string MovedCard(Machine former, Machine now) =>
        $"If a network card moved from {former.Serial} to {now.Serial}, set the MACs of both (mayuctl set {former.Serial} macs MAC,MAC; "
        + $"mayuctl set {now.Serial} macs MAC,MAC). If not, and it is {now.Serial} with new parts, accept them (mayuctl resolve {now.Serial} --accept).";

    private static string Words(in Evidence evidence) =>
        evidence.Serial is { } serial ? $"its hardware has the serial {serial}"
        : evidence.Uuid is { } uuid ? $"its hardware has the UUID {uuid:D}"
        : evidence.BootMac is { } mac ? $"its hardware has the MAC {mac}"
        : "it sends nothing that identifies its hardware";

    private static MacAddress Common(ImmutableArray<MacAddress> macs, Machine machine) =>
        machine.MacAddresses.IsEmpty && machine.Serial.TryGetMac(out var name) ? name : macs.First(machine.MacAddresses.Contains);
}
