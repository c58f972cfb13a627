using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Addresses;

/// <summary>The network that machines boot and live in.</summary>
public sealed record NetworkPlan
{
    /// <summary>The subnet of both the bootstrap and the internal addresses.</summary>
    public required Ipv4Subnet Subnet { get; init; }

    /// <summary>This server's address in it: DHCP server identifier, TFTP server, host of the boot URLs.</summary>
    public required Ipv4 ServerAddress { get; init; }

    /// <summary>Where leases for the time of bootstrapping are taken from; null where another DHCP server gives them.</summary>
    public Ipv4Range? BootstrapRange { get; init; }

    /// <summary>The default router, if there is one.</summary>
    public Ipv4? Router { get; init; }

    /// <summary>Name servers.</summary>
    public ImmutableArray<Ipv4> Dns { get; init; } = [];

    /// <summary>Time servers.</summary>
    public ImmutableArray<Ipv4> Ntp { get; init; } = [];

    /// <summary>The DNS domain, if there is one.</summary>
    public string? Domain { get; init; }

    /// <summary>How machines set up the interface with their internal address.</summary>
    public NicModel Model { get; init; } = new();

    /// <summary>How long a lease lasts, 2 minutes to 1 day.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromHours(1);
}
