using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Decides what a client's packet is answered with (RFC 2131 §4.3): packet in, bytes and their destination out. It knows
/// no socket. Each packet that belongs to a boot leaves a mark in the trace, with the reason where there is no answer.
/// </summary>
internal sealed partial class DhcpResponder : IDhcpResponder
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;
    private const int MostForeignRelays = 16;

    private readonly IBootAnswers _answers;
    private readonly BootTrace _trace;
    private readonly ILeaseLog _log;
    private readonly ILogger<DhcpResponder> _logger;
    private readonly DhcpScope _link;
    private readonly ImmutableArray<DhcpScope> _scopes;
    private readonly FrozenDictionary<Ipv4, DhcpScope?> _byRelay;
    private readonly HashSet<Ipv4> _foreignRelays = [];
    private readonly ClientDescriptions _descriptions = new();
    private readonly Lock _gate = new();

    /// <param name="scopes">The subnets whose packets come here: the interface's own, which has no relay, and those behind relays.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="trace">Where each packet leaves its mark.</param>
    /// <param name="log">Tells how far leases are durable.</param>
    /// <param name="logger">The log.</param>
    public DhcpResponder(IEnumerable<DhcpScope> scopes, IBootAnswers answers, BootTrace trace, ILeaseLog log, ILogger<DhcpResponder> logger)
    {
        _answers = answers;
        _trace = trace;
        _log = log;
        _logger = logger;
        _scopes = [.. scopes];
        _link = _scopes.Single(scope => scope.Settings.Relays.Count == 0);
        _byRelay = ByRelay(_scopes);
    }

    /// <summary>Whose address this is at present, if the pool leased it. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address)
    {
        lock (_gate)
        {
            return ScopeOf(address)?.FindClient(address);
        }
    }

    /// <summary>Which addresses of each pool strangers use. Safe from any thread.</summary>
    public IEnumerable<Occupants> Occupants => _scopes.Select(scope => scope.Occupants);

    /// <summary>How the addresses of each pool are used now. Safe from any thread.</summary>
    public IReadOnlyList<DhcpPoolUse> Pools
    {
        get
        {
            lock (_gate)
            {
                return [.. _scopes.Select(scope => scope.PoolUse)];
            }
        }
    }

    /// <summary>All leases that outlive a restart. Safe from any thread; packets wait meanwhile, some milliseconds for 20,000 leases.</summary>
    public IReadOnlyList<LeaseRecord> Records()
    {
        lock (_gate)
        {
            return [.. _scopes.SelectMany(scope => scope.Records())];
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where there is no answer yet, it comes by <see cref="Outlet"/>.</remarks>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        lock (_gate)
        {
            return TryAnswer(datagram, buffer, parked: null, out reply);
        }
    }

    private bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, ParkedDiscover? parked, out DhcpReply reply)
    {
        reply = default;
        if (!DhcpPacket.TryParse(datagram, out var request, out var error))
        {
            LogMalformed(error, datagram.Length);
            return false;
        }

        if (request.Operation != DhcpOperation.BootRequest || !IsFromHere(request))
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
        if (_link.Settings.Ignored.Contains(mac))
        {
            LogIgnored(mac);
            return false;
        }

        var relay = request.RelayAddress.IsAny ? default : RelayAgentInformation.Read(request);
        if (FindScope(request, mac, relay, out var why) is not { } scope)
        {
            StaySilent(mac, why);
            return false;
        }

        reply = Answer(request, ClientOf(request, scope, mac, relay.ServerOverride), parked, buffer);
        return reply.Length > 0;
    }

    private DhcpClient ClientOf(in DhcpPacket request, DhcpScope scope, MacAddress mac, Ipv4? server)
    {
        var loader = PxeClientInfo.Read(request);
        _answers.Note(mac, loader.Uuid);
        var (serial, answer) = _answers.AnswerFor(mac, loader.Uuid);
        _trace.Attribute(mac, serial);

        var isBootp = request.MessageType == DhcpMessageType.None;
        var isKnown = _answers.IsKnown(mac);
        return new DhcpClient
        {
            Scope = scope,
            Lease = new LeaseClient(mac, isKnown, isKnown || _answers.HasBooted(mac)),
            Serial = serial,
            Server = server ?? scope.Network.ServerAddress,
            Loader = loader,
            Answer = answer,
            Description = _descriptions.Of(loader),
            IsBootp = isBootp,
        };
    }

    private DhcpReply Answer(in DhcpPacket request, in DhcpClient client, ParkedDiscover? parked, Span<byte> buffer) => request.MessageType switch
    {
        DhcpMessageType.Discover => OnDiscover(request, client, parked, buffer),
        DhcpMessageType.Request => OnRequest(request, client, buffer),
        DhcpMessageType.Decline => OnDecline(request, client),
        DhcpMessageType.Release => OnRelease(request, client),
        DhcpMessageType.Inform => OnInform(request, client, buffer),
        DhcpMessageType.None => OnBootp(request, client, buffer),
        _ => default,
    };
}
