using System.Globalization;
using System.Numerics;
using System.Text;

namespace Mayu.Bench.Dhcp;

/// <summary>The clients of perfdhcp, and the leases that they have before the measuring begins, in each server's own form.</summary>
internal static class BenchLeases
{
    /// <summary>The subnet behind perfdhcp, which speaks as a relay of that address.</summary>
    public const string Subnet = "10.99.0.0/16";

    /// <summary>The relay's address.</summary>
    public const string Relay = "10.99.0.2";

    /// <summary>The pool: 32,768 addresses, so that the largest number of clients leaves room.</summary>
    public const string FirstAddress = "10.99.64.0";

    /// <summary>The last address.</summary>
    public const string LastAddress = "10.99.191.255";

    // perfdhcp's first client is 00:0c:01:02:03:04; each next one is counted up from there.
    private const long FirstMac = 0x000C01020304;
    private const uint FirstNumber = (10u << 24) | (99 << 16) | (64 << 8);

    /// <summary>When the leases end.</summary>
    public static long Ends => TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();

    /// <summary>MAC and address of each client.</summary>
    public static IEnumerable<(string Mac, string Address)> All(int clients) => Enumerable.Range(0, clients).Select(i => (Mac(FirstMac + i), Address(FirstNumber + (uint)i)));

    /// <summary>As Mayu keeps them: the last word is the CRC-32C of the others.</summary>
    public static string ForMayu(int clients)
    {
        var (text, ends) = (new StringBuilder(), Ends);
        foreach (var (mac, address) in All(clients))
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"lease {address} {mac} {ends}");
            var crc = uint.MaxValue;
            foreach (var letter in line)
            {
                crc = BitOperations.Crc32C(crc, (byte)letter);
            }

            text.Append(line).Append(' ').Append((~crc).ToString("x8", CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>As Kea's memfile keeps them.</summary>
    public static string ForKea(int clients)
    {
        var text = new StringBuilder("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n");
        var ends = Ends;
        foreach (var (mac, address) in All(clients))
        {
            text.Append(CultureInfo.InvariantCulture, $"{address},{mac},,3600,{ends},1,0,0,,0,\n");
        }

        return text.ToString();
    }

    /// <summary>As dnsmasq keeps them.</summary>
    public static string ForDnsmasq(int clients)
    {
        var (text, ends) = (new StringBuilder(), Ends);
        foreach (var (mac, address) in All(clients))
        {
            text.Append(CultureInfo.InvariantCulture, $"{ends} {mac} {address} * *\n");
        }

        return text.ToString();
    }

    private static string Mac(long number) => string.Join(':', Enumerable.Range(0, 6).Select(i => ((number >> (40 - (8 * i))) & 255).ToString("x2", CultureInfo.InvariantCulture)));

    private static string Address(uint number) => string.Create(CultureInfo.InvariantCulture, $"{number >> 24}.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}");
}
