using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Core.Inventory;

/// <summary>Machines as a zone of the DNS: a master file (RFC 1035 §5) with an A record for each host name, or a PTR record for each address.</summary>
public sealed class DnsZone
{
    private const string Reverse = ".in-addr.arpa";

    // Names of machines change seldom, and who looks for one that is new should not wait for long.
    private const int TimeToLive = 300;

    private readonly string _records;

    private DnsZone(string origin, string nameServer, string records) => (Origin, NameServer, _records) = (origin, nameServer, records);

    /// <summary>The name of the zone, without a dot at its end.</summary>
    public string Origin { get; }

    /// <summary>The zone's name server.</summary>
    public string NameServer { get; }

    /// <summary>The zone of the machines' names.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="domain">The domain that their names are in, which is the zone.</param>
    /// <param name="nameServer">The zone's name server.</param>
    /// <param name="glue">The address of the name server, whose name is in the zone then; null: somebody else knows its name.</param>
    public static DnsZone Forward(NamedMachines machines, string domain, string nameServer, Ipv4? glue)
    {
        ArgumentNullException.ThrowIfNull(machines);
        var records = new StringBuilder();
        if (glue is { } address)
        {
            records.Append(CultureInfo.InvariantCulture, $"{nameServer}. IN A {address}\n");
        }

        foreach (var machine in machines.Machines)
        {
            var name = $"{machine.Name}.{domain}";
            if (glue is not null && name == nameServer)
            {
                records.Append(CultureInfo.InvariantCulture, $"; left out: {machine.Name} ({machine.Address}): the zone's name server has that name\n");
            }
            else
            {
                records.Append(CultureInfo.InvariantCulture, $"{name}. IN A {machine.Address}\n");
            }
        }

        return new DnsZone(domain, nameServer, LeftOut(records, machines));
    }

    /// <summary>The zone of the addresses below its name.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="origin">The zone's name.</param>
    /// <param name="domain">The domain that the machines' names are in.</param>
    /// <param name="nameServer">The zone's name server.</param>
    /// <param name="zone">The zone; null where its name is not one of 1 to 3 octets.</param>
    public static bool TryReverse(NamedMachines machines, string origin, string domain, string nameServer, [NotNullWhen(true)] out DnsZone? zone)
    {
        ArgumentNullException.ThrowIfNull(machines);
        zone = null;
        if (!TryReadReverse(origin))
        {
            return false;
        }

        var records = new StringBuilder();
        foreach (var machine in machines.Machines)
        {
            if (NameOf(machine.Address) is var name && name.EndsWith("." + origin, StringComparison.Ordinal))
            {
                records.Append(CultureInfo.InvariantCulture, $"{name}. IN PTR {machine.Name}.{domain}.\n");
            }
        }

        zone = new DnsZone(origin, nameServer, LeftOut(records, machines));
        return true;
    }

    /// <summary>Whether it says the same, whatever its serial.</summary>
    public bool IsSameAs(DnsZone other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Origin, NameServer, _records) == (other.Origin, other.NameServer, other._records);
    }

    /// <summary>The master file.</summary>
    /// <param name="serial">The version of the zone, which grows when it changes (RFC 1912 §2.2).</param>
    public string Write(uint serial) => string.Create(CultureInfo.InvariantCulture, $"""
        ; The machines of Mayu. Changes made here are lost.
        $ORIGIN {Origin}.
        $TTL {TimeToLive}
        @ IN SOA {NameServer}. hostmaster.{NameServer}. ( {serial} 3600 600 604800 {TimeToLive} )
        @ IN NS {NameServer}.
        {_records}
        """);

    private static string LeftOut(StringBuilder records, NamedMachines machines)
    {
        foreach (var reason in machines.LeftOut)
        {
            records.Append(CultureInfo.InvariantCulture, $"; left out: {reason}\n");
        }

        return records.ToString();
    }

    // RFC 1035 §3.5.
    private static string NameOf(Ipv4 address) => string.Join('.', address.ToString().Split('.').Reverse()) + Reverse;

    private static bool TryReadReverse(string origin)
    {
        if (!origin.EndsWith(Reverse, StringComparison.Ordinal))
        {
            return false;
        }

        var octets = origin[..^Reverse.Length].Split('.');
        return octets.Length <= 3 && octets.All(octet =>
            byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value.ToString(CultureInfo.InvariantCulture) == octet);
    }
}
