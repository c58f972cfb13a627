using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Linux.Sockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>The network interface that machines boot from, as the kernel has it now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">This server's address on it.</param>
/// <param name="Mtu">The longest packet that goes through it, in bytes.</param>
internal sealed record BootInterface(string Name, Ipv4 Address, int Mtu)
{
    private const int EthernetMtu = 1500;

    /// <summary>Its hardware address: six bytes for Ethernet, all zero for loopback.</summary>
    public ImmutableArray<byte> Hardware { get; init; } = [];

    /// <summary>Whether frames go out there to a MAC of six bytes; loopback and tunnels have none.</summary>
    public bool IsEthernet => Hardware.Length == 6 && Hardware.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>The address that it has before <see cref="Address"/>, and that the kernel takes where it may choose; null: none.</summary>
    public Ipv4? EarlierAddress { get; init; }

    /// <summary>The sockets that hear and speak on it alone.</summary>
    public TiedSockets Tied { get; } = new(Name);

    /// <summary>Checks that there is an interface of that name, and that it is up: addresses of one that is down cannot be used.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="section">The section of the configuration that names it, for the message.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null on success.</param>
    public static bool Exists(string name, string section, [NotNullWhen(false)] out string? problem) => TryFindLink(name, section, out _, out problem);

    /// <summary>Checks that some interface of this host has an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="key">The key of the configuration that names it, for the message.</param>
    /// <param name="problem">What is wrong, as a sentence that names the address, and those that there are; null on success.</param>
    public static bool IsOfThisHost(Ipv4 address, string key, [NotNullWhen(false)] out string? problem)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces();
        var owner = Array.Find(all, nic => AddressesOf(nic).Contains(address));
        problem = owner is null
            ? $"{key}: no interface of this host has the address {address}; its addresses: "
                + string.Join(", ", all.SelectMany(nic => AddressesOf(nic).Select(own => $"{own} on {nic.Name}")).Order(StringComparer.Ordinal)) + "."
            : InterfaceState.IsUp(owner.Name) ? null
            : $"{key}: the interface \"{owner.Name}\", which has the address {address}, is down. Bring it up: ip link set {owner.Name} up";
        return problem is null;
    }

    /// <summary>Finds the interface and checks that it is up and has the address.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="address">The address it must have.</param>
    /// <param name="section">The section of the configuration that names both, for the message.</param>
    /// <param name="found">The interface.</param>
    /// <param name="problem">What is wrong, as a sentence that names it; null on success.</param>
    public static bool TryFind(
        string name, Ipv4 address, string section, [NotNullWhen(true)] out BootInterface? found, [NotNullWhen(false)] out string? problem)
    {
        found = null;
        if (!TryFindLink(name, section, out var nic, out problem))
        {
            return false;
        }

        var properties = nic.GetIPProperties();
        var addresses = AddressesOf(nic).ToArray();
        if (!addresses.Contains(address))
        {
            problem = $"{section}.address: interface \"{name}\" does not have the address {address}; "
                + (addresses.Length == 0 ? "it has none" : $"it has {string.Join(", ", addresses)}")
                + $". Give it the address (ip address add {address}/… dev {name}), or fix the configuration.";
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

    private static bool TryFindLink(string name, string section, [NotNullWhen(true)] out NetworkInterface? nic, [NotNullWhen(false)] out string? problem)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces();
        nic = Array.Find(all, candidate => candidate.Name == name);
        problem = nic is null
            ? $"{section}.interface: there is no interface \"{name}\"; the interfaces are: {string.Join(", ", all.Select(candidate => candidate.Name).Order(StringComparer.Ordinal))}."
            : InterfaceState.IsUp(name) ? null
            : $"{section}.interface: the interface \"{name}\" is down. Bring it up: ip link set {name} up";
        return problem is null;
    }

    private static IEnumerable<Ipv4> AddressesOf(NetworkInterface nic) => nic.GetIPProperties().UnicastAddresses
        .Where(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork)
        .Select(unicast => Ipv4.From(unicast.Address));
}
