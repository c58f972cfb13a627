using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;

namespace Mayu.Netboot.Engines;

/// <summary>
/// What the configuration says of this host's interfaces and addresses, looked at before anything is opened: a listener would only say
/// that an address cannot be assigned.
/// </summary>
internal static class BootInterfaces
{
    /// <summary>Looks at all of them.</summary>
    /// <param name="settings">What the configuration says.</param>
    /// <param name="main">The main interface; null where the engine is external.</param>
    /// <param name="problem">What is wrong, as a sentence that names the key; null on success.</param>
    public static bool TryFind(NetbootSettings settings, out BootInterface? main, [NotNullWhen(false)] out string? problem)
    {
        main = null;
        return settings.Engine == EngineKind.External ? AreOfThisHost(settings, out problem) : TryFindLinks(settings, out main, out problem);
    }

    private static bool TryFindLinks(NetbootSettings settings, [NotNullWhen(true)] out BootInterface? main, [NotNullWhen(false)] out string? problem)
    {
        var name = settings.Interface ?? throw new ArgumentException("this engine needs an interface", nameof(settings));
        if (!BootInterface.TryFind(name, settings.Network.ServerAddress, "network", out main, out problem))
        {
            return false;
        }

        foreach (var segment in settings.Subnets.Where(subnet => subnet.Relays.IsEmpty))
        {
            if (!BootInterface.TryFind(segment.Interface, segment.Network.ServerAddress, BootSubnet.SegmentsKey, out _, out problem))
            {
                return false;
            }
        }

        return true;
    }

    // Behind another PXE environment it does not matter which interface an address is on. One that is named is where the wire is asked for
    // internal addresses.
    private static bool AreOfThisHost(NetbootSettings settings, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var named = settings.Subnets.Where(subnet => subnet.Relays.IsEmpty && subnet.Interface.Length > 0).Select(subnet => (subnet.Interface, BootSubnet.SegmentsKey));
        if (settings.Interface is { } main)
        {
            named = named.Prepend((main, "network"));
        }

        foreach (var (nic, section) in named)
        {
            if (!BootInterface.Exists(nic, section, out problem))
            {
                return false;
            }
        }

        foreach (var (address, place) in settings.BootAddresses.Select((address, place) => (address, place)))
        {
            if (!BootInterface.IsOfThisHost(address, place == 0 ? "network.address" : $"{BootSubnet.SegmentsKey}.address", out problem))
            {
                return false;
            }
        }

        return true;
    }
}
