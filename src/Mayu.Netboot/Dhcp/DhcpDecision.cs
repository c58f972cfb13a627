using System.Runtime.InteropServices;
using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>What a packet of a client is answered with.</summary>
internal enum DhcpDecisionKind
{
    /// <summary>Nothing: the packet is another server's, or asks for nothing.</summary>
    None,

    /// <summary>Nothing, on purpose.</summary>
    Silent,

    /// <summary>Nothing yet: it has to be asked on the wire whether somebody uses the address.</summary>
    Probe,

    /// <summary>DHCPOFFER.</summary>
    Offer,

    /// <summary>DHCPACK, or the answer to BOOTP.</summary>
    Ack,

    /// <summary>DHCPNAK.</summary>
    Nak,

    /// <summary>Nothing: no address is left for it.</summary>
    Full,

    /// <summary>Nothing: it declined its address, which rests for that.</summary>
    Decline,

    /// <summary>Nothing: it declined its address as it did others, and that is not believed.</summary>
    UntrustedDecline,

    /// <summary>Nothing: it gave its address back.</summary>
    Release,

    /// <summary>DHCPACK without an address.</summary>
    Inform,

    /// <summary>Nothing: somebody else was found at the address that it was to be offered.</summary>
    Occupied,

    /// <summary>A boot file, beside the address that another DHCP server gives.</summary>
    Proxy,
}

/// <summary>
/// What is done about one packet, and why: replies, marks and lines of the log are made of it. A value, whoever decides: the builtin server, the proxy,
/// or dnsmasq, of whose log it is read.
/// </summary>
/// <param name="Kind">What is answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DhcpDecision(DhcpDecisionKind Kind)
{
    /// <summary>The client, and what the pool may give it.</summary>
    public LeaseClient Client { get; init; }

    /// <summary>The known machine whose client it is; null for none.</summary>
    public Serial? Serial { get; init; }

    /// <summary>Its transaction.</summary>
    public uint Xid { get; init; }

    /// <summary>Which hop of a boot its packet is; null: none.</summary>
    public HopKind? Asked { get; init; }

    /// <summary>What its packet says.</summary>
    public HopDetail Question { get; init; }

    /// <summary>Which hop of a boot the decision is; null: none, as a renewal is a running system's everyday life.</summary>
    public HopKind? Hop { get; init; }

    /// <summary>What is told it, or why nothing is.</summary>
    public HopDetail Reason { get; init; }

    /// <summary>The address that it is given, asks for or has.</summary>
    public Ipv4 Address { get; init; }

    /// <summary>What it is told to load; null: nothing.</summary>
    public BootFile? File { get; init; }

    /// <summary>The subnet that it is in; null where nobody here gives it an address.</summary>
    public DhcpScope? Scope { get; init; }

    /// <summary>What this server calls itself to it: option 54. Its own address, or what the client's relay wants (RFC 5107).</summary>
    public Ipv4 Server { get; init; }

    /// <summary>What is told it goes out when the record of leases of this number is durable; 0: at once.</summary>
    public long AfterRecord { get; init; }

    /// <summary>What an operator is to be told now; null: nothing.</summary>
    public string? News { get; init; }

    /// <summary>Who it is.</summary>
    public MacAddress Mac => Client.Mac;

    /// <summary>Its packet, as a hop of its boot.</summary>
    public DhcpDecision Asks(HopKind hop, in HopDetail question) => this with { Asked = hop, Question = question };

    /// <summary>Its DHCPREQUEST, as a hop of its boot.</summary>
    public DhcpDecision AsksFor(Ipv4 address, string description) =>
        Asks(HopKind.Request, new HopDetail(DhcpReasons.Asks) { Text = description, Address = address });

    /// <summary>It gets no answer.</summary>
    public DhcpDecision Silent(in HopDetail why) => this with { Kind = DhcpDecisionKind.Silent, Hop = HopKind.Silent, Reason = why };

    /// <summary>It is offered an address.</summary>
    public DhcpDecision Offer(Ipv4 address) =>
        this with { Kind = DhcpDecisionKind.Offer, Hop = HopKind.Offer, Address = address, Reason = HopDetail.Lease(address, File?.Name) };

    /// <summary>It has an address.</summary>
    public DhcpDecision Acknowledge(Ipv4 address, bool isHop = true) =>
        this with { Kind = DhcpDecisionKind.Ack, Hop = isHop ? HopKind.Ack : null, Address = address, Reason = HopDetail.Lease(address, File?.Name) };

    /// <summary>It is refused an address.</summary>
    public DhcpDecision Refuse(Ipv4 address, string why) => this with
    {
        Kind = DhcpDecisionKind.Nak,
        Hop = HopKind.Nak,
        Address = address,
        Reason = new HopDetail(DhcpReasons.Refused) { Address = address, Reason = why },
    };

    /// <summary>There is no address for it.</summary>
    public DhcpDecision Full(string why) => this with { Kind = DhcpDecisionKind.Full, Hop = HopKind.Failed, Reason = why };

    /// <summary>It declined its address.</summary>
    public DhcpDecision Decline(Ipv4 address, bool isBelieved = true) => this with
    {
        Kind = isBelieved ? DhcpDecisionKind.Decline : DhcpDecisionKind.UntrustedDecline,
        Hop = HopKind.Decline,
        Address = address,
        Reason = new HopDetail(DhcpReasons.Declined) { Address = address },
    };

    /// <summary>It gave its address back.</summary>
    public DhcpDecision Release(Ipv4 address) => this with
    {
        Kind = DhcpDecisionKind.Release,
        Hop = HopKind.Release,
        Address = address,
        Reason = new HopDetail(DhcpReasons.Released) { Address = address },
    };

    /// <summary>Somebody else is at the address that it was to be offered.</summary>
    public DhcpDecision Occupied(AddressUser user) => this with
    {
        Kind = DhcpDecisionKind.Occupied,
        Hop = HopKind.Failed,
        Reason = new HopDetail(DhcpReasons.InUse) { Address = Address, Text = user.ToString() },
    };

    /// <summary>It is told what to load, beside another DHCP server.</summary>
    public DhcpDecision Proxy(BootFile? file, in HopDetail what) =>
        this with { Kind = DhcpDecisionKind.Proxy, Hop = HopKind.Proxy, File = file, Reason = what };
}
