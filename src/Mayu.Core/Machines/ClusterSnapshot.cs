using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Addresses;

namespace Mayu.Core.Machines;

/// <summary>
/// All machines and pins at one moment, immutable, with an index by serial, MAC, UUID and internal address. Readers take one and
/// never wait; a look-up costs the same with ten machines and with ten thousand.
/// </summary>
public sealed class ClusterSnapshot
{
    private readonly ImmutableDictionary<Serial, Machine> _machines;
    private readonly ImmutableDictionary<MacAddress, Serial> _byMac;
    private readonly ImmutableDictionary<Guid, Serial> _byUuid;
    private readonly ImmutableDictionary<Ipv4, Serial> _byAddress;
    private readonly ImmutableDictionary<string, int> _profileCounts;
    private readonly ImmutableSortedDictionary<PinKey, Pin> _pins;
    private readonly ImmutableDictionary<Ipv4, PinKey> _pinnedAddresses;
    private readonly ImmutableDictionary<string, int> _pinnedSlots;

    private ClusterSnapshot(
        ImmutableDictionary<Serial, Machine> machines,
        ImmutableDictionary<MacAddress, Serial> byMac,
        ImmutableDictionary<Guid, Serial> byUuid,
        ImmutableDictionary<Ipv4, Serial> byAddress,
        ImmutableDictionary<string, int> profileCounts,
        Ipv4? lastAssigned,
        ClusterSnapshot? pins)
    {
        _machines = machines;
        _byMac = byMac;
        _byUuid = byUuid;
        _byAddress = byAddress;
        _profileCounts = profileCounts;
        LastAssigned = lastAssigned;
        _pins = pins?._pins ?? ImmutableSortedDictionary<PinKey, Pin>.Empty;
        _pinnedAddresses = pins?._pinnedAddresses ?? ImmutableDictionary<Ipv4, PinKey>.Empty;
        _pinnedSlots = pins?._pinnedSlots ?? NoCounts;
    }

    private ClusterSnapshot(
        ClusterSnapshot machines,
        ImmutableSortedDictionary<PinKey, Pin> pins,
        ImmutableDictionary<Ipv4, PinKey> pinnedAddresses,
        ImmutableDictionary<string, int> pinnedSlots)
    {
        (_machines, _byMac, _byUuid, _byAddress) = (machines._machines, machines._byMac, machines._byUuid, machines._byAddress);
        (_profileCounts, LastAssigned) = (machines._profileCounts, machines.LastAssigned);
        (_pins, _pinnedAddresses, _pinnedSlots) = (pins, pinnedAddresses, pinnedSlots);
    }

    /// <summary>A cluster without machines.</summary>
    public static ClusterSnapshot Empty { get; } = new(
        ImmutableDictionary<Serial, Machine>.Empty,
        ImmutableDictionary<MacAddress, Serial>.Empty,
        ImmutableDictionary<Guid, Serial>.Empty,
        ImmutableDictionary<Ipv4, Serial>.Empty,
        NoCounts,
        lastAssigned: null,
        pins: null);

    private static ImmutableDictionary<string, int> NoCounts => ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

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

    /// <summary>The machine that has this address, as its internal one or for a further interface.</summary>
    public bool TryFindOwner(Ipv4 address, [NotNullWhen(true)] out Machine? owner)
    {
        owner = _byAddress.TryGetValue(address, out var serial) ? _machines[serial] : null;
        return owner is not null;
    }

    /// <summary>How many machines have the profile, whatever their state.</summary>
    public int CountInProfile(string profile) => _profileCounts.GetValueOrDefault(profile);

    /// <summary>The profiles that machines have, with how many each.</summary>
    public IReadOnlyDictionary<string, int> ProfileCounts => _profileCounts;

    /// <summary>The pins, in the order of their keys.</summary>
    public IEnumerable<Pin> Pins => _pins.Values;

    /// <summary>The pin of a key.</summary>
    public Pin? FindPin(PinKey key) => _pins.GetValueOrDefault(key);

    /// <summary>The pin that keeps this address for a machine to come.</summary>
    public Pin? FindPin(Ipv4 address) => _pinnedAddresses.TryGetValue(address, out var key) ? _pins[key] : null;

    /// <summary>How many slots of the profile are kept for machines to come.</summary>
    public int CountPinned(string profile) => _pinnedSlots.GetValueOrDefault(profile);

    /// <summary>
    /// All these machines, whose serials differ, and no pins: as if each had been added to an empty snapshot, in their order, but without
    /// a snapshot for each.
    /// </summary>
    public static ClusterSnapshot Of(IEnumerable<Machine> machines)
    {
        var all = Empty._machines.ToBuilder();
        var (byMac, byUuid, byAddress) = (Empty._byMac.ToBuilder(), Empty._byUuid.ToBuilder(), Empty._byAddress.ToBuilder());
        var profileCounts = NoCounts.ToBuilder();
        Ipv4? lastAssigned = null;
        foreach (var machine in machines)
        {
            all.Add(machine.Serial, machine);
            foreach (var mac in machine.MacAddresses)
            {
                byMac.TryAdd(mac, machine.Serial);
            }

            if (machine.Uuid is { } uuid)
            {
                byUuid.TryAdd(uuid, machine.Serial);
            }

            lastAssigned = machine.InternalAddress is { } primary && !byAddress.ContainsKey(primary) ? primary : lastAssigned;
            foreach (var address in machine.Addresses)
            {
                byAddress[address] = machine.Serial;
            }

            if (machine.Profile is { } profile)
            {
                profileCounts[profile] = profileCounts.GetValueOrDefault(profile) + 1;
            }
        }

        return new ClusterSnapshot(
            all.ToImmutable(), byMac.ToImmutable(), byUuid.ToImmutable(), byAddress.ToImmutable(), profileCounts.ToImmutable(), lastAssigned, pins: null);
    }

    /// <summary>The snapshot in which this record stands in the place of the machine's former one, if there was one.</summary>
    public ClusterSnapshot With(Machine machine)
    {
        var others = Without(machine.Serial);
        var (byMac, byUuid, byAddress) = (others._byMac, others._byUuid, others._byAddress);
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

        foreach (var address in machine.Addresses)
        {
            byAddress = byAddress.SetItem(address, machine.Serial);
        }

        var lastAssigned = machine.InternalAddress is { } primary && !_byAddress.ContainsKey(primary) ? primary : LastAssigned;
        return new ClusterSnapshot(
            others._machines.SetItem(machine.Serial, machine), byMac, byUuid, byAddress, Add(others._profileCounts, machine.Profile, 1), lastAssigned, this);
    }

    /// <summary>The snapshot without this machine.</summary>
    public ClusterSnapshot Without(Serial serial)
    {
        if (Find(serial) is not { } former)
        {
            return this;
        }

        return new ClusterSnapshot(
            _machines.Remove(serial),
            _byMac.RemoveRange(former.MacAddresses.Where(mac => _byMac.GetValueOrDefault(mac) == serial)),
            former.Uuid is { } uuid && _byUuid.GetValueOrDefault(uuid) == serial ? _byUuid.Remove(uuid) : _byUuid,
            _byAddress.RemoveRange(former.Addresses.Where(address => _byAddress.GetValueOrDefault(address) == serial)),
            Add(_profileCounts, former.Profile, -1),
            LastAssigned,
            this);
    }

    /// <summary>The snapshot in which this pin stands in the place of the former one of its key, if there was one.</summary>
    public ClusterSnapshot With(Pin pin)
    {
        var others = Without(pin.Key);
        return new ClusterSnapshot(
            others,
            others._pins.SetItem(pin.Key, pin),
            pin.Address is { } address ? others._pinnedAddresses.SetItem(address, pin.Key) : others._pinnedAddresses,
            Add(others._pinnedSlots, pin.Profile, 1));
    }

    /// <summary>The snapshot without this pin.</summary>
    public ClusterSnapshot Without(PinKey key)
    {
        if (FindPin(key) is not { } former)
        {
            return this;
        }

        return new ClusterSnapshot(
            this,
            _pins.Remove(key),
            former.Address is { } address && _pinnedAddresses.GetValueOrDefault(address) == key ? _pinnedAddresses.Remove(address) : _pinnedAddresses,
            Add(_pinnedSlots, former.Profile, -1));
    }

    private static ImmutableDictionary<string, int> Add(ImmutableDictionary<string, int> counts, string? profile, int by)
    {
        if (profile is null)
        {
            return counts;
        }

        var next = counts.GetValueOrDefault(profile) + by;
        return next > 0 ? counts.SetItem(profile, next) : counts.Remove(profile);
    }
}
