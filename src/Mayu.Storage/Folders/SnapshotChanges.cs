using System.Collections.Immutable;
using Mayu.Core.Machines;

namespace Mayu.Storage.Folders;

/// <summary>From one snapshot to the next, when it was the disk that changed.</summary>
internal static class SnapshotChanges
{
    /// <summary>The snapshot with these machines and pins; what says the same stays the same object.</summary>
    public static ClusterSnapshot Replace(this ClusterSnapshot snapshot, IReadOnlyCollection<Machine> machines, ImmutableSortedDictionary<PinKey, Pin> pins)
    {
        var next = snapshot.Count == 0 && !snapshot.Pins.Any() ? ClusterSnapshot.Of(machines) : snapshot.Replace(machines);

        foreach (var gone in snapshot.Pins.Where(p => !pins.ContainsKey(p.Key)))
        {
            next = next.Without(gone.Key);
        }

        foreach (var pin in pins.Values)
        {
            next = next.FindPin(pin.Key) == pin ? next : next.With(pin);
        }

        return next;
    }

    private static ClusterSnapshot Replace(this ClusterSnapshot snapshot, IReadOnlyCollection<Machine> machines)
    {
        var next = snapshot;
        var serials = machines.Select(m => m.Serial).ToHashSet();
        foreach (var gone in snapshot.Machines.Where(m => !serials.Contains(m.Serial)))
        {
            next = next.Without(gone.Serial);
        }

        foreach (var machine in machines)
        {
            next = next.Find(machine.Serial)?.IsSameAs(machine) == true ? next : next.With(machine);
        }

        return next;
    }
}
