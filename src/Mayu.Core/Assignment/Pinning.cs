using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Assignment;

/// <summary>An operator's word about machines to come.</summary>
public static class Pinning
{
    /// <summary>The most pins that are kept.</summary>
    public const int MaxPins = 100_000;

    /// <summary>Pins a machine that was never seen: a profile, an address, or both. What is null stays as it was pinned before.</summary>
    public static Proposal Set(ClusterSnapshot snapshot, ClusterPlan plan, PinKey key, string? profile, Ipv4? address)
    {
        if (profile is null && address is null)
        {
            return Proposal.Refused(RefusalReason.Invalid, "A pin needs a profile, an address, or both.");
        }

        if (Owner(snapshot, key) is { Profile: not null } machine)
        {
            return Proposal.Refused(RefusalReason.StateForbids,
                $"{key} is machine {machine.Serial}, which already has a profile and an address. Change them: mayuctl set {machine.Serial} profile NAME");
        }

        if (key.TryGetUuid(out var uuid) && snapshot.FindPin(PinKey.Of(Uuids.Swapped(uuid))) is { } twin && twin.Key != key)
        {
            return Proposal.Refused(RefusalReason.Conflict, $"There is already a pin for {key}, with the UUID in its other byte order: change {twin.Key}, or remove it (mayuctl unpin {twin.Key}).");
        }

        if (Wrong(snapshot, plan, key, profile, address) is { Count: > 0 } wrong)
        {
            return new Proposal.Refuse(Refusal.Together(wrong));
        }

        var former = snapshot.FindPin(key);
        var next = new Pin(key) { Profile = profile ?? former?.Profile, Address = address ?? former?.Address };
        return next == former ? new Proposal.Nothing(null)
            : former is null && snapshot.Pins.Count() >= MaxPins ? Proposal.Refused(RefusalReason.Invalid, $"There are already {MaxPins} pins, which is the maximum.")
            : new Proposal.PutPin(next, $"pinned {key}{(next.Profile is { } p ? $" to profile {p}" : "")}{(next.Address is { } a ? $" to address {a}" : "")}");
    }

    /// <summary>Takes a pin away.</summary>
    public static Proposal Remove(ClusterSnapshot snapshot, PinKey key) => snapshot.FindPin(key) is null
        ? Proposal.Refused(RefusalReason.NotFound, $"There is no pin {key}. `mayuctl pins` shows all.")
        : new Proposal.DeletePin(key, $"unpinned {key}");

    private static List<Refusal> Wrong(ClusterSnapshot snapshot, ClusterPlan plan, PinKey key, string? profile, Ipv4? address)
    {
        var wrong = new List<Refusal>();
        if (profile is not null && plan.FindProfile(profile) is null)
        {
            wrong.Add(OperatorChanges.NoProfile(plan, profile).Of("profile"));
        }

        if (address is { } wanted && plan.WhyNotInternal(snapshot.Without(key), wanted) is { } problem)
        {
            wrong.Add(new Refusal(RefusalReason.Conflict, $"The address {wanted} cannot be reserved for {key}: {problem}.").Of("address"));
        }

        return wrong;
    }

    // What several machines have names none of them.
    private static Machine? Owner(ClusterSnapshot snapshot, PinKey key) =>
        key.TryGetSerial(out var serial) ? snapshot.Find(serial)
        : key.TryGetMac(out var mac) ? Only(snapshot, snapshot.OwnersOf(mac))
        : key.TryGetUuid(out var uuid) ? Only(snapshot, snapshot.OwnersOf(uuid))
        : null;

    private static Machine? Only(ClusterSnapshot snapshot, Owners owners) => owners.Count == 1 ? snapshot.Find(owners[0]) : null;
}
