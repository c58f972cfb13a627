using System.Collections.Frozen;
using Mayu.Core.Addresses;
using Mayu.Protocols.Pxe;
using Mayu.Server.Configuration;

namespace Mayu.Server.Dhcp;

/// <summary>What the DHCP server is told.</summary>
internal sealed record DhcpSettings
{
    /// <summary>The interface it listens on, and no other.</summary>
    public required string Interface { get; init; }

    /// <summary>The subnet, the pool and what clients are told about them.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>The URL of the boot script, which an iPXE gets.</summary>
    public required string ScriptUrl { get; init; }

    /// <summary>The boot loader for each architecture; a client of any other is left alone.</summary>
    public IReadOnlyDictionary<ClientArchitecture, BootFile> BootFiles { get; init; } = BootFile.Defaults;

    /// <summary>The relays that are answered; none by default, for a forged relay address would turn the server on others.</summary>
    public FrozenSet<Ipv4> Relays { get; init; } = FrozenSet<Ipv4>.Empty;

    /// <summary>The settings that a configuration means.</summary>
    public static DhcpSettings From(MayuConfiguration configuration) => new()
    {
        Interface = configuration.Interface ?? throw new ArgumentException("DHCP needs an interface", nameof(configuration)),
        Network = configuration.Network,
        ScriptUrl = $"{configuration.BootUrl}/ipxebootscript",
    };
}
