using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>What the collector found in a machine. Every text comes from outside and is only ever shown or encoded.</summary>
public sealed record MachineFacts
{
    /// <summary><c>bios</c> or <c>uefi</c>.</summary>
    public string? Firmware { get; init; }

    /// <summary>DMI system vendor.</summary>
    public string? Vendor { get; init; }

    /// <summary>DMI product name.</summary>
    public string? Product { get; init; }

    /// <summary>Main memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Model name of the first CPU.</summary>
    public string? CpuModel { get; init; }

    /// <summary>CPU sockets.</summary>
    public int? CpuSockets { get; init; }

    /// <summary>CPU cores over all sockets.</summary>
    public int? CpuCores { get; init; }

    /// <summary>Hardware threads over all sockets.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>MAC of the baseboard management controller.</summary>
    public MacAddress? BmcMac { get; init; }

    /// <summary>The network interfaces.</summary>
    public ImmutableArray<NetworkInterfaceFacts> NetworkInterfaces { get; init; } = [];

    /// <summary>The disks.</summary>
    public ImmutableArray<DiskFacts> Disks { get; init; } = [];

    /// <summary>Whether the two say the same; unlike <c>==</c>, which asks whether their lists are the same objects.</summary>
    public bool IsSameAs(MachineFacts other) =>
        NetworkInterfaces.SequenceEqual(other.NetworkInterfaces)
        && Disks.SequenceEqual(other.Disks)
        && this with { NetworkInterfaces = [], Disks = [] } == other with { NetworkInterfaces = [], Disks = [] };
}

/// <summary>One network interface of a machine.</summary>
/// <param name="Name">The name its system gave it (<c>eth0</c>).</param>
/// <param name="Address">Its permanent hardware address, octets in lower-case hex with colons: six of a MAC, twenty of InfiniBand.</param>
/// <param name="Driver">The kernel driver.</param>
/// <param name="SpeedMbps">Link speed in Mbit/s; null when the driver does not say.</param>
/// <param name="Link">Whether it has a carrier.</param>
public sealed record NetworkInterfaceFacts(string Name, string Address, string? Driver, int? SpeedMbps, bool? Link);

/// <summary>One disk of a machine.</summary>
/// <param name="Name">The name its system gave it (<c>sda</c>).</param>
/// <param name="SizeBytes">Size in bytes.</param>
public sealed record DiskFacts(string Name, long SizeBytes)
{
    /// <summary>Model text.</summary>
    public string? Model { get; init; }

    /// <summary>The disk's serial number.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>World wide name.</summary>
    public string? Wwn { get; init; }

    /// <summary>Whether it turns.</summary>
    public bool Rotational { get; init; }

    /// <summary>Whether it is removable.</summary>
    public bool Removable { get; init; }

    /// <summary>Whether it cannot be written.</summary>
    public bool ReadOnly { get; init; }
}
