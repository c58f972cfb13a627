using System.Collections.Concurrent;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Loaders;

/// <summary>
/// How large the TFTP blocks of certain clients may be. Which quirk a client has is seen in its DHCP packets, and a TFTP request
/// comes from an address: DHCP notes it here by MAC. Safe from any thread.
/// </summary>
/// <param name="addresses">Whose an address is.</param>
internal sealed class QuirkedBlockSizes(ClientAddresses addresses) : ITftpQuirks
{
    /// <summary>How many clients are remembered; more are given any size, as without a quirk.</summary>
    public const int MaximumClients = 65_536;

    private readonly ConcurrentDictionary<MacAddress, int> _sizes = new();

    /// <summary>A client with such a quirk asked for a boot file.</summary>
    public void Note(MacAddress mac, int blockSize)
    {
        if (_sizes.ContainsKey(mac) || _sizes.Count < MaximumClients)
        {
            _sizes[mac] = blockSize;
        }
    }

    /// <inheritdoc/>
    public int? MaximumBlockSize(Ipv4 client) =>
        !_sizes.IsEmpty && addresses.Find(client) is { } mac && _sizes.TryGetValue(mac, out var size) ? size : null;
}
