using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Decides what a client's packet is answered with (RFC 2131 §4.3), and keeps its pools accordingly. It writes nothing, marks nothing and logs
/// nothing. Safe from any thread.
/// </summary>
/// <param name="scopes">The subnets.</param>
/// <param name="answers">The planner.</param>
/// <param name="log">Tells how far leases are durable; null: they live in memory only.</param>
internal sealed class DhcpDecider(DhcpScopes scopes, IBootAnswers answers, ILeaseLog? log)
{
    private readonly Lock _gate = new();

    /// <summary>Which addresses of each pool strangers use.</summary>
    public IEnumerable<Occupants> Occupants => scopes.All.Select(scope => scope.Occupants);

    /// <summary>How the addresses of each pool are used now.</summary>
    public IReadOnlyList<DhcpPoolUse> Pools
    {
        get
        {
            lock (_gate)
            {
                return [.. scopes.All.Select(scope => scope.PoolUse)];
            }
        }
    }

    /// <summary>Every lease of each pool, and every offer that waits. Packets wait meanwhile.</summary>
    public IReadOnlyList<PoolLease> Leases
    {
        get
        {
            lock (_gate)
            {
                return [.. scopes.All.SelectMany(scope => scope.Leases)];
            }
        }
    }

    /// <summary>All leases that outlive a restart. Packets wait meanwhile, some milliseconds for 20,000 leases.</summary>
    public IReadOnlyList<LeaseRecord> Records()
    {
        lock (_gate)
        {
            return [.. scopes.All.SelectMany(scope => scope.Records())];
        }
    }

    /// <summary>Decides about a packet.</summary>
    public DhcpDecision Decide(in DhcpClient client)
    {
        var (serial, answer) = answers.AnswerFor(client.Mac, client.Loader.Uuid);
        var isKnown = answers.IsKnown(client.Mac);
        var lease = new LeaseClient(client.Mac, isKnown, isKnown || answers.HasBooted(client.Mac));
        var relay = client.Request.RelayAddress.IsAny ? default : RelayAgentInformation.Read(client.Request);
        lock (_gate)
        {
            var start = new DhcpDecision(DhcpDecisionKind.None) { Client = lease, Serial = serial, Xid = client.Request.TransactionId };
            if (scopes.Find(client, relay, out var why) is not { } scope)
            {
                return start.Silent(why);
            }

            start = start with
            {
                Scope = scope,
                Server = relay.ServerOverride ?? scope.Network.ServerAddress,
                Client = lease with { FixedAddress = scope.FixedAddressOf(client, answer) },
            };
            var decision = client.Request.MessageType switch
            {
                DhcpMessageType.Discover => OnDiscover(client, answer, start),
                DhcpMessageType.Request => OnRequest(client, answer, start),
                DhcpMessageType.Decline => OnDecline(client, start),
                DhcpMessageType.Release => OnRelease(client, start),
                DhcpMessageType.Inform => OnInform(client, start),
                DhcpMessageType.None => OnBootp(client, answer, start),
                _ => start,
            };
            return decision.Kind == DhcpDecisionKind.Ack ? decision with { AfterRecord = log?.Newest ?? 0 } : decision;
        }
    }

    /// <summary>It was asked on the wire who uses the address that a client is to be offered.</summary>
    /// <param name="probe">What was decided.</param>
    /// <param name="user">Who uses it; null: nobody.</param>
    /// <returns>What is to be told of it, which answers nothing: the client's packet is decided about again.</returns>
    public DhcpDecision Probed(in DhcpDecision probe, AddressUser? user)
    {
        var told = new DhcpDecision(DhcpDecisionKind.None) { Client = probe.Client, Serial = probe.Serial, Xid = probe.Xid, Address = probe.Address };
        lock (_gate)
        {
            if (user is { } found)
            {
                var how = found.Mac is null ? OccupiedHow.Ping : OccupiedHow.Answer;
                if (!probe.Scope!.TryHold(probe.Mac, probe.Address, how, found.Mac, out var verdict))
                {
                    return told;
                }

                told = told with { News = verdict.News };
                if (verdict.Counts)
                {
                    return told.Occupied(found);
                }
            }

            probe.Scope!.SetProbed(probe.Mac, probe.Address);
            return told;
        }
    }

    private static DhcpDecision OnDiscover(in DhcpClient client, BootAnswer answer, DhcpDecision start)
    {
        start = start.Asks(HopKind.Discover, client.Description);
        if (!TryChoose(client, answer, ref start))
        {
            return start;
        }

        Ipv4? wish = client.Request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked) ? asked : null;
        if (!start.Scope!.TryOffer(start.Client, wish, out var address, out var isProbed))
        {
            return PoolIsFull(start);
        }

        return isProbed || start.Scope.Probe is null ? start.Offer(address) : start with { Kind = DhcpDecisionKind.Probe, Address = address };
    }

    private static DhcpDecision OnBootp(in DhcpClient client, BootAnswer answer, DhcpDecision start)
    {
        start = start.Asks(HopKind.Request, "BOOTP");
        if (!TryChoose(client, answer, ref start))
        {
            return start;
        }

        var scope = start.Scope!;
        if (!scope.TryOffer(start.Client, wish: null, out var address, out _) || scope.TryBind(start.Client, address) != LeaseVerdict.Bound)
        {
            return PoolIsFull(start);
        }

        // RFC 951 knows no options, and so no loader; a client that names no file is taken for a BIOS.
        return (start with { File = start.File ?? scope.BootFiles.ForBootp }).Acknowledge(address);
    }

    // RFC 2131 §4.3.2 tells the four states of a client apart by what its REQUEST carries.
    private static DhcpDecision OnRequest(in DhcpClient client, BootAnswer answer, DhcpDecision start)
    {
        var scope = start.Scope!;
        var isSelecting = client.Request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server);
        var hasWish = client.Request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked);
        var isRenewing = !isSelecting && !hasWish && !client.Request.ClientAddress.IsAny;
        var address = hasWish ? asked : client.Request.ClientAddress;
        start = isRenewing ? start : start.AsksFor(address, client.Description);
        if (isSelecting && !Means(start, server))
        {
            scope.Withdraw(client.Mac);
            return start.Silent(new HopDetail(DhcpReasons.TookAnotherOffer) { Address = server });
        }

        if (!TryChoose(client, answer, ref start))
        {
            return start;
        }

        if (!scope.Network.Subnet.Contains(address))
        {
            return isRenewing ? start : RefuseIfOurs(start, address, isSelecting, "it is not in this subnet");
        }

        return scope.TryBind(start.Client, address) switch
        {
            LeaseVerdict.Bound => start.Acknowledge(address, isHop: !isRenewing),
            LeaseVerdict.Taken => start.Refuse(address, "another client has it"),
            LeaseVerdict.HasAnother => start.Refuse(address, "it has another one"),
            LeaseVerdict.Full => PoolIsFull(start),
            _ => RefuseIfOurs(start, address, isSelecting, "it is not in the pool"),
        };
    }

    private static DhcpDecision OnDecline(in DhcpClient client, in DhcpDecision start)
    {
        if (!IsForUs(client, start) || !client.Request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var address)
            || !start.Scope!.TryHold(client.Mac, address, OccupiedHow.Decline, client.Mac, out var verdict))
        {
            return start;
        }

        if (!verdict.Counts)
        {
            start.Scope.ReleaseUnprobed(client.Mac, address);
        }

        return start.Decline(address, verdict.Counts) with { News = verdict.News };
    }

    // Anybody can write a RELEASE in another's name: a known machine's lease lasts until its end. A stranger's address is probed before somebody else gets it.
    private static DhcpDecision OnRelease(in DhcpClient client, in DhcpDecision start)
    {
        var (scope, address) = (start.Scope!, client.Request.ClientAddress);
        return IsForUs(client, start) && (start.Client.IsKnown ? scope.IsOf(client.Mac, address) : scope.TryRelease(client.Mac, address)) ? start.Release(address) : start;
    }

    // The answer goes to ciaddr, so one outside the subnet would be somebody else's packet to have, and the broadcast address everybody's.
    private static DhcpDecision OnInform(in DhcpClient client, in DhcpDecision start) =>
        start.Scope!.Network.Subnet is var subnet && subnet.Contains(client.Request.ClientAddress) && client.Request.ClientAddress != subnet.Broadcast
            ? start with { Kind = DhcpDecisionKind.Inform }
            : start;

    // A loader whose machine boots its own disk, or nothing, is left alone; its operating system still gets a lease.
    private static bool TryChoose(in DhcpClient client, BootAnswer answer, ref DhcpDecision start)
    {
        if (client.IsLoader && answer.IsSilence)
        {
            start = start.Silent(answer.Reason);
            return false;
        }

        var hasChosen = start.Scope!.BootFiles.TryChoose(client.Mac, client.Loader, out var file, out var refusal);
        start = hasChosen ? start with { File = file } : start.Silent(refusal!);
        return hasChosen;
    }

    // RFC 2131 §4.3.2: of an address that this server knows nothing about another server may know.
    private static DhcpDecision RefuseIfOurs(in DhcpDecision start, Ipv4 address, bool isSelecting, string why) =>
        isSelecting || start.Scope!.Settings.Dhcp.Authoritative
            ? start.Refuse(address, why)
            : start.Silent(new HopDetail(DhcpReasons.NotOfThePool) { Address = address, Text = start.Scope.RangeWords });

    private static DhcpDecision PoolIsFull(in DhcpDecision start) =>
        start.Full(start.Client.IsKnown ? start.Scope!.FullWords.Known : start.Scope!.FullWords.Stranger);

    private static bool IsForUs(in DhcpClient client, in DhcpDecision start) =>
        client.Request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && Means(start, server);

    // It may have heard our own name before its relay wanted another one.
    private static bool Means(in DhcpDecision start, Ipv4 server) => server == start.Server || server == start.Scope!.Network.ServerAddress;
}
