using System.Collections.Frozen;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// One subnet that addresses are given out of: the pool, the addresses that belong to one client each, and how its clients are answered.
/// Not safe for several threads at once.
/// </summary>
internal sealed class DhcpScope
{
    private readonly IBootAnswers _answers;
    private readonly LeasePool _pool;
    private readonly uint _leaseSeconds;
    private readonly uint _trialSeconds;
    private readonly FrozenDictionary<MacAddress, (Ipv4 Address, byte[] Hostname)> _fixed;
    private readonly FrozenDictionary<Ipv4, MacAddress> _fixedClients;

    public DhcpScope(DhcpSubnet settings, IBootAnswers answers, ILeaseLog? log, ClientTable clients, TimeProvider clock)
    {
        var network = settings.Network;
        var reservations = settings.Dhcp.Reservations.Where(reservation => network.Subnet.Contains(reservation.Address)).ToList();
        Ipv4?[] others = [network.ServerAddress, network.Router, network.Subnet.Network, network.Subnet.Broadcast];
        var trialTime = settings.Dhcp.TrialTime < network.LeaseTime ? settings.Dhcp.TrialTime : network.LeaseTime;
        _answers = answers;
        _pool = new LeasePool(
            new LeaseRules
            {
                Range = network.BootstrapRange ?? throw new ArgumentException("there is no address pool", nameof(settings)),
                Excluded = [.. others.OfType<Ipv4>(), .. network.Dns, .. network.Ntp, .. settings.Relays, .. reservations.Select(reservation => reservation.Address)],
                LeaseTime = network.LeaseTime,
                TrialTime = trialTime,
                KnownShare = settings.Dhcp.KnownShare,
            },
            answers,
            log,
            clients,
            clock);
        _leaseSeconds = (uint)network.LeaseTime.TotalSeconds;
        _trialSeconds = (uint)trialTime.TotalSeconds;
        _fixed = reservations.ToFrozenDictionary(
            reservation => reservation.Mac, reservation => (reservation.Address, Encoding.ASCII.GetBytes(reservation.Hostname ?? "")));
        _fixedClients = reservations.ToFrozenDictionary(reservation => reservation.Address, reservation => reservation.Mac);
        foreach (var (mac, address, _) in reservations)
        {
            clients.Lease(address, mac, time: null);
        }

        Occupants = new Occupants(_pool.Range, _pool.Size, clock);
        RangeWords = _pool.Range.ToString();
        var isFull = $"the address pool {RangeWords} is full: all {_pool.Size} addresses are leased";
        FullWords = (isFull, $"{isFull} or reserved for known machines");
        Settings = settings;
        BootFiles = new BootFileChoice(settings.Pxe, settings.BootUrl);
        Replies = new DhcpReplyWriter(network, settings.Dhcp.Options);
    }

    public DhcpSubnet Settings { get; }

    public NetworkPlan Network => Settings.Network;

    /// <summary>Whether it is the interface's own subnet, and not behind a relay.</summary>
    public bool IsOnLink => Settings.Relays.Count == 0;

    public BootFileChoice BootFiles { get; }

    public DhcpReplyWriter Replies { get; }

    /// <summary>Asks on the wire whether an address is in use; null: nobody is asked.</summary>
    public IAddressProbe? Probe { get; init; }

    /// <summary>Which addresses of the pool strangers use.</summary>
    public Occupants Occupants { get; }

    /// <summary>What is said of a full pool, to a known machine and to a stranger. Made once: a full pool is asked often.</summary>
    public (string Known, string Stranger) FullWords { get; }

    /// <summary>The pool's addresses in words.</summary>
    public string RangeWords { get; }

    /// <summary>Finds an address for a client and holds it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="wish">The address it would like, if any.</param>
    /// <param name="address">The address.</param>
    /// <param name="isProbed">Whether nobody needs to be asked whether he uses it: that is known, or the address is the client's for good.</param>
    /// <returns>False when the pool is full.</returns>
    public bool TryOffer(in LeaseClient client, Ipv4? wish, out Ipv4 address, out bool isProbed)
    {
        if (client.FixedAddress is { } own)
        {
            (address, isProbed) = (own, true);
            return true;
        }

        return _pool.TryOffer(client, wish, out address, out isProbed);
    }

    /// <summary>A client asks to have, or to keep, this address.</summary>
    public LeaseVerdict TryBind(in LeaseClient client, Ipv4 address)
    {
        if (client.FixedAddress is { } own)
        {
            return own == address ? LeaseVerdict.Bound : LeaseVerdict.HasAnother;
        }

        return _fixedClients.ContainsKey(address) ? LeaseVerdict.Taken : _pool.TryBind(client, address);
    }

    /// <summary>For how long a client is given its address, and the name it is told (option 12); empty: none.</summary>
    public (uint Seconds, byte[] Hostname) TermsOf(in LeaseClient client) => _fixed.TryGetValue(client.Mac, out var own)
        ? (_leaseSeconds, own.Hostname)
        : (client.IsTrusted ? _leaseSeconds : _trialSeconds, []);

    /// <summary>Whether an address is the client's: by its lease, ended or not, or for good.</summary>
    public bool IsOf(MacAddress client, Ipv4 address) =>
        _pool.IsOf(client, address) || (_fixed.TryGetValue(client, out var own) && own.Address == address) || _answers.OwnAddressOf(client) == address;

    /// <summary>The client took another server's offer: ours is free again.</summary>
    public void Withdraw(MacAddress client) => _pool.Withdraw(client);

    /// <summary>The client gives its address back.</summary>
    /// <returns>False when it has no such lease, or has the address for good.</returns>
    public bool TryRelease(MacAddress client, Ipv4 address) => _pool.TryRelease(client, address);

    /// <summary>Somebody else was found at the client's address: it rests, if that is believed.</summary>
    /// <param name="client">Who was to have it.</param>
    /// <param name="address">The address.</param>
    /// <param name="how">How he was found.</param>
    /// <param name="mac">Who answered, or the client that declined it; null where that is not known.</param>
    /// <param name="verdict">Whether it is believed.</param>
    /// <returns>False when the client was not given this address.</returns>
    public bool TryHold(MacAddress client, Ipv4 address, OccupiedHow how, MacAddress? mac, out OccupantVerdict verdict)
    {
        verdict = default;
        var isFixed = _fixed.TryGetValue(client, out var own) && own.Address == address;
        if (!isFixed && !_pool.IsOf(client, address))
        {
            return false;
        }

        verdict = Occupants.Note(address, how, mac);
        foreach (var other in verdict.Freed)
        {
            _pool.EndHold(other);
        }

        if (verdict.Counts && !isFixed)
        {
            _pool.TryHold(client, address);
        }

        return true;
    }

    /// <summary>The client declined its address, and is not believed: the wire is asked before anybody is offered it again.</summary>
    public void ReleaseUnprobed(MacAddress client, Ipv4 address) => _pool.ReleaseUnprobed(client, address);

    /// <summary>Nobody else was found at the address that the client was offered.</summary>
    public void SetProbed(MacAddress client, Ipv4 address) => _pool.SetProbed(client, address);

    /// <summary>How the pool's addresses are used now.</summary>
    public DhcpPoolUse PoolUse => _pool.UseOf(Network.Subnet);

    /// <summary>Every lease of the pool, and every offer that waits.</summary>
    public IEnumerable<PoolLease> Leases => _pool.All();

    /// <summary>All leases that outlive a restart.</summary>
    public IEnumerable<LeaseRecord> Records() => _pool.Records();

    /// <summary>Takes over what was known before a restart.</summary>
    public void Restore(IEnumerable<LeaseRecord> records)
    {
        foreach (var record in records.Where(record => Network.Subnet.Contains(record.Address)))
        {
            _pool.TryRestore(record, record.Client is { } client && _answers.IsKnown(client));
        }
    }

    /// <summary>The address that a client has for good, which is not of the pool: an installed system, not the loaders and the discovery system that came before it.</summary>
    public Ipv4? FixedAddressOf(in DhcpClient client, BootAnswer answer) =>
        _fixed.TryGetValue(client.Mac, out var reserved) ? reserved.Address
        : Settings.Dhcp.OwnAddresses && !client.IsBootp && client.Loader.Kind == PxeClientKind.Plain
            && answer.Kind is BootAnswerKind.LocalDisk or BootAnswerKind.LocalDiskByScript or BootAnswerKind.Live
            && _answers.OwnAddressOf(client.Mac) is { } own && Network.Subnet.Contains(own) ? own
        : null;
}
