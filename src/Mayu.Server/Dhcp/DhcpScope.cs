using System.Collections.Frozen;
using System.Text;
using Mayu.Core.Addresses;

namespace Mayu.Server.Dhcp;

/// <summary>
/// One subnet that addresses are given out of: the pool, the addresses that belong to one client each, and how its clients are answered.
/// Not safe for several threads at once.
/// </summary>
internal sealed class DhcpScope
{
    private readonly LeasePool _pool;
    private readonly uint _leaseSeconds;
    private readonly FrozenDictionary<MacAddress, (Ipv4 Address, byte[] Hostname)> _fixed;
    private readonly FrozenDictionary<Ipv4, MacAddress> _fixedClients;

    public DhcpScope(DhcpSettings settings, IBootAnswers answers, TimeProvider clock)
    {
        var network = settings.Network;
        var reservations = settings.Reservations.Where(reservation => network.Subnet.Contains(reservation.Address)).ToList();
        Ipv4?[] others = [network.ServerAddress, network.Router, network.Subnet.Network, network.Subnet.Broadcast];
        var excluded = others.OfType<Ipv4>().Concat(network.Dns).Concat(network.Ntp).Concat(settings.Relays)
            .Concat(reservations.Select(reservation => reservation.Address));
        var range = network.BootstrapRange ?? throw new ArgumentException("there is no pool to lease from", nameof(settings));
        _pool = new LeasePool(range, excluded, network.LeaseTime, answers.IsTaken, clock);
        _leaseSeconds = (uint)network.LeaseTime.TotalSeconds;
        _fixed = reservations.ToFrozenDictionary(
            reservation => reservation.Mac, reservation => (reservation.Address, Encoding.ASCII.GetBytes(reservation.Hostname ?? "")));
        _fixedClients = reservations.ToFrozenDictionary(reservation => reservation.Address, reservation => reservation.Mac);
        Settings = settings;
        BootFiles = new BootFileChoice(settings.Pxe, settings.BootUrl, settings.BlockSizes);
        Replies = new DhcpReplyWriter(network, settings.Options);
    }

    public DhcpSettings Settings { get; }

    public NetworkPlan Network => Settings.Network;

    public BootFileChoice BootFiles { get; }

    public DhcpReplyWriter Replies { get; }

    /// <summary>The pool's addresses, for messages.</summary>
    public Ipv4Range Range => _pool.Range;

    /// <summary>How many addresses the pool has.</summary>
    public int PoolSize => _pool.Size;

    /// <summary>Finds an address for a client and holds it.</summary>
    /// <returns>False when the pool is full.</returns>
    public bool TryOffer(MacAddress client, Ipv4? wish, out Ipv4 address)
    {
        if (_fixed.TryGetValue(client, out var own))
        {
            address = own.Address;
            return true;
        }

        return _pool.TryOffer(client, wish, out address);
    }

    /// <summary>A client asks to have, or to keep, this address.</summary>
    public LeaseVerdict TryBind(MacAddress client, Ipv4 address)
    {
        if (_fixed.TryGetValue(client, out var own))
        {
            return own.Address == address ? LeaseVerdict.Bound : LeaseVerdict.HasAnother;
        }

        return _fixedClients.ContainsKey(address) ? LeaseVerdict.Taken : _pool.TryBind(client, address);
    }

    /// <summary>What a client is told about the address that it was offered, or has.</summary>
    public DhcpLeaseTerms TermsOf(MacAddress client, Ipv4 address) =>
        new(address, _leaseSeconds, _fixed.TryGetValue(client, out var own) ? own.Hostname : []);

    /// <summary>The client took another server's offer: ours is free again.</summary>
    public void Withdraw(MacAddress client) => _pool.Withdraw(client);

    /// <summary>The client gives its address back.</summary>
    /// <returns>False when it has no such lease, or has the address for good.</returns>
    public bool TryRelease(MacAddress client, Ipv4 address) => _pool.TryRelease(client, address);

    /// <summary>The client found somebody else at its address.</summary>
    /// <returns>False when it was not given this address.</returns>
    public bool TryDecline(MacAddress client, Ipv4 address) =>
        _fixed.TryGetValue(client, out var own) ? own.Address == address : _pool.TryDecline(client, address);

    /// <summary>Who has, or was offered, an address; null when nobody.</summary>
    public MacAddress? FindClient(Ipv4 address) => _fixedClients.TryGetValue(address, out var client) ? client : _pool.FindClient(address);
}
