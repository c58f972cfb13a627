using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Linux.Sockets;
using Mayu.Primitives;
using Mayu.Protocols.Arp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// Asks on the wire whether somebody uses an address already (RFC 5227). RFC 5227 lets a host wait seconds for itself; here a
/// machine waits for its config, and on one segment answers come within milliseconds, so the patience is shorter. Nobody else waits.
/// </summary>
internal sealed partial class ArpProbe : IAddressProbe, IAsyncDisposable
{
    private const ushort ArpProtocol = 0x0806;
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly byte[] Broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    private readonly string _interface;
    private readonly Socket _socket;
    private readonly AddressQueries _queries;
    private volatile Link _link;

    private ArpProbe(string interfaceName, Socket socket, Link link, TimeProvider clock)
    {
        (_interface, _socket, _link) = (interfaceName, socket, link);
        _queries = new AddressQueries(socket, TryRead, Tries, Pause, clock);
    }

    /// <summary>Opens it on an interface. Null where there is nothing to ask: a loopback or point-to-point link, or no right to (CAP_NET_RAW).</summary>
    public static ArpProbe? Open(string interfaceName, TimeProvider clock, ILogger<ArpProbe> logger)
    {
        if (Find(interfaceName) is not { } link)
        {
            return null;
        }

        try
        {
            // The kernel takes the protocol of a packet socket in network order.
            var socket = new Socket(AddressFamily.Packet, SocketType.Dgram, (ProtocolType)0x0608);
            socket.Bind(link.Own);
            return new ArpProbe(interfaceName, socket, link, clock);
        }
        catch (SocketException e)
        {
            LogNotAllowed(logger, interfaceName, e.Reason());
            return null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>It takes a third of a second where nobody answers.</remarks>
    public Task<AddressUser?> FindUserAsync(Ipv4 address, Func<MacAddress, bool> counts, CancellationToken cancellationToken)
    {
        var link = Follow();
        var probe = new byte[ArpPacket.Length];
        ArpPacket.WriteProbe(probe, link.Hardware, address);
        return _queries.AskAsync(address, link.Everybody, _ => probe, counts, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _queries.DisposeAsync();

    private static Link? Find(string interfaceName)
    {
        var nic = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), candidate => candidate.Name == interfaceName);
        var hardware = nic?.GetPhysicalAddress().GetAddressBytes();
        return nic is null || nic.NetworkInterfaceType == NetworkInterfaceType.Loopback || hardware is not { Length: 6 }
            ? null
            : new Link(InterfaceIndex.Of(interfaceName), hardware);
    }

    // An interface that was deleted and made anew has another number, and perhaps another MAC.
    private Link Follow()
    {
        var index = InterfaceIndex.Of(_interface);
        if (index != _link.Index && index != 0 && Find(_interface) is { } link)
        {
            try
            {
                _socket.Bind(link.Own);
                _link = link;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is gone again: nobody is met there.
            }
        }

        return _link;
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, out Ipv4 address, out AddressUser user)
    {
        (address, user) = (default, default);
        if (!ArpPacket.TryReadSender(packet, out var sender, out var hardware))
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[HardwareAddress.MaximumLength];
        hardware.CopyTo(octets);
        (address, user) = (sender, new AddressUser(MacAddress.FromOctets(octets[..hardware.Length])));
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Addresses are leased without an ARP probe on {Interface}: {Reason}. Run mayu as root, or with CAP_NET_RAW")]
    private static partial void LogNotAllowed(ILogger logger, string @interface, string reason);

    private sealed class Link(int index, byte[] hardware)
    {
        public int Index { get; } = index;

        public byte[] Hardware { get; } = hardware;

        public LinkEndPoint Own { get; } = new(ArpProtocol, index, []);

        public LinkEndPoint Everybody { get; } = new(ArpProtocol, index, Broadcast);
    }
}
