using Mayu.Primitives;

namespace Mayu.Server.Init;

/// <summary>Proposes the two ranges of a subnet: for machines that bootstrap, and for their permanent addresses.</summary>
internal static class FreeRanges
{
    private const uint MostBootstrap = 100;
    private const uint MostPermanent = 1000;

    /// <summary>The longest run of host addresses that has none of these in it; null where there is none.</summary>
    /// <param name="subnet">The subnet.</param>
    /// <param name="taken">Addresses that are taken; those outside of the subnet do not matter.</param>
    public static Ipv4Range? Longest(Ipv4Subnet subnet, IEnumerable<Ipv4Range> taken)
    {
        var (next, last) = (subnet.Network.Value + 1, subnet.Broadcast.Value - 1);
        Ipv4Range? longest = null;
        foreach (var range in taken.Where(range => range.End.Value >= next && range.Start.Value <= last).OrderBy(range => range.Start).Append(new Ipv4Range(subnet.Broadcast, subnet.Broadcast)))
        {
            if (range.Start.Value > next && (longest is null || range.Start.Value - next > longest.Count))
            {
                longest = new Ipv4Range(new Ipv4(next), new Ipv4(range.Start.Value - 1));
            }

            next = Math.Max(next, range.End.Value + 1);
        }

        return longest;
    }

    /// <summary>The upper half of a run, of a hundred addresses at most.</summary>
    public static Ipv4Range? Bootstrap(Ipv4Range? free) => free is not { Count: >= 2 } ? null
        : new Ipv4Range(new Ipv4(free.End.Value - Math.Min(MostBootstrap, (uint)(free.Count / 2)) + 1), free.End);

    /// <summary>The lower end of a run, of a thousand addresses at most.</summary>
    public static Ipv4Range? Permanent(Ipv4Range? free) => free is null ? null
        : new Ipv4Range(free.Start, new Ipv4(free.Start.Value + (uint)Math.Min(MostPermanent, free.Count) - 1));
}
