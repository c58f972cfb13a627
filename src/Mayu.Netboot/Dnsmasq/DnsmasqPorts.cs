using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>The interfaces that dnsmasq answers on, and whether its ports are free there.</summary>
internal static class DnsmasqPorts
{
    /// <summary>Finds the interfaces of the main subnet and of the segments.</summary>
    /// <param name="main">The main one, found already.</param>
    /// <param name="plan">The subnets.</param>
    /// <param name="nics">All of them, the main one first.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null on success.</param>
    public static bool TryFindInterfaces(BootInterface main, DnsmasqPlan plan, out ImmutableArray<BootInterface> nics, [NotNullWhen(false)] out string? problem)
    {
        (nics, problem) = ([main], null);
        foreach (var subnet in plan.Subnets.Where(subnet => subnet.Relays.Count == 0 && subnet.Interface != main.Name))
        {
            if (!BootInterface.TryFind(subnet.Interface, subnet.Network.ServerAddress, BootSubnet.SegmentsKey, out var found, out problem))
            {
                return false;
            }

            nics = nics.Add(found);
        }

        return true;
    }

    /// <summary>Whether nobody else has the ports. dnsmasq would share port 67 with another one, and each would answer half of the time.</summary>
    /// <param name="nics">The interfaces.</param>
    /// <param name="isProxy">Whether it may be a proxy, which has port 4011 as well.</param>
    /// <param name="hasTftp">Whether it serves TFTP.</param>
    /// <param name="problem">Who has which, as a sentence; null where all are free.</param>
    public static bool AreFree(ImmutableArray<BootInterface> nics, bool isProxy, bool hasTftp, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        foreach (var nic in nics)
        {
            if (!IsFree(nic, IPAddress.Any, 67, "DHCP", out problem)
                || (isProxy && !IsFree(nic, IPAddress.Any, 4011, "The PXE boot server", out problem))
                || (hasTftp && !IsFree(nic, nic.Address.ToIPAddress(), 69, "TFTP", out problem)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsFree(BootInterface nic, IPAddress address, int port, string what, [NotNullWhen(false)] out string? problem)
    {
        if (!UdpSocket.TryOpen(nic, address, port, what, out var socket, out problem))
        {
            return false;
        }

        socket.Dispose();
        return true;
    }
}
