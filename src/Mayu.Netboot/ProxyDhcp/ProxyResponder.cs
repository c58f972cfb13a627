using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Says the boot answer beside another DHCP server (PXE specification 2.1 §2.2): offers with a boot file and no address on port
/// 67, and the ACK of port 4011 for a client that asks there. Packet in, packet out; it knows no socket. Operating systems
/// are not its clients: they are not answered and leave no mark.
/// </summary>
internal sealed partial class ProxyResponder : IDhcpResponder
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;

    private static readonly HopPhrase Taken = (in HopDetail detail) =>
        $"told what to load, and takes {detail.Address} from the DHCP server {new Ipv4((uint)detail.Number)}";

    private static readonly HopPhrase OnBootServerPort = (in HopDetail detail) => $"told on port 4011 to load {detail.Text}; it has {detail.Address}";

    private readonly Ipv4 _server;
    private readonly Ipv4Subnet _link;
    private readonly FrozenSet<Ipv4> _relays;
    private readonly FrozenSet<MacAddress> _ignored;
    private readonly IBootAnswers _answers;
    private readonly BootTrace _trace;
    private readonly ILogger<ProxyResponder> _logger;
    private readonly BootFileChoice _bootFiles;
    private readonly ProxyReplyWriter _replies;
    private readonly SeenAddresses _addresses = new();
    private readonly ClientDescriptions _descriptions = new();
    private readonly Lock _gate = new();

    /// <param name="subnets">The interface's own subnet, which has no relay, and those behind relays.</param>
    /// <param name="answers">The brain.</param>
    /// <param name="trace">Where each packet leaves its mark.</param>
    /// <param name="logger">The log.</param>
    public ProxyResponder(IReadOnlyList<DhcpSettings> subnets, IBootAnswers answers, BootTrace trace, ILogger<ProxyResponder> logger)
    {
        // A boot file does not depend on the subnet.
        var settings = subnets.Single(subnet => subnet.Relays.Count == 0);
        _relays = subnets.SelectMany(subnet => subnet.Relays).ToFrozenSet();
        _link = settings.Network.Subnet;
        _ignored = settings.Ignored;
        _server = settings.Network.ServerAddress;
        _answers = answers;
        _trace = trace;
        _logger = logger;
        _bootFiles = new BootFileChoice(settings.Pxe, settings.BootUrl, settings.BlockSizes);
        _replies = new ProxyReplyWriter(settings.Network.ServerAddress);
    }

    /// <summary>The loader that has this address, as far as it was heard. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address) => _addresses.Find(address);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (!TryRead(datagram, out var request, out var mac, out var loader) || !IsFromHere(request))
        {
            return false;
        }

        if (request.MessageType == DhcpMessageType.Request)
        {
            Remember(request, mac, loader);
            return false;
        }

        if (request.MessageType != DhcpMessageType.Discover)
        {
            return false;
        }

        var answer = Identify(mac, loader);
        _trace.Mark(mac, HopKind.Discover, Describe(loader));
        if (!TryChoose(mac, loader, answer, out var file))
        {
            return false;
        }

        _trace.Mark(mac, HopKind.Proxy, HopDetail.Lease(default, file.Name));
        LogOffer(mac, request.TransactionId, file);

        var length = _replies.Write(buffer, request, DhcpMessageType.Offer, loader, file);
        // A client that waits for offers has no address yet.
        reply = request.RelayAddress.IsAny
            ? new DhcpReply(length, Ipv4.Broadcast, ClientPort)
            : new DhcpReply(length, request.RelayAddress, ServerPort);
        reply = reply with { DelayMilliseconds = file.Manner.DelayMilliseconds };
        return true;
    }

    /// <summary>Answers what came to port 4011: the REQUEST of a client that got its address, and wants to know what to load.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="sender">From where, which is where the answer goes.</param>
    /// <param name="port">From which port.</param>
    /// <param name="buffer">Where the answer goes, 548 bytes or more.</param>
    /// <param name="reply">Its length and destination.</param>
    /// <returns>False where nothing is to be sent.</returns>
    public bool TryAnswerBootServer(ReadOnlySpan<byte> datagram, Ipv4 sender, ushort port, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (sender.Value == 0 || !TryRead(datagram, out var request, out var mac, out var loader)
            || request.MessageType is not (DhcpMessageType.Request or DhcpMessageType.Inform)
            || (request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) && server != _server))
        {
            return false;
        }

        var answer = Identify(mac, loader);
        _addresses.Remember(sender, mac);
        if (!TryChoose(mac, loader, answer, out var file))
        {
            return false;
        }

        _trace.Mark(mac, HopKind.Proxy, new HopDetail(OnBootServerPort) { Text = file.Name, Address = sender });
        LogAck(mac, request.TransactionId, file);

        reply = new DhcpReply(_replies.Write(buffer, request, DhcpMessageType.Ack, loader, file), sender, port)
        {
            Mac = _link.Contains(sender) && request.RelayAddress.IsAny ? mac : null,
        };
        return true;
    }

    // A packet of a boot loader; all others are another server's.
    private bool TryRead(ReadOnlySpan<byte> datagram, out DhcpPacket request, out MacAddress mac, out PxeClientInfo loader)
    {
        mac = default;
        loader = default;
        if (!DhcpPacket.TryParse(datagram, out request, out var error))
        {
            LogMalformed(error, datagram.Length);
            return false;
        }

        if (request.Operation != DhcpOperation.BootRequest || !request.HardwareAddress.IsUnicastMac)
        {
            return false;
        }

        loader = PxeClientInfo.Read(request);
        Span<byte> octets = stackalloc byte[HardwareAddress.MaximumLength];
        request.HardwareAddress.CopyTo(octets);
        mac = MacAddress.FromOctets(octets[..6]);
        // U-Boot knows no proxies: it might take an offer without an address for its lease.
        return loader.IsNetworkBoot && loader.Kind != PxeClientKind.UBoot && !_ignored.Contains(mac);
    }

    // A forged relay address would have this server send to whoever it names.
    private bool IsFromHere(in DhcpPacket request) =>
        request.RelayAddress.IsAny || _relays.Contains(request.RelayAddress);

    private BootAnswer Identify(MacAddress mac, in PxeClientInfo loader)
    {
        _answers.Note(mac, loader.Uuid);
        var (serial, answer) = _answers.AnswerFor(mac, loader.Uuid);
        _trace.Attribute(mac, serial);
        return answer;
    }

    // Both ports ask, each on its own thread.
    private string Describe(in PxeClientInfo loader)
    {
        lock (_gate)
        {
            return _descriptions.Of(loader);
        }
    }

    private bool TryChoose(MacAddress mac, in PxeClientInfo loader, BootAnswer answer, [NotNullWhen(true)] out BootFile? file)
    {
        file = null;
        var refusal = answer.IsSilence ? answer.Reason : null;
        if (refusal is null)
        {
            lock (_gate)
            {
                _bootFiles.TryChoose(mac, loader, out file, out refusal);
            }
        }

        if (file is null)
        {
            _trace.Mark(mac, HopKind.Silent, refusal!);
            LogSilent(mac, refusal!);
        }

        return file is not null;
    }

    // A loader that takes an offer says to everybody whose it is and what the address is.
    private void Remember(in DhcpPacket request, MacAddress mac, in PxeClientInfo loader)
    {
        if (!request.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) || server == _server
            || !request.TryGetAddress(DhcpOptionCode.RequestedAddress, out var wish) || wish.IsAny)
        {
            return;
        }

        var address = wish;
        _addresses.Remember(address, mac);
        if (!Identify(mac, loader).IsSilence)
        {
            _trace.Mark(mac, HopKind.Proxy, new HopDetail(Taken) { Address = address, Number = (int)server.Value });
        }
    }
}
