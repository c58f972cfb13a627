using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mayu.Primitives;
using Mayu.Protocols.Net;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>Asks by ICMP echo (ping), which goes through routers: for subnets behind relays, where ARP does not come to (RFC 2131 §3.1).</summary>
internal sealed partial class IcmpProbe : IAddressProbe, IAsyncDisposable
{
    private const int Tries = 2;
    private const int EchoSize = 16;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly AddressQueries _queries;
    private readonly ushort _identifier = (ushort)Environment.ProcessId;

    private IcmpProbe(Socket socket, TimeProvider clock) => _queries = new AddressQueries(socket, TryRead, Tries, Pause, clock);

    /// <summary>Opens it. Null where it may not (CAP_NET_RAW).</summary>
    /// <param name="source">The address of this server that it asks from: the one that the relayed subnets have a route to.</param>
    /// <param name="clock">Runs the pauses.</param>
    /// <param name="logger">The log.</param>
    public static IcmpProbe? Open(Ipv4 source, TimeProvider clock, ILogger<IcmpProbe> logger)
    {
        try
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
            socket.Bind(new IPEndPoint(source.ToIPAddress(), 0));
            return new IcmpProbe(socket, clock);
        }
        catch (SocketException e)
        {
            LogNotAllowed(logger, e.Reason());
            return null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>No MAC comes through a router, so the answer of the client itself counts too: it may have the address by a lease that was forgotten here.</remarks>
    public Task<AddressUser?> FindUserAsync(Ipv4 address, Func<MacAddress, bool> counts, CancellationToken cancellationToken) =>
        _queries.AskAsync(address, new IPEndPoint(address.ToIPAddress(), 0), number => Echo((ushort)number), counts, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _queries.DisposeAsync();

    // A raw socket gets the IPv4 header too (RFC 791): its length is in the low four bits of the first byte, the sender at 12.
    private bool TryRead(ReadOnlySpan<byte> packet, out Ipv4 sender, out AddressUser user)
    {
        (sender, user) = (default, default);
        var header = packet.IsEmpty ? 0 : (packet[0] & 0xF) * 4;
        if (header < 20 || packet.Length < header + 8 || packet[header] != EchoReply
            || BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 4)..]) != _identifier)
        {
            return false;
        }

        sender = new Ipv4(BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        return true;
    }

    private byte[] Echo(ushort number)
    {
        var echo = new byte[EchoSize];
        echo[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(4), _identifier);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(6), number);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(2), InternetChecksum.Of(InternetChecksum.Sum(echo)));
        return echo;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Addresses behind relays are leased without a ping probe: {Reason}. Run mayu as root, or with CAP_NET_RAW")]
    private static partial void LogNotAllowed(ILogger logger, string reason);
}
