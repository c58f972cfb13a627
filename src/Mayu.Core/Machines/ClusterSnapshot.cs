using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Addresses;

namespace Mayu.Core.Machines;

/// <summary>
/// All machines at one moment, immutable, with an index by serial, MAC, UUID and internal address. Readers take one and
/// never wait; a look-up costs the same with ten machines and with ten thousand.
/// </summary>
public sealed class ClusterSnapshot
{
    private readonly ImmutableDictionary<Serial, Machine> _machines;
    private readonly ImmutableDictionary<MacAddress, Serial> _byMac;
    private readonly ImmutableDictionary<Guid, Serial> _byUuid;
    private readonly ImmutableDictionary<Ipv4, Serial> _byAddress;
    private readonly ImmutableDictionary<string, int> _profileCounts;

    private ClusterSnapshot(
        ImmutableDictionary<Serial, Machine> machines,
        ImmutableDictionary<MacAddress, Serial> byMac,
        ImmutableDictionary<Guid, Serial> byUuid,
        ImmutableDictionary<Ipv4, Serial> byAddress,
        ImmutableDictionary<string, int> profileCounts,
        Ipv4? lastAssigned)
    {
        _machines = machines;
        _byMac = byMac;
        _byUuid = byUuid;
        _byAddress = byAddress;
        _profileCounts = profileCounts;
        LastAssigned = lastAssigned;
    }

    /// <summary>A cluster without machines.</summary>
    public static ClusterSnapshot Empty { get; } = new(
        ImmutableDictionary<Serial, Machine>.Empty,
        ImmutableDictionary<MacAddress, Serial>.Empty,
        ImmutableDictionary<Guid, Serial>.Empty,
        ImmutableDictionary<Ipv4, Serial>.Empty,
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal),
        lastAssigned: null);

    /// <summary>The machines, in no order.</summary>
    public IEnumerable<Machine> Machines => _machines.Values;

    /// <summary>How many machines there are.</summary>
    public int Count => _machines.Count;

    /// <summary>The internal address that was given out last: the search for a free one goes on behind it.</summary>
    public Ipv4? LastAssigned { get; }

    /// <summary>The machine of a serial.</summary>
    public Machine? Find(Serial serial) => _machines.GetValueOrDefault(serial);

    /// <summary>The machine that has an interface with this MAC.</summary>
    public Machine? Find(MacAddress mac) => _byMac.TryGetValue(mac, out var serial) ? _machines[serial] : null;

    /// <summary>The machine with this DMI UUID.</summary>
    public Machine? Find(Guid uuid) => _byUuid.TryGetValue(uuid, out var serial) ? _machines[serial] : null;

    /// <summary>The machine whose internal address this is.</summary>
    public bool TryFindOwner(Ipv4 address, [NotNullWhen(true)] out Machine? owner)
    {
        owner = _byAddress.TryGetValue(address, out var serial) ? _machines[serial] : null;
        return owner is not null;
    }

    /// <summary>How many machines have the profile, whatever their state.</summary>
    public int CountInProfile(string profile) => _profileCounts.GetValueOrDefault(profile);

    /// <summary>The snapshot in which this record stands in the place of the machine's former one, if there was one.</summary>
    public ClusterSnapshot With(Machine machine)
    {
        var (byMac, byUuid, byAddress, profileCounts) = (_byMac, _byUuid, _byAddress, _profileCounts);
        if (Find(machine.Serial) is { } former)
        {
            byMac = byMac.RemoveRange(former.MacAddresses.Where(mac => OwnsMac(former, mac)));
            byUuid = former.Uuid is { } oldUuid && byUuid.GetValueOrDefault(oldUuid) == former.Serial ? byUuid.Remove(oldUuid) : byUuid;
            byAddress = former.InternalAddress is { } oldAddress ? byAddress.Remove(oldAddress) : byAddress;
            profileCounts = Add(profileCounts, former.Profile, -1);
        }

        foreach (var mac in machine.MacAddresses)
        {
            if (!byMac.ContainsKey(mac))
            {
                byMac = byMac.Add(mac, machine.Serial);
            }
        }

        if (machine.Uuid is { } uuid && !byUuid.ContainsKey(uuid))
        {
            byUuid = byUuid.Add(uuid, machine.Serial);
        }

        var lastAssigned = LastAssigned;
        if (machine.InternalAddress is { } address)
        {
            lastAssigned = _byAddress.ContainsKey(address) ? LastAssigned : address;
            byAddress = byAddress.SetItem(address, machine.Serial);
        }

        return new ClusterSnapshot(
            _machines.SetItem(machine.Serial, machine), byMac, byUuid, byAddress, Add(profileCounts, machine.Profile, 1), lastAssigned);
    }

    private bool OwnsMac(Machine machine, MacAddress mac) => _byMac.GetValueOrDefault(mac) == machine.Serial;

    private static ImmutableDictionary<string, int> Add(ImmutableDictionary<string, int> counts, string? profile, int by) =>
        profile is null ? counts : counts.SetItem(profile, counts.GetValueOrDefault(profile) + by);
}
