using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>
/// All machines and pins at one moment, immutable, with an index by serial, MAC, UUID and internal address. Readers take one and
/// never wait; a look-up costs the same with ten machines and with ten thousand.
/// </summary>
public sealed class ClusterSnapshot
{
    private readonly ImmutableDictionary<Serial, Machine> _machines;
    private readonly ImmutableDictionary<MacAddress, Owners> _byMac;
    private readonly ImmutableDictionary<Guid, Owners> _byUuid;
    private readonly ImmutableDictionary<Serial, Owners> _bySaidSerial;
    private readonly ImmutableDictionary<string, Owners> _byHostname;
    private readonly ImmutableDictionary<Ipv4, Serial> _byAddress;
    private readonly ImmutableDictionary<string, int> _profileCounts;
    private readonly ImmutableSortedDictionary<PinKey, Pin> _pins;
    private readonly ImmutableDictionary<Ipv4, PinKey> _pinnedAddresses;
    private readonly ImmutableDictionary<string, int> _pinnedSlots;

    private ClusterSnapshot(
        ImmutableDictionary<Serial, Machine> machines,
        IndexBuilder? keys,
        ImmutableDictionary<Ipv4, Serial> byAddress,
        ImmutableDictionary<string, int> profileCounts,
        Ipv4? lastAssigned,
        ClusterSnapshot? pins)
    {
        _machines = machines;
        _byMac = keys?.ByMac ?? ImmutableDictionary<MacAddress, Owners>.Empty;
        _byUuid = keys?.ByUuid ?? ImmutableDictionary<Guid, Owners>.Empty;
        _bySaidSerial = keys?.BySaidSerial ?? ImmutableDictionary<Serial, Owners>.Empty;
        _byHostname = keys?.ByHostname ?? ImmutableDictionary.Create<string, Owners>(StringComparer.Ordinal);
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
        (_machines, _byMac, _byUuid) = (machines._machines, machines._byMac, machines._byUuid);
        (_bySaidSerial, _byHostname, _byAddress) = (machines._bySaidSerial, machines._byHostname, machines._byAddress);
        (_profileCounts, LastAssigned) = (machines._profileCounts, machines.LastAssigned);
        (_pins, _pinnedAddresses, _pinnedSlots) = (pins, pinnedAddresses, pinnedSlots);
    }

    /// <summary>A cluster without machines.</summary>
    public static ClusterSnapshot Empty { get; } = new(
        ImmutableDictionary<Serial, Machine>.Empty,
        keys: null,
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

    /// <summary>The machines whose records have this MAC, or have none and are named by it. Who really asks is the identity's to say.</summary>
    public Owners OwnersOf(MacAddress mac) => _byMac.GetValueOrDefault(mac);

    /// <summary>The machines whose records have this DMI UUID in either byte order, or are named by it.</summary>
    public Owners OwnersOf(Guid uuid) => _byUuid.GetValueOrDefault(Uuids.Canonical(uuid));

    /// <summary>The machines that say this serial and are named by another.</summary>
    public Owners ClaimantsOf(Serial serial) => _bySaidSerial.GetValueOrDefault(serial);

    /// <summary>The machines that have this host name; more than one only in records that were written by hand.</summary>
    public Owners OwnersOfHostname(string hostname) => _byHostname.GetValueOrDefault(hostname);

    /// <summary>
    /// Whether a UUID tells no machine from another: it is a placeholder, an operator said so, or two machines on record with no MAC in
    /// common have it.
    /// </summary>
    public bool IsShared(Guid uuid)
    {
        if (Placeholders.IsPlaceholder(uuid))
        {
            return true;
        }

        var owners = OwnersOf(uuid);
        var first = owners.Count > 0 ? _machines[owners[0]] : null;
        for (var i = 0; i < owners.Count; i++)
        {
            var owner = _machines[owners[i]];
            if (owner.SharesUuid || (i > 0 && !HaveCommonCard(first!, owner)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a serial tells no machine from another: an operator said so, or several machines say it and none is named by it.</summary>
    public bool IsShared(Serial serial) => Find(serial) is { } named ? named.SharesSerial
        : ClaimantsOf(serial) is { Count: > 0 } sayers && (sayers.Count > 1 || Find(sayers[0])!.SharesSerial);

    /// <summary>
    /// Whether a MAC tells no machine from another: several have it, and it is locally administered, or more than two do. A card that moved
    /// is in two records until one of them is told; what is in three is not a card.
    /// </summary>
    public bool IsShared(MacAddress mac) => OwnersOf(mac).Count is var count && (count > 2 || (count == 2 && mac.IsLocallyAdministered));

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

    /// <summary>The pins of a machine, the strongest first. What several machines say pins none of them.</summary>
    public IEnumerable<Pin> PinsOf(Serial serial, Guid? uuid, IEnumerable<MacAddress> macs) =>
        PinKey.Of(serial, uuid is { } own && !IsShared(own) ? own : null, macs.Where(mac => !IsShared(mac))).Select(FindPin).OfType<Pin>();

    /// <summary>How many slots of the profile are kept for machines to come.</summary>
    public int CountPinned(string profile) => _pinnedSlots.GetValueOrDefault(profile);

    /// <summary>
    /// All these machines, whose serials differ, and no pins: as if each had been added to an empty snapshot, in their order, but without
    /// a snapshot for each.
    /// </summary>
    public static ClusterSnapshot Of(IEnumerable<Machine> machines)
    {
        var all = Empty._machines.ToBuilder();
        var keys = new IndexBuilder(Empty);
        var byAddress = Empty._byAddress.ToBuilder();
        var profileCounts = NoCounts.ToBuilder();
        Ipv4? lastAssigned = null;
        foreach (var machine in machines)
        {
            all.Add(machine.Serial, machine);
            keys.Add(machine);
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
            all.ToImmutable(), keys, byAddress.ToImmutable(), profileCounts.ToImmutable(), lastAssigned, pins: null);
    }

    /// <summary>The snapshot in which this record stands in the place of the machine's former one, if there was one.</summary>
    public ClusterSnapshot With(Machine machine)
    {
        var others = Without(machine.Serial);
        var keys = new IndexBuilder(others);
        keys.Add(machine);
        var byAddress = others._byAddress;
        foreach (var address in machine.Addresses)
        {
            byAddress = byAddress.SetItem(address, machine.Serial);
        }

        var lastAssigned = machine.InternalAddress is { } primary && !_byAddress.ContainsKey(primary) ? primary : LastAssigned;
        return new ClusterSnapshot(
            others._machines.SetItem(machine.Serial, machine), keys, byAddress,
            Add(others._profileCounts, machine.Profile, 1), lastAssigned, this);
    }

    /// <summary>The snapshot without this machine.</summary>
    public ClusterSnapshot Without(Serial serial)
    {
        if (Find(serial) is not { } former)
        {
            return this;
        }

        var keys = new IndexBuilder(this);
        keys.Remove(former);
        return new ClusterSnapshot(
            _machines.Remove(serial),
            keys,
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

    // A card that several have (a board controller's) is none in common. So few look at many: what is no such card has two owners at most.
    private bool HaveCommonCard(Machine one, Machine other)
    {
        foreach (var mac in one.MacAddresses)
        {
            if (other.MacAddresses.Contains(mac) && !IsShared(mac))
            {
                return true;
            }
        }

        return false;
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

    // The indexes by what a machine is recognised by. What several have finds all of them.
    private sealed class IndexBuilder(ClusterSnapshot snapshot)
    {
        private readonly ImmutableDictionary<MacAddress, Owners>.Builder _byMac = snapshot._byMac.ToBuilder();
        private readonly ImmutableDictionary<Guid, Owners>.Builder _byUuid = snapshot._byUuid.ToBuilder();
        private readonly ImmutableDictionary<Serial, Owners>.Builder _bySaidSerial = snapshot._bySaidSerial.ToBuilder();
        private readonly ImmutableDictionary<string, Owners>.Builder _byHostname = snapshot._byHostname.ToBuilder();

        public ImmutableDictionary<MacAddress, Owners> ByMac => _byMac.ToImmutable();

        public ImmutableDictionary<Guid, Owners> ByUuid => _byUuid.ToImmutable();

        public ImmutableDictionary<Serial, Owners> BySaidSerial => _bySaidSerial.ToImmutable();

        public ImmutableDictionary<string, Owners> ByHostname => _byHostname.ToImmutable();

        public void Add(Machine machine) => Put(machine, static (owners, serial) => owners.With(serial));

        public void Remove(Machine machine) => Put(machine, static (owners, serial) => owners.Without(serial));

        private static void Put<T>(ImmutableDictionary<T, Owners>.Builder index, T key, Serial serial, Func<Owners, Serial, Owners> change)
            where T : notnull
        {
            var owners = change(index.GetValueOrDefault(key), serial);
            if (owners.Count > 0)
            {
                index[key] = owners;
            }
            else
            {
                index.Remove(key);
            }
        }

        private void Put(Machine machine, Func<Owners, Serial, Owners> change)
        {
            foreach (var mac in machine.MacAddresses)
            {
                Put(_byMac, mac, machine.Serial, change);
            }

            if (machine.Uuid is { } uuid && !Placeholders.IsPlaceholder(uuid))
            {
                Put(_byUuid, Uuids.Canonical(uuid), machine.Serial, change);
            }

            if (machine.SaidSerial is { } said)
            {
                Put(_bySaidSerial, said, machine.Serial, change);
            }

            // A machine that had no serial is named by its UUID or its MAC. Of a MAC that counts only until its cards are known: they move.
            if (machine.Serial.TryGetUuid(out var nameUuid))
            {
                Put(_byUuid, Uuids.Canonical(nameUuid), machine.Serial, change);
            }
            else if (machine.MacAddresses.IsEmpty && machine.Serial.TryGetMac(out var nameMac))
            {
                Put(_byMac, nameMac, machine.Serial, change);
            }

            if (machine.Hostname is { } hostname)
            {
                Put(_byHostname, hostname, machine.Serial, change);
            }
        }
    }
}
