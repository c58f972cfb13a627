using System.Diagnostics.CodeAnalysis;
using Mayu.Server.Configuration;

namespace Mayu.Server.Wire;

/// <summary>
/// What the configuration says of this host's interfaces and addresses, looked at before anything is opened: a listener would only say
/// that an address cannot be assigned.
/// </summary>
internal static class BootInterfaces
{
    /// <summary>Looks at all of them.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="main">The main interface; null where the engine is external.</param>
    /// <param name="problem">What is wrong, as a sentence that names the key; null on success.</param>
    public static bool TryFind(MayuConfiguration configuration, out BootInterface? main, [NotNullWhen(false)] out string? problem)
    {
        main = null;
        return (configuration.Engine == EngineKind.External
                ? AreOfThisHost(configuration, out problem)
                : TryFindLinks(configuration, out main, out problem))
            && (configuration.ApiAddress == default || BootInterface.IsOfThisHost(configuration.ApiAddress, "api.address", out problem));
    }

    private static bool TryFindLinks(MayuConfiguration configuration, [NotNullWhen(true)] out BootInterface? main, [NotNullWhen(false)] out string? problem)
    {
        var name = configuration.Interface ?? throw new ArgumentException("this engine needs an interface", nameof(configuration));
        if (!BootInterface.TryFind(name, configuration.Network.ServerAddress, "network", out main, out problem))
        {
            return false;
        }

        foreach (var segment in configuration.Subnets.Where(subnet => subnet.Relays.IsEmpty))
        {
            if (!BootInterface.TryFind(segment.Interface, segment.Network.ServerAddress, BootSubnetSchema.Segments, out _, out problem))
            {
                return false;
            }
        }

        return true;
    }

    // Behind another PXE environment it does not matter which interface an address is on. One that is named is where the wire is asked for
    // internal addresses.
    private static bool AreOfThisHost(MayuConfiguration configuration, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var named = configuration.Subnets.Where(subnet => subnet.Relays.IsEmpty && subnet.Interface.Length > 0).Select(subnet => (subnet.Interface, BootSubnetSchema.Segments));
        if (configuration.Interface is { } main)
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

        foreach (var (address, place) in configuration.BootAddresses.Select((address, place) => (address, place)))
        {
            if (!BootInterface.IsOfThisHost(address, place == 0 ? "network.address" : $"{BootSubnetSchema.Segments}.address", out problem))
            {
                return false;
            }
        }

        return true;
    }
}
