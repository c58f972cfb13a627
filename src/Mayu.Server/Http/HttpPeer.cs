using System.Net;
using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Server.Http;

/// <summary>Who asks.</summary>
/// <param name="Address">The client's address; null: it is none of IPv4.</param>
/// <param name="Server">The address of this server that it reached, of the same kind.</param>
internal sealed record HttpPeer(Ipv4? Address, Ipv4? Server)
{
    public static ValueTask<HttpPeer?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<HttpPeer?>(new(AddressOf(context.Connection.RemoteIpAddress), AddressOf(context.Connection.LocalIpAddress)));

    /// <summary>An address of IPv4; null for another.</summary>
    public static Ipv4? AddressOf(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetwork } ? Ipv4.From(address) : null;
}
