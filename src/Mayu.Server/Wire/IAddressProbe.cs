using Mayu.Core.Addresses;

namespace Mayu.Server.Wire;

/// <summary>Asks on the wire whether an address is in use.</summary>
internal interface IAddressProbe
{
    /// <summary>Who uses an address, besides the client that is to get it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="client">The client, which may have it already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Words for it: a MAC, or that it answers; null when nobody does within half a second or so.</returns>
    Task<string?> FindUserAsync(Ipv4 address, MacAddress client, CancellationToken cancellationToken);
}
