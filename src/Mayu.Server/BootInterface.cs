using System.Net.NetworkInformation;
using Mayu.Core.Addresses;

namespace Mayu.Server;

/// <summary>Checks the interface that machines are on before anything is bound to it.</summary>
internal static class BootInterface
{
    /// <summary>The interface exists and has the server's address.</summary>
    /// <exception cref="StartException">It does not; the message names what there is.</exception>
    public static void Check(string name, Ipv4 address)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces();
        var nic = Array.Find(all, candidate => candidate.Name == name)
            ?? throw new StartException(
                $"network.interface: there is no interface \"{name}\"; there are: {string.Join(", ", all.Select(candidate => candidate.Name).Order())}.");
        var addresses = nic.GetIPProperties().UnicastAddresses
            .Where(unicast => unicast.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(unicast => Ipv4.From(unicast.Address))
            .ToArray();
        if (!addresses.Contains(address))
        {
            throw new StartException(
                $"network.address: interface {name} does not have the address {address}; "
                + (addresses.Length == 0 ? "it has none" : $"it has {string.Join(", ", addresses)}")
                + $". Give it the address (ip address add {address}/… dev {name}), or mend the configuration.");
        }
    }
}
