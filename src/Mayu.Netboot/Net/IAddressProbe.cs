using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>Asks on the wire whether an address is in use.</summary>
internal interface IAddressProbe
{
    /// <summary>Who uses an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="counts">Whose answer counts: not that of the client that is to get the address, for it may have it already. Called on any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first whose answer counts; null when nobody answers within half a second or so.</returns>
    Task<AddressUser?> FindUserAsync(Ipv4 address, Func<MacAddress, bool> counts, CancellationToken cancellationToken);
}
