using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Core.Addresses;

namespace Mayu.Server.Wire;

/// <summary>The network interface that machines boot from, as the kernel has it now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">This server's address on it.</param>
/// <param name="Mtu">The longest packet that goes through it, in bytes.</param>
internal sealed record BootInterface(string Name, Ipv4 Address, int Mtu)
{
    private const int EthernetMtu = 1500;

    /// <summary>Its hardware address: six bytes for Ethernet, all zero for loopback.</summary>
    public ImmutableArray<byte> Hardware { get; init; } = [];

    /// <summary>The address that it has before <see cref="Address"/>, and that the kernel takes where it may choose; null: none.</summary>
    public Ipv4? EarlierAddress { get; init; }

    /// <summary>The sockets that hear and speak on it alone.</summary>
    public TiedSockets Tied { get; } = new(Name);

    /// <summary>Finds the interface and checks that it has the address.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="address">The address it must have.</param>
    /// <param name="section">The section of the configuration that names both, for the message.</param>
    /// <param name="found">The interface.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null on success.</param>
    public static bool TryFind(
        string name, Ipv4 address, string section, [NotNullWhen(true)] out BootInterface? found, [NotNullWhen(false)] out string? problem)
    {
        found = null;
        var all = NetworkInterface.GetAllNetworkInterfaces();
        if (Array.Find(all, candidate => candidate.Name == name) is not { } nic)
        {
            problem = $"{section}.interface: there is no interface \"{name}\"; there are: {string.Join(", ", all.Select(candidate => candidate.Name).Order(StringComparer.Ordinal))}.";
            return false;
        }

        var properties = nic.GetIPProperties();
        var addresses = properties.UnicastAddresses
            .Where(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(unicast => Ipv4.From(unicast.Address))
            .ToArray();
        if (!addresses.Contains(address))
        {
            problem = $"{section}.address: interface \"{name}\" does not have the address {address}; "
                + (addresses.Length == 0 ? "it has none" : $"it has {string.Join(", ", addresses)}")
                + $". Give it the address (ip address add {address}/… dev {name}), or mend the configuration.";
            return false;
        }

        var mtu = properties.GetIPv4Properties().Mtu;
        found = new BootInterface(name, address, mtu > 0 ? mtu : EthernetMtu)
        {
            Hardware = [.. nic.GetPhysicalAddress().GetAddressBytes()],
            EarlierAddress = addresses[0] == address ? null : addresses[0],
        };
        problem = null;
        return true;
    }
}
