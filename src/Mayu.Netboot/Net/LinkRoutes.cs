using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// For which addresses the kernel asks by ARP on an interface, and which it sends to a router: what /proc/net/route says, the main table. It is read
/// again where it is asked after half a minute. Not safe for several threads at once.
/// </summary>
/// <param name="nic">The interface's name.</param>
/// <param name="clock">The time.</param>
/// <param name="file">Where the kernel tells its routes.</param>
internal sealed class LinkRoutes(string nic, TimeProvider clock, string file = "/proc/net/route")
{
    private const int MostBytes = 1 << 20;
    private const int Up = 1;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private ImmutableArray<Route>? _routes;
    private long _readAt;

    /// <summary>Whether the kernel asks for the MAC of this very address.</summary>
    public bool IsOnLink(Ipv4 address)
    {
        if (_routes is not { } routes || clock.GetElapsedTime(_readAt) >= Fresh)
        {
            (_routes, _readAt) = (routes = Read(), clock.GetTimestamp());
        }

        foreach (var route in routes)
        {
            if (route.Range.Contains(address))
            {
                return route.IsOnLink;
            }
        }

        return false;
    }

    // The narrowest come first, and of the others those alone that a part of this interface's own is in.
    private ImmutableArray<Route> Read()
    {
        var all = Lines().Select(Parse).OfType<Route>().ToList();
        var own = all.Where(route => route.IsOnLink).ToList();
        return [.. all.Where(route => own.Any(one => one.Range.Overlaps(route.Range))).OrderBy(route => route.Range.Count)];
    }

    private string[] Lines()
    {
        try
        {
            return BoundedFile.ReadText(file, MostBytes).Split('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Interface, destination, gateway, flags, three more, mask: numbers in hexadecimal, addresses with the first octet last.
    private Route? Parse(string line) =>
        line.Split('\t', StringSplitOptions.TrimEntries) is [var name, var to, var by, var flags, _, _, _, var over, ..]
            && TryRead(to, out var destination) && TryRead(by, out var gateway) && TryRead(over, out var mask)
            && int.TryParse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) && (bits & Up) != 0
            ? new Route(new Ipv4Range(new Ipv4(destination & mask), new Ipv4(destination | ~mask)), name == nic && gateway == 0)
            : null;

    private static bool TryRead(string text, out uint address)
    {
        var isNumber = uint.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out address);
        address = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address) : address;
        return isNumber;
    }

    private sealed record Route(Ipv4Range Range, bool IsOnLink);
}
