namespace Mayu.Core.Boot;

/// <summary>The steps of a boot, in the order in which a machine takes them.</summary>
public enum HopKind : byte
{
    /// <summary>DHCPDISCOVER.</summary>
    Discover,

    /// <summary>DHCPOFFER.</summary>
    Offer,

    /// <summary>DHCPREQUEST.</summary>
    Request,

    /// <summary>DHCPACK.</summary>
    Ack,

    /// <summary>DHCPNAK: the address it asked for is not to be had.</summary>
    Nak,

    /// <summary>DHCPDECLINE: it found its address in use.</summary>
    Decline,

    /// <summary>DHCPRELEASE: it gave its address back.</summary>
    Release,

    /// <summary>An offer of a boot file beside another server's address (ProxyDHCP, port 67 or 4011).</summary>
    Proxy,

    /// <summary>Something it asked for was left unanswered on purpose.</summary>
    Silent,

    /// <summary>A file over TFTP or HTTP: a boot loader.</summary>
    File,

    /// <summary>The boot script, or the configuration of GRUB or PXELINUX.</summary>
    Script,

    /// <summary>A boot script, or a configuration of GRUB or PXELINUX, that starts the machine's own disk.</summary>
    OwnDisk,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>The initial RAM disk.</summary>
    Initrd,

    /// <summary>The first-stage script.</summary>
    FirstStage,

    /// <summary>Its facts came in.</summary>
    Facts,

    /// <summary>Its provisioning config went out.</summary>
    Config,

    /// <summary>The disk image.</summary>
    Image,

    /// <summary>It reported how far it is.</summary>
    Progress,

    /// <summary>It reported that its disk is written.</summary>
    Installed,

    /// <summary>It reported that it runs.</summary>
    Complete,

    /// <summary>It, or a step taken for it, failed.</summary>
    Failed,

    /// <summary>A request in its name was refused for its boot token. Who sent it may be somebody else, so it says nothing of how far the machine is.</summary>
    Refused,

    /// <summary>A line that it sent by syslog. It is kept beside the steps, and says nothing of how far the machine is.</summary>
    Syslog,
}
