using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>The sender of one packet, with all that the server decides from. A view, like the packet.</summary>
internal readonly ref struct DhcpClient
{
    /// <summary>The subnet it is in.</summary>
    public required DhcpScope Scope { get; init; }

    /// <summary>Its MAC, and what the pool may give it.</summary>
    public required LeaseClient Lease { get; init; }

    public MacAddress Mac => Lease.Mac;

    /// <summary>Whose interface it is; null for an unknown machine's.</summary>
    public required Serial? Serial { get; init; }

    /// <summary>What this server calls itself to it: option 54. Its own address, or what the client's relay wants (RFC 5107).</summary>
    public required Ipv4 Server { get; init; }

    public required PxeClientInfo Loader { get; init; }

    public required BootAnswer Answer { get; init; }

    /// <summary>Who it is, in words for the trace.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it speaks BOOTP, as only loaders do nowadays.</summary>
    public bool IsBootp { get; init; }

    /// <summary>Whether an option 54 of it means this server. It may have heard our own name before its relay wanted another one.</summary>
    public bool Means(Ipv4 server) => server == Server || server == Scope.Network.ServerAddress;

    /// <summary>Whether it is left alone: a loader whose machine boots its own disk, or nothing. Its operating system still gets a lease.</summary>
    public bool IsLeftAlone => (Loader.IsNetworkBoot || IsBootp) && Answer.IsSilence;
}
