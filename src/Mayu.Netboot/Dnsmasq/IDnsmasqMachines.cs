using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>The planner, as an engine asks it that is another program and must be told beforehand.</summary>
internal interface IDnsmasqMachines
{
    /// <summary>Which state of the cluster the others speak of: another object when it may have changed. Never waits.</summary>
    object Version { get; }

    /// <summary>The interfaces of machines whose boot loaders get no answer now: they boot their own disk, or nothing. In the order of their MACs.</summary>
    IEnumerable<MacAddress> UnansweredMacs();

    /// <summary>
    /// The internal addresses of machines that run their own system, by the interface that they boot from: what that system is given when it asks by
    /// DHCP, where <c>dhcp.own_addresses</c> says so. In the order of their MACs.
    /// </summary>
    IEnumerable<(MacAddress Mac, Ipv4 Address)> OwnAddresses();
}
