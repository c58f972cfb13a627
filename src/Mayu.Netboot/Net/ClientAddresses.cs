using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// Whose an address is. Mouths that see only addresses, TFTP and HTTP, ask here; whoever gives addresses out answers. Safe from
/// any thread.
/// </summary>
internal sealed class ClientAddresses
{
    private volatile Func<Ipv4, MacAddress?>? _leases;

    /// <summary>The DHCP server that gives addresses out, once there is one.</summary>
    public void Ask(Func<Ipv4, MacAddress?> leases) => _leases = leases;

    /// <summary>The client with an address; null for one that nobody leased.</summary>
    public MacAddress? Find(Ipv4 address) => _leases?.Invoke(address);
}
