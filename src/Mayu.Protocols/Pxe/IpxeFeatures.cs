namespace Mayu.Protocols.Pxe;

/// <summary>What an iPXE build can do, from the sub-options 0x10–0x29 of option 175; bit n stands for sub-option 0x10+n.</summary>
[Flags]
public enum IpxeFeatures
{
    /// <summary>None told.</summary>
    None = 0,

    /// <summary>PXE extensions (0x10).</summary>
    PxeExtensions = 1 << 0x00,

    /// <summary>iSCSI (0x11).</summary>
    Iscsi = 1 << 0x01,

    /// <summary>ATA over Ethernet (0x12).</summary>
    Aoe = 1 << 0x02,

    /// <summary>HTTP (0x13).</summary>
    Http = 1 << 0x03,

    /// <summary>HTTPS (0x14).</summary>
    Https = 1 << 0x04,

    /// <summary>TFTP (0x15).</summary>
    Tftp = 1 << 0x05,

    /// <summary>FTP (0x16).</summary>
    Ftp = 1 << 0x06,

    /// <summary>DNS (0x17).</summary>
    Dns = 1 << 0x07,

    /// <summary>Linux kernels under BIOS (0x18).</summary>
    BzImage = 1 << 0x08,

    /// <summary>Multiboot (0x19).</summary>
    Multiboot = 1 << 0x09,

    /// <summary>PXE boot files under BIOS (0x21).</summary>
    Pxe = 1 << 0x11,

    /// <summary>EFI programs, Linux kernels among them (0x24).</summary>
    Efi = 1 << 0x14,

    /// <summary>VLANs (0x26).</summary>
    Vlan = 1 << 0x16,

    /// <summary>Menus (0x27).</summary>
    Menu = 1 << 0x17,
}
