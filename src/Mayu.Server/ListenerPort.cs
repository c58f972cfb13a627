using System.Collections.Immutable;
using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Server;

/// <summary>The port of a listener, as the configuration says it.</summary>
/// <param name="Key">The key that says it.</param>
/// <param name="Port">The port.</param>
/// <param name="Addresses">The addresses that it listens on.</param>
/// <param name="IsUdp">Whether it is a port of UDP, not of TCP.</param>
internal sealed record ListenerPort(string Key, int Port, ImmutableArray<Ipv4> Addresses, bool IsUdp = false)
{
    /// <summary>Why it could not be opened, as a sentence that names it and says what to do.</summary>
    /// <param name="failure">What the listener threw: Kestrel wraps a port that is in use, and nothing else.</param>
    public string WhyNot(Exception failure)
    {
        var socket = failure as SocketException ?? failure.InnerException as SocketException ?? failure.InnerException?.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"{Key}: another program has port {Port}/{Protocol} on {Where(failure)}. Find it with: ss -ln{(IsUdp ? "u" : "t")}p sport = :{Port}",
            SocketError.AccessDenied => $"{Key}: permission denied for port {Port}/{Protocol}. Run mayu as root, or with CAP_NET_BIND_SERVICE, or choose a port above 1023",
            SocketError.AddressNotAvailable => $"{Key}: port {Port}/{Protocol} cannot be opened on {string.Join(", ", Addresses)}: this host no longer has the address. Add it (ip address add …), or fix the configuration",
            _ => $"{Key}: port {Port}/{Protocol} on {string.Join(", ", Addresses)} cannot be opened: {failure.Message}",
        };
    }

    private string Protocol => IsUdp ? "udp" : "tcp";

    // Of several addresses Kestrel names the one, as a URL.
    private string Where(Exception failure) =>
        Addresses.Where(address => failure.Message.Contains($"//{address}:{Port}", StringComparison.Ordinal)) is var named && named.Any()
            ? $"{named.First()}"
            : string.Join(", ", Addresses);
}
