using Mayu.Primitives;

namespace Mayu.InfoPusher.Facts;

/// <summary>Reads the physical Ethernet and InfiniBand interfaces from <c>/sys/class/net</c>.</summary>
internal static class NetDevReader
{
    /// <summary>ARPHRD_ETHER of <c>linux/if_arp.h</c>.</summary>
    private const int EthernetType = 1;

    /// <summary>ARPHRD_INFINIBAND of <c>linux/if_arp.h</c>.</summary>
    private const int InfiniBandType = 32;

    /// <summary>Fastest link that is believed, in Mbit/s; virtio says 4294967295 where it does not know.</summary>
    private const long MaxSpeedMbps = 10_000_000;

    /// <summary>Drivers of the network over USB by which a board management controller talks to its host.</summary>
    private static readonly HashSet<string> UsbDrivers = new(StringComparer.Ordinal) { "cdc_ether", "cdc_ncm", "cdc_eem", "rndis_host" };

    /// <summary>The interfaces in the order of their names: those with hardware behind them, so no bridge, bond, VLAN or tap.</summary>
    public static IReadOnlyList<NetDev> Read(HostFiles files) =>
        [.. files.Names("sys/class/net").Select(name => Read(files, name)).OfType<NetDev>()];

    /// <summary>The interface the machine booted from, else the first with a link, a network card before a board controller's USB network; or null.</summary>
    public static NetDev? Connected(IReadOnlyList<NetDev> netDevs, string? bootMacAddress) =>
        netDevs.FirstOrDefault(dev => dev.MacAddress == bootMacAddress)
        ?? netDevs.Where(dev => dev.Link == true).MinBy(dev => dev.Driver is { } driver && UsbDrivers.Contains(driver));

    private static NetDev? Read(HostFiles files, string name)
    {
        var folder = $"sys/class/net/{name}/";
        int? octets = files.Number(folder + "type") switch { EthernetType => MacText.Ethernet, InfiniBandType => MacText.InfiniBand, _ => null };
        if (octets is not { } length || !files.Exists(folder + "device"))
        {
            return null;
        }

        // A bond gives all its members one address; their own stays readable here.
        var mac = MacText.Normalize(files.Value(folder + "bonding_slave/perm_hwaddr") ?? files.Value(folder + "address"), length);
        if (mac is null)
        {
            return null;
        }

        var speed = files.Number(folder + "speed");
        return new NetDev
        {
            Name = CleanText.From(name) ?? "",
            MacAddress = mac,
            Driver = files.LinkName(folder + "device/driver"),
            SpeedMbps = speed is > 0 and <= MaxSpeedMbps ? (int)speed : null,
            Link = files.Flag(folder + "carrier"),
        };
    }
}
