using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Status;

/// <summary>Counts how many slots of each profile are taken.</summary>
internal static class ProfileUse
{
    private const int MaxSerials = 100;

    /// <summary>The plan's profiles, and those that it lost.</summary>
    public static Contracts.ProfileList Of(ClusterSnapshot snapshot, ClusterPlan plan)
    {
        var lost = snapshot.ProfileCounts.Keys
            .Concat(snapshot.Pins.Select(pin => pin.Profile).OfType<string>())
            .Where(name => plan.FindProfile(name) is null)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return new Contracts.ProfileList
        {
            Items = [.. plan.Profiles.Select(profile => Of(snapshot, profile))],
            Orphaned = [.. lost.Select(name => Lost(snapshot, name))],
        };
    }

    /// <summary>What takes its slots: <c>1 machine and 2 pins</c>.</summary>
    public static string Holders(Contracts.ProfileUse profile) => $"{Counted.Of(profile.Used, "machine")} and {Counted.Of(profile.Pinned, "pin")}";

    private static Contracts.ProfileUse Of(ClusterSnapshot snapshot, Profile profile)
    {
        var (used, pinned) = (snapshot.CountInProfile(profile.Name), snapshot.CountPinned(profile.Name));
        int? quantity = profile.IsDefault ? null : profile.Quantity;
        return new Contracts.ProfileUse
        {
            Name = profile.Name,
            Quantity = quantity,
            Used = used,
            Pinned = pinned,
            Free = quantity is { } all ? Math.Max(0, all - used - pinned) : null,
            OverFull = used + pinned > quantity,
            Requires = profile.Requires == ProfileRequirements.None ? null : profile.Requires,
        };
    }

    private static Contracts.ProfileUse Lost(ClusterSnapshot snapshot, string name) => new()
    {
        Name = name,
        Used = snapshot.CountInProfile(name),
        Pinned = snapshot.CountPinned(name),
        Serials = [.. snapshot.Machines.Where(machine => machine.Profile == name).Select(machine => machine.Serial).Order().Take(MaxSerials).Select(serial => serial.Text)],
    };
}
