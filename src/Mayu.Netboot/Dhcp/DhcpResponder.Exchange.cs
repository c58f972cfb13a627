using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

// What each kind of packet is answered with.
internal sealed partial class DhcpResponder
{
    private DhcpReply OnDiscover(in DhcpPacket request, in DhcpClient client, ParkedDiscover? parked, Span<byte> buffer)
    {
        if (parked is null)
        {
            _trace.Mark(client.Mac, HopKind.Discover, client.Description);
        }

        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        Ipv4? wish = request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked) ? asked : null;
        if (!client.Scope.TryOffer(client, wish, out var address, out var isProbed))
        {
            return PoolIsFull(client);
        }

        if (!isProbed && MustWait(request, client, address, parked))
        {
            return default;
        }

        _trace.Mark(client.Mac, HopKind.Offer, Describe(address, file));
        LogOffer(client.Mac, request.TransactionId, address, (object?)file ?? NoFile);

        return Lease(request, client, DhcpMessageType.Offer, address, file, buffer);
    }

    private DhcpReply OnBootp(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        _trace.Mark(client.Mac, HopKind.Request, "BOOTP");
        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        if (!client.Scope.TryOffer(client, wish: null, out var address, out _) || client.Scope.TryBind(client, address) != LeaseVerdict.Bound)
        {
            return PoolIsFull(client);
        }

        // RFC 951 knows no options, and so no loader; a client that names no file is taken for a BIOS.
        file ??= client.Scope.BootFiles.ForBootp;
        _trace.Mark(client.Mac, HopKind.Ack, Describe(address, file));
        LogAck(client.Mac, request.TransactionId, address, (object?)file ?? NoFile);

        return Lease(request, client, DhcpMessageType.None, address, file, buffer);
    }

    // RFC 2131 §4.3.2 tells the four states of a client apart by what its REQUEST carries.
    private DhcpReply OnRequest(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        var isSelecting = request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server);
        var hasWish = request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked);
        var isRenewing = !isSelecting && !hasWish && !request.ClientAddress.IsAny;
        var address = hasWish ? asked : request.ClientAddress;

        // A renewal is a running system's everyday life, not a hop of its boot.
        if (!isRenewing)
        {
            _trace.Mark(client.Mac, HopKind.Request, new HopDetail(DhcpPhrases.Asks) { Text = client.Description, Address = address });
        }

        if (isSelecting && !client.Means(server))
        {
            client.Scope.Withdraw(client.Mac);
            return StaySilent(client, new HopDetail(DhcpPhrases.TookAnotherOffer) { Address = server });
        }

        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        if (!client.Scope.Network.Subnet.Contains(address))
        {
            return isRenewing ? default : RefuseIfOurs(request, client, address, isSelecting, "it is not in this subnet", buffer);
        }

        return client.Scope.TryBind(client, address) switch
        {
            LeaseVerdict.Bound => Acknowledge(request, client, address, file, isRenewing, buffer),
            LeaseVerdict.Taken => Refuse(request, client, address, "somebody else has it", buffer),
            LeaseVerdict.HasAnother => Refuse(request, client, address, "it has another one", buffer),
            LeaseVerdict.Full => PoolIsFull(client),
            _ => RefuseIfOurs(request, client, address, isSelecting, "it is not in the pool", buffer),
        };
    }

    private DhcpReply OnDecline(in DhcpPacket request, in DhcpClient client)
    {
        if (!IsForUs(request, client) || !request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var address))
        {
            return default;
        }

        if (!client.Scope.TryHold(client.Mac, address, OccupiedHow.Decline, client.Mac, out var verdict))
        {
            return default;
        }

        TellNews(verdict);
        _trace.Mark(client.Mac, HopKind.Failed, new HopDetail(DhcpPhrases.Declined) { Address = address });
        if (verdict.Counts)
        {
            LogDecline(client.Mac, address);
        }
        else
        {
            client.Scope.Doubt(client.Mac, address);
            LogDoubt(client.Mac, address);
        }

        return default;
    }

    // Anybody can write a RELEASE in another's name: a known machine's lease lasts until its end. A stranger's address is probed before somebody else gets it.
    private DhcpReply OnRelease(in DhcpPacket request, in DhcpClient client)
    {
        if (!client.Lease.IsKnown && IsForUs(request, client) && client.Scope.TryRelease(client.Mac, request.ClientAddress))
        {
            LogRelease(client.Mac, request.ClientAddress);
        }

        return default;
    }

    private DhcpReply OnInform(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        // The answer goes to ciaddr, so one outside the subnet would be somebody else's packet to have, and the broadcast address everybody's.
        var (subnet, address) = (client.Scope.Network.Subnet, request.ClientAddress);
        if (!subnet.Contains(address) || address == subnet.Broadcast)
        {
            return default;
        }

        return ToClient(request, client, client.Scope.Replies.WriteInformation(buffer, request, client));
    }

    private static bool IsForUs(in DhcpPacket request, in DhcpClient client) =>
        request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && client.Means(server);

    private bool TryPrepare(in DhcpClient client, out BootFile? file)
    {
        file = null;
        if (client.IsLeftAlone)
        {
            StaySilent(client, client.Answer.Reason);
            return false;
        }

        if (!client.Scope.BootFiles.TryChoose(client.Mac, client.Loader, out file, out var refusal))
        {
            StaySilent(client, refusal!);
            return false;
        }

        return true;
    }

    private DhcpReply Acknowledge(in DhcpPacket request, in DhcpClient client, Ipv4 address, BootFile? file, bool isRenewing, Span<byte> buffer)
    {
        if (!isRenewing)
        {
            _trace.Mark(client.Mac, HopKind.Ack, Describe(address, file));
        }

        LogAck(client.Mac, request.TransactionId, address, (object?)file ?? NoFile);

        return Lease(request, client, DhcpMessageType.Ack, address, file, buffer);
    }

    // RFC 2131 §4.3.2: of an address that this server knows nothing about another server may know.
    private DhcpReply RefuseIfOurs(in DhcpPacket request, in DhcpClient client, Ipv4 address, bool isSelecting, string why, Span<byte> buffer) =>
        isSelecting || client.Scope.Settings.Authoritative
            ? Refuse(request, client, address, why, buffer)
            : StaySilent(client, new HopDetail(DhcpPhrases.NotOfThePool) { Address = address, Text = client.Scope.RangeWords });

    private DhcpReply Refuse(in DhcpPacket request, in DhcpClient client, Ipv4 address, string why, Span<byte> buffer)
    {
        _trace.Mark(client.Mac, HopKind.Silent, new HopDetail(DhcpPhrases.Refused) { Address = address, Reason = why });
        LogNak(client.Mac, request.TransactionId, address, why);

        Span<byte> reason = stackalloc byte[64];
        var length = System.Text.Encoding.ASCII.GetBytes(why, reason);
        var packet = DhcpReplyWriter.WriteRefusal(buffer, request, client, reason[..length]);
        return request.RelayAddress.IsAny
            ? new DhcpReply(packet, Ipv4.Broadcast, ClientPort)
            : new DhcpReply(packet, request.RelayAddress, ServerPort);
    }

    private DhcpReply PoolIsFull(in DhcpClient client)
    {
        var (known, stranger) = client.Scope.FullWords;
        _trace.Mark(client.Mac, HopKind.Failed, client.Lease.IsKnown ? known : stranger);
        LogPoolFull(client.Mac, client.Scope.Range, client.Scope.PoolSize);

        return default;
    }

    private DhcpReply StaySilent(in DhcpClient client, in HopDetail why) => StaySilent(client.Mac, why);

    private DhcpReply StaySilent(MacAddress client, in HopDetail why)
    {
        _trace.Mark(client, HopKind.Silent, why);
        LogSilent(client, why);

        return default;
    }

    // RFC 2131 §4.1 allows broadcast in place of unicast to a client that has no address yet, and every firmware takes it. A ciaddr is believed
    // only where it is the leased address: whatever else stands there would have this server send to a stranger.
    private DhcpReply Lease(
        in DhcpPacket request, in DhcpClient client, DhcpMessageType type, Ipv4 address, BootFile? file, Span<byte> buffer)
    {
        var length = client.Scope.Replies.WriteLease(buffer, request, type, client.Scope.TermsOf(client, address), client, file);
        var reply = !request.RelayAddress.IsAny ? new DhcpReply(length, request.RelayAddress, ServerPort)
            : request.ClientAddress == address ? ToClient(request, client, length)
            : new DhcpReply(length, Ipv4.Broadcast, ClientPort);
        // What is only offered is nobody's yet.
        return type == DhcpMessageType.Offer ? reply with { DelayMilliseconds = file?.Manner.DelayMilliseconds ?? 0 } : reply with { AfterRecord = _log.Newest };
    }

    // Behind a relay or a router the MAC is on another segment.
    private DhcpReply ToClient(in DhcpPacket request, in DhcpClient client, int length) => new(length, request.ClientAddress, ClientPort)
    {
        Mac = client.Scope == _link && request.RelayAddress.IsAny ? client.Mac : null,
    };

    private static HopDetail Describe(Ipv4 address, BootFile? file) => HopDetail.Lease(address, file?.Name);
}
