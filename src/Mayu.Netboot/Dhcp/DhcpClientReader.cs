using System.Collections.Frozen;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

/// <summary>Reads which client sent a datagram to port 67 or 4011 of one interface, and drops what nobody is to answer. Safe from any thread.</summary>
/// <param name="subnets">The subnets whose packets come in there.</param>
/// <param name="logger">Where it is told what was dropped.</param>
internal sealed partial class DhcpClientReader(IReadOnlyList<DhcpSubnet> subnets, ILogger logger)
{
    private const int MostForeignRelays = 16;

    private readonly FrozenSet<Ipv4> _relays = subnets.SelectMany(subnet => subnet.Relays).ToFrozenSet();
    private readonly FrozenSet<MacAddress> _ignored = subnets[0].Dhcp.Ignored;
    private readonly HashSet<Ipv4> _foreignRelays = [];
    private readonly ClientDescriptions _descriptions = new();

    /// <summary>Reads a datagram.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="client">Its sender.</param>
    /// <param name="byAnyRelay">Whether it is answered whatever relay it names: where the answer goes to who sent it, and not to the relay.</param>
    /// <returns>False for what is no client's, and for clients that are not to be answered.</returns>
    public bool TryRead(ReadOnlySpan<byte> datagram, out DhcpClient client, bool byAnyRelay = false)
    {
        client = default;
        if (!DhcpPacket.TryParse(datagram, out var request, out var error))
        {
            var what = WordsOf(error);
            LogMalformed(what, datagram.Length);
            return false;
        }

        if (request.Operation != DhcpOperation.BootRequest || !(byAnyRelay || IsFromHere(request.RelayAddress)))
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
        if (_ignored.Contains(mac))
        {
            LogIgnored(mac);
            return false;
        }

        var loader = PxeClientInfo.Read(request);
        client = new DhcpClient(request, mac, loader, _descriptions.Of(loader));
        return true;
    }

    // Relays are answered by name only: a forged relay address would have this server send to whoever it names.
    private bool IsFromHere(Ipv4 relay)
    {
        if (relay.IsAny || _relays.Contains(relay))
        {
            return true;
        }

        lock (_foreignRelays)
        {
            if (_foreignRelays.Count < MostForeignRelays && _foreignRelays.Add(relay))
            {
                LogForeignRelay(relay);
            }
        }

        return false;
    }

    private static string WordsOf(DhcpParseError error) => error switch
    {
        DhcpParseError.TooShort => "it is too short",
        DhcpParseError.TooLong => "it is too long",
        DhcpParseError.UnknownOperation => "op is neither BOOTREQUEST nor BOOTREPLY",
        DhcpParseError.HardwareAddressTooLong => "hlen is above 16",
        DhcpParseError.OptionOverrun => "an option is longer than its field",
        DhcpParseError.BadOverload => "option 52 is not 1, 2 or 3",
        _ => "option 53 is not a message type",
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "A datagram of {Bytes} bytes is not a DHCP packet: {Error}")]
    private partial void LogMalformed(string error, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A DHCP client without an Ethernet address is ignored: {Address}")]
    private partial void LogNoMac(HardwareAddress address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A DHCP packet came from the relay {Relay}, which is not configured")]
    private partial void LogForeignRelay(Ipv4 relay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Mac} is ignored (dhcp.ignore)")]
    private partial void LogIgnored(MacAddress mac);
}
