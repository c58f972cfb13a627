using System.Collections.Immutable;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>What dnsmasq is to do, before it is said in its words.</summary>
internal sealed record DnsmasqPlan
{
    /// <summary>The subnets, the main one first.</summary>
    public required ImmutableArray<DhcpSubnet> Subnets { get; init; }

    /// <summary>How it serves TFTP; null: it does not.</summary>
    public TftpSettings? Tftp { get; init; } = new();

    /// <summary>The addresses of this server that are not the first of their interface, by which dnsmasq would call itself there.</summary>
    public ImmutableArray<Ipv4> LaterAddresses { get; init; } = [];

    /// <summary>Interfaces of this server that ask for other DHCP servers, and are not to be answered.</summary>
    public ImmutableArray<MacAddress> OwnMacs { get; init; } = [];

    /// <summary>
    /// Whether machines need what dnsmasq's TFTP cannot do: configurations of GRUB and PXELINUX that are made when they are asked for, and
    /// blocks that are smaller for some. A file that the operator names may be such a loader.
    /// </summary>
    public static bool NeedsOurTftp(PxeSettings pxe) =>
        pxe.Loader != BootLoader.Ipxe
        || pxe.Architectures.Any(setting => setting.Loader is not (null or BootLoader.Ipxe) || setting.File is not null)
        || pxe.Quirks.Any(quirk => quirk is not { File: null, MaximumBlockSize: null });
}
