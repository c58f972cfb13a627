using System.Diagnostics.CodeAnalysis;

namespace Mayu.Primitives;

/// <summary>One physical network interface.</summary>
public sealed record NetDev
{
    /// <summary>The kernel's name (<c>eth0</c>, <c>enp3s0f1</c>).</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The permanent hardware address, lower case with colons: six octets of a MAC, twenty of InfiniBand.</summary>
    [AllowNull]
    public string MacAddress { get; init => field = value ?? ""; } = "";

    /// <summary>The kernel driver (<c>virtio_net</c>, <c>ixgbe</c>), or null.</summary>
    public string? Driver { get; init; }

    /// <summary>Link speed in Mbit/s, or null without a link or where the driver does not say.</summary>
    public int? SpeedMbps { get; init; }

    /// <summary>Whether there is a link, or null where the interface is down and the kernel cannot say.</summary>
    public bool? Link { get; init; }
}
