using System.Collections.Immutable;
using System.Globalization;
using Mayu.Linux.Files;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// What of dnsmasq's pools is leased, as its file of leases says, which it writes at each change. Of offers, and of addresses that somebody else uses,
/// it tells nothing.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="subnets">The subnets that it leases addresses of.</param>
internal sealed class DnsmasqLeases(string file, ImmutableArray<DhcpSubnet> subnets)
{
    // A line has some seventy bytes, and there are 100,000 leases at most.
    private const int MostBytes = 32 << 20;

    private readonly ImmutableArray<(Ipv4Subnet Subnet, Ipv4Range Range, ImmutableArray<Ipv4Range> Parts)> _pools =
    [
        .. from subnet in subnets
           where subnet.Network.BootstrapRange is not null
           select (subnet.Network.Subnet, subnet.Network.BootstrapRange!, DnsmasqConfiguration.Pool(subnet).ToImmutableArray()),
    ];

    /// <summary>How each pool is used now.</summary>
    public ImmutableArray<DhcpPoolUse> Read()
    {
        var leased = new int[_pools.Length];
        foreach (var (_, _, address) in Lines())
        {
            for (var i = 0; i < _pools.Length; i++)
            {
                leased[i] += _pools[i].Parts.Any(part => part.Contains(address)) ? 1 : 0;
            }
        }

        return [.. _pools.Select((pool, i) => UseOf(pool, leased[i]))];
    }

    /// <summary>Every lease.</summary>
    /// <param name="now">Dnsmasq takes one that has ended out of the file when it next changes.</param>
    public IEnumerable<PoolLease> All(DateTimeOffset now) =>
        from line in Lines()
        let client = MacAddress.TryParse(line.Mac, out var mac) ? mac : (MacAddress?)null
        select new PoolLease(line.Address, client, LeaseState.Bound, HasEnded: line.EndsAt <= now, line.EndsAt);

    private static DhcpPoolUse UseOf((Ipv4Subnet Subnet, Ipv4Range Range, ImmutableArray<Ipv4Range> Parts) pool, int leased) =>
        new(pool.Subnet, pool.Range) { Leased = leased, Free = (int)(pool.Parts.Sum(part => part.Count) - leased) };

    // When it ends (0: never), the MAC, the address, the host name, the client identifier.
    private IEnumerable<(DateTimeOffset? EndsAt, string Mac, Ipv4 Address)> Lines()
    {
        string text;
        try
        {
            text = BoundedFile.ReadText(file, MostBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has leased nothing yet.
            yield break;
        }

        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var end, var mac, var word, ..] && Ipv4.TryParse(word, out var address))
            {
                // dnsmasq itself reads 32 bits.
                var seconds = uint.TryParse(end, CultureInfo.InvariantCulture, out var number) ? number : 0;
                yield return (seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds), mac, address);
            }
        }
    }
}
