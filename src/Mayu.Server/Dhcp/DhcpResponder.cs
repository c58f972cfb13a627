using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Dhcp;

/// <summary>
/// Decides what a client's packet is answered with (RFC 2131 §4.3): packet in, bytes and their destination out. It knows
/// no socket. Each packet that belongs to a boot leaves a mark in the trace, with the reason where there is no answer.
/// </summary>
internal sealed partial class DhcpResponder
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;
    private const int MostForeignRelays = 16;

    private readonly IBootAnswers _answers;
    private readonly BootTrace _trace;
    private readonly ILogger<DhcpResponder> _logger;
    private readonly DhcpScope _link;
    private readonly ImmutableArray<DhcpScope> _scopes;
    private readonly FrozenDictionary<Ipv4, DhcpScope> _byRelay;
    private readonly HashSet<Ipv4> _foreignRelays = [];
    private readonly Lock _gate = new();

    /// <param name="subnets">The subnets whose packets come here: the interface's own, which has no relay, and those behind relays.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="trace">Where each packet leaves its mark.</param>
    /// <param name="clock">Runs the leases.</param>
    /// <param name="logger">The log.</param>
    public DhcpResponder(
        IEnumerable<DhcpSettings> subnets, IBootAnswers answers, BootTrace trace, TimeProvider clock, ILogger<DhcpResponder> logger)
    {
        _answers = answers;
        _trace = trace;
        _logger = logger;
        _scopes = [.. subnets.Select(subnet => new DhcpScope(subnet, answers, clock))];
        _link = _scopes.Single(scope => scope.Settings.Relays.Count == 0);
        _byRelay = _scopes.SelectMany(scope => scope.Settings.Relays.Select(relay => KeyValuePair.Create(relay, scope))).ToFrozenDictionary();
    }

    /// <summary>Whose address this is at present, if the pool leased it. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address)
    {
        lock (_gate)
        {
            return ScopeOf(address)?.FindClient(address);
        }
    }

    /// <summary>Answers one datagram, or does not. For one thread at a time.</summary>
    /// <param name="datagram">What came to port 67.</param>
    /// <param name="buffer">Where the answer goes, 548 bytes or more.</param>
    /// <param name="reply">Its length and destination.</param>
    /// <returns>False where nothing is to be sent.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (!DhcpPacket.TryParse(datagram, out var request, out var error))
        {
            LogMalformed(error, datagram.Length);
            return false;
        }

        if (request.Operation != DhcpOperation.BootRequest || FindScope(request) is not { } scope)
        {
            return false;
        }

        if (!request.HardwareAddress.IsUnicastMac)
        {
            LogNoMac(request.HardwareAddress);
            return false;
        }

        Span<byte> octets = stackalloc byte[HardwareAddress.MaximumLength];
        request.HardwareAddress.CopyTo(octets);
        var mac = MacAddress.FromOctets(octets[..6]);
        // Nor is there a mark of it: somebody said that it is none of ours.
        if (scope.Settings.Ignored.Contains(mac))
        {
            LogIgnored(mac);
            return false;
        }

        var loader = PxeClientInfo.Read(request);
        var (serial, answer) = _answers.AnswerFor(mac, loader.Uuid);
        if (serial is { } known)
        {
            _trace.Link(mac, known);
        }

        var client = new DhcpClient
        {
            Scope = scope,
            Mac = mac,
            Serial = serial,
            Loader = loader,
            Answer = answer,
            IsBootp = request.MessageType == DhcpMessageType.None,
        };
        lock (_gate)
        {
            reply = request.MessageType switch
            {
                DhcpMessageType.Discover => OnDiscover(request, client, buffer),
                DhcpMessageType.Request => OnRequest(request, client, buffer),
                DhcpMessageType.Decline => OnDecline(request, client),
                DhcpMessageType.Release => OnRelease(request, client),
                DhcpMessageType.Inform => OnInform(request, client, buffer),
                DhcpMessageType.None => OnBootp(request, client, buffer),
                _ => default,
            };
        }

        return reply.Length > 0;
    }

    // Relays are answered by name only. A client in a subnet behind one renews by itself, through a router: there its own address tells.
    private DhcpScope? FindScope(in DhcpPacket request)
    {
        if (request.RelayAddress.IsAny)
        {
            return request.ClientAddress.IsAny ? _link : ScopeOf(new Ipv4(request.ClientAddress.Value)) ?? _link;
        }

        var relay = new Ipv4(request.RelayAddress.Value);
        if (_byRelay.TryGetValue(relay, out var scope))
        {
            return scope;
        }

        if (_foreignRelays.Count < MostForeignRelays && _foreignRelays.Add(relay))
        {
            LogForeignRelay(relay);
        }

        return null;
    }

    private DhcpScope? ScopeOf(Ipv4 address)
    {
        foreach (var scope in _scopes)
        {
            if (scope.Network.Subnet.Contains(address))
            {
                return scope;
            }
        }

        return null;
    }

    private DhcpReply OnDiscover(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        _trace.Mark(client.Mac, HopKind.Discover, client.Describe());
        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        Ipv4? wish = request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked) ? new Ipv4(asked.Value) : null;
        if (!client.Scope.TryOffer(client.Mac, wish, out var address))
        {
            return PoolIsFull(client);
        }

        _trace.Mark(client.Mac, HopKind.Offer, Describe(address, file));
        LogOffer(client.Mac, request.TransactionId, address, file);
        return Lease(request, client, DhcpMessageType.Offer, address, file, buffer);
    }

    private DhcpReply OnBootp(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        _trace.Mark(client.Mac, HopKind.Request, "BOOTP");
        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        if (!client.Scope.TryOffer(client.Mac, wish: null, out var address) || client.Scope.TryBind(client.Mac, address) != LeaseVerdict.Bound)
        {
            return PoolIsFull(client);
        }

        // RFC 951 knows no options, and so no loader; a client that names no file is taken for a BIOS.
        file ??= client.Scope.BootFiles.ForBootp;
        _trace.Mark(client.Mac, HopKind.Ack, Describe(address, file));
        LogAck(client.Mac, request.TransactionId, address, file);
        return Lease(request, client, DhcpMessageType.None, address, file, buffer);
    }

    // RFC 2131 §4.3.2 tells the four states of a client apart by what its REQUEST carries.
    private DhcpReply OnRequest(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        var isSelecting = request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server);
        var hasWish = request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked);
        var isRenewing = !isSelecting && !hasWish && !request.ClientAddress.IsAny;
        var address = new Ipv4(hasWish ? asked.Value : request.ClientAddress.Value);

        // A renewal is a running system's everyday life, not a hop of its boot.
        if (!isRenewing)
        {
            _trace.Mark(client.Mac, HopKind.Request, $"{client.Describe()} asks for {address}");
        }

        if (isSelecting && server.Value != client.Scope.Network.ServerAddress.Value)
        {
            client.Scope.Withdraw(client.Mac);
            return StaySilent(client, $"it took the offer of another DHCP server, {server}");
        }

        if (!TryPrepare(client, out var file))
        {
            return default;
        }

        if (!client.Scope.Network.Subnet.Contains(address))
        {
            return isRenewing ? default : RefuseIfOurs(request, client, address, isSelecting, "it is not in this subnet", buffer);
        }

        return client.Scope.TryBind(client.Mac, address) switch
        {
            LeaseVerdict.Bound => Acknowledge(request, client, address, file, isRenewing, buffer),
            LeaseVerdict.Taken => Refuse(request, client, address, "somebody else has it", buffer),
            LeaseVerdict.HasAnother => Refuse(request, client, address, "it has another one", buffer),
            _ => RefuseIfOurs(request, client, address, isSelecting, "it is not in the pool", buffer),
        };
    }

    // RFC 2131 §4.3.2: of an address that this server knows nothing about another server may know.
    private DhcpReply RefuseIfOurs(in DhcpPacket request, in DhcpClient client, Ipv4 address, bool isSelecting, string why, Span<byte> buffer) =>
        isSelecting || client.Scope.Settings.Authoritative
            ? Refuse(request, client, address, why, buffer)
            : StaySilent(client, $"{address} is not of the pool {client.Scope.Range}, and may be another DHCP server's");

    private DhcpReply OnDecline(in DhcpPacket request, in DhcpClient client)
    {
        if (IsForUs(request, client) && request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var asked)
            && client.Scope.TryDecline(client.Mac, new Ipv4(asked.Value)))
        {
            _trace.Mark(client.Mac, HopKind.Failed, $"it declined {asked}: another device on the network has that address");
            LogDecline(client.Mac, asked);
        }

        return default;
    }

    private DhcpReply OnRelease(in DhcpPacket request, in DhcpClient client)
    {
        if (IsForUs(request, client) && client.Scope.TryRelease(client.Mac, new Ipv4(request.ClientAddress.Value)))
        {
            LogRelease(client.Mac, request.ClientAddress);
        }

        return default;
    }

    private static DhcpReply OnInform(in DhcpPacket request, in DhcpClient client, Span<byte> buffer)
    {
        // The answer goes to ciaddr, so one outside the subnet would be somebody else's packet to have.
        if (!client.Scope.Network.Subnet.Contains(new Ipv4(request.ClientAddress.Value)))
        {
            return default;
        }

        return new DhcpReply(client.Scope.Replies.WriteInformation(buffer, request), request.ClientAddress, ClientPort);
    }

    private static bool IsForUs(in DhcpPacket request, in DhcpClient client) =>
        request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && server.Value == client.Scope.Network.ServerAddress.Value;

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

        LogAck(client.Mac, request.TransactionId, address, file);
        return Lease(request, client, DhcpMessageType.Ack, address, file, buffer);
    }

    private DhcpReply Refuse(in DhcpPacket request, in DhcpClient client, Ipv4 address, string why, Span<byte> buffer)
    {
        _trace.Mark(client.Mac, HopKind.Silent, $"{address} was refused: {why}");
        LogNak(client.Mac, request.TransactionId, address, why);
        Span<byte> reason = stackalloc byte[64];
        var length = System.Text.Encoding.ASCII.GetBytes(why, reason);
        var packet = client.Scope.Replies.WriteRefusal(buffer, request, reason[..length]);
        return request.RelayAddress.IsAny
            ? new DhcpReply(packet, InAddr.Broadcast, ClientPort)
            : new DhcpReply(packet, request.RelayAddress, ServerPort);
    }

    private DhcpReply PoolIsFull(in DhcpClient client)
    {
        _trace.Mark(client.Mac, HopKind.Failed, $"the address pool {client.Scope.Range} is full: all {client.Scope.PoolSize} addresses are leased");
        LogPoolFull(client.Mac, client.Scope.Range, client.Scope.PoolSize);
        return default;
    }

    private DhcpReply StaySilent(in DhcpClient client, string why)
    {
        _trace.Mark(client.Mac, HopKind.Silent, why);
        LogSilent(client.Mac, why);
        return default;
    }

    // RFC 2131 §4.1. Unicast to an address that the client does not answer ARP for yet needs a raw socket; broadcast is
    // allowed in its place, and every firmware takes it. A ciaddr is believed only where it is the leased address: whatever
    // else stands there would have this server send to a stranger.
    private static DhcpReply Lease(
        in DhcpPacket request, in DhcpClient client, DhcpMessageType type, Ipv4 address, BootFile? file, Span<byte> buffer)
    {
        var length = client.Scope.Replies.WriteLease(
            buffer, request, type, client.Scope.TermsOf(client.Mac, address), client.Loader, file);
        return !request.RelayAddress.IsAny ? new DhcpReply(length, request.RelayAddress, ServerPort)
            : request.ClientAddress.Value == address.Value ? new DhcpReply(length, request.ClientAddress, ClientPort)
            : new DhcpReply(length, InAddr.Broadcast, ClientPort);
    }

    private static string Describe(Ipv4 address, BootFile? file) =>
        file is null ? $"{address}" : $"{address}, told to load {file}";
}
