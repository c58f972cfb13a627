using System.Net;
using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Server.Http;

/// <summary>Who asks, and whether for the head of an answer alone.</summary>
/// <param name="Address">The client's address; null: it is none of IPv4.</param>
/// <param name="Server">The address of this server that it reached, of the same kind.</param>
/// <param name="IsHead">
/// Whether it asks with HEAD: that is safe (RFC 9110 §9.2.1), so no token is issued, no fetch is counted, nothing is recorded and no machine moves on.
/// </param>
internal sealed record HttpPeer(Ipv4? Address, Ipv4? Server, bool IsHead)
{
    public static ValueTask<HttpPeer?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<HttpPeer?>(new(
            AddressOf(context.Connection.RemoteIpAddress), AddressOf(context.Connection.LocalIpAddress), HttpMethods.IsHead(context.Request.Method)));

    /// <summary>An address of IPv4; null for another.</summary>
    public static Ipv4? AddressOf(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetwork } ? Ipv4.From(address) : null;
}
