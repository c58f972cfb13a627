using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>Who answers on the wire under an address.</summary>
/// <param name="Mac">His MAC; null where the answer came through a router, which hides it.</param>
internal readonly record struct AddressUser(MacAddress? Mac)
{
    /// <inheritdoc/>
    public override string ToString() => Mac is { } mac ? $"{mac}" : "it answers a ping";
}
