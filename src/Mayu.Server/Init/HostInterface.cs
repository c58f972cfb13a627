using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Linux.Sockets;
using Mayu.Primitives;

namespace Mayu.Server.Init;

/// <summary>An interface of this host that machines can boot from: it is up, not loopback, and has IPv4 addresses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">Its addresses, each with its subnet.</param>
/// <param name="Routers">The default routers of this host by it.</param>
/// <param name="NameServers">The name servers of this host, except those on the host itself.</param>
internal sealed record HostInterface(
    string Name, ImmutableArray<(Ipv4 Address, Ipv4Subnet Subnet)> Addresses, ImmutableArray<Ipv4> Routers, ImmutableArray<Ipv4> NameServers)
{
    /// <summary>Those that there are.</summary>
    public static ImmutableArray<HostInterface> All() =>
    [
        .. from nic in NetworkInterface.GetAllNetworkInterfaces()
           where nic.NetworkInterfaceType != NetworkInterfaceType.Loopback && InterfaceState.IsUp(nic.Name)
           let properties = nic.GetIPProperties()
           let addresses = AddressesOf(properties)
           where addresses.Length > 0
           orderby nic.Name
           select new HostInterface(nic.Name, addresses, [.. V4(properties.GatewayAddresses.Select(one => one.Address))], [.. V4(properties.DnsAddresses).Distinct()]),
    ];

    private static ImmutableArray<(Ipv4 Address, Ipv4Subnet Subnet)> AddressesOf(IPInterfaceProperties properties)
    {
        var found = ImmutableArray.CreateBuilder<(Ipv4, Ipv4Subnet)>();
        foreach (var unicast in properties.UnicastAddresses.Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork))
        {
            var address = Ipv4.From(unicast.Address);
            // A point-to-point link has room for nobody.
            if (unicast.PrefixLength is > 0 and < 31
                && Ipv4Subnet.TryParse($"{new Ipv4(address.Value & (uint.MaxValue << (32 - unicast.PrefixLength)))}/{unicast.PrefixLength}", out var subnet))
            {
                found.Add((address, subnet!));
            }
        }

        return found.ToImmutable();
    }

    private static IEnumerable<Ipv4> V4(IEnumerable<IPAddress> addresses) => addresses
        .Where(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one) && !one.Equals(IPAddress.Any))
        .Select(Ipv4.From);
}
