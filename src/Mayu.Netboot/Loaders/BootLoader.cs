namespace Mayu.Netboot.Loaders;

/// <summary>The programs that firmware is made to load, and that then ask for a boot script in their own language.</summary>
internal enum BootLoader
{
    /// <summary>iPXE: any firmware, kernels over HTTP.</summary>
    Ipxe,

    /// <summary>GRUB.</summary>
    Grub,

    /// <summary>PXELINUX: BIOS only.</summary>
    Pxelinux,

    /// <summary>shim with Microsoft's signature, which loads the distribution's signed GRUB: UEFI Secure Boot.</summary>
    Shim,
}
