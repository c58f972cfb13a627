using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>What the loaders' files are called for each architecture, and where Debian's packages put them.</summary>
internal static class LoaderFiles
{
    /// <summary>The script that U-Boot looks for. Without it U-Boot goes on to PXELINUX's configuration and to an EFI program.</summary>
    public const string UBootScript = "boot.scr.uimg";

    private const string Pxelinux = "/usr/lib/PXELINUX";
    private const string SyslinuxModules = "/usr/lib/syslinux/modules/bios";

    // GRUB's are the images for booting from the network, under the name by which shim asks for its next stage.
    private static readonly Dictionary<string, string[]> Packaged = new(StringComparer.Ordinal)
    {
        ["undionly.kpxe"] = ["/usr/lib/ipxe/undionly.kpxe"],
        ["ipxe.efi"] = ["/boot/ipxe.efi", "/usr/lib/ipxe/ipxe.efi"],
        ["snponly.efi"] = ["/usr/lib/ipxe/snponly.efi"],
        ["ipxe-arm64.efi"] = ["/boot/ipxe-arm64.efi", "/usr/lib/ipxe/ipxe-arm64.efi"],
        ["grubx64.efi"] = ["/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"],
        ["grubia32.efi"] = ["/usr/lib/grub/i386-efi-signed/grubnetia32.efi.signed"],
        ["grubaa64.efi"] = ["/usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed"],
        ["shimx64.efi"] = ["/usr/lib/shim/shimx64.efi.signed"],
        ["shimia32.efi"] = ["/usr/lib/shim/shimia32.efi.signed"],
        ["shimaa64.efi"] = ["/usr/lib/shim/shimaa64.efi.signed"],
        ["mmx64.efi"] = ["/usr/lib/shim/mmx64.efi.signed"],
        ["mmia32.efi"] = ["/usr/lib/shim/mmia32.efi.signed"],
        ["mmaa64.efi"] = ["/usr/lib/shim/mmaa64.efi.signed"],
        ["pxelinux.0"] = [$"{Pxelinux}/pxelinux.0"],
        ["lpxelinux.0"] = [$"{Pxelinux}/lpxelinux.0"],
        ["ldlinux.c32"] = [$"{SyslinuxModules}/ldlinux.c32"],
    };

    /// <summary>Where a file may lie although it is not in the TFTP root; empty for one that no package has.</summary>
    public static IReadOnlyList<string> PlacesOf(string name) => Packaged.GetValueOrDefault(name) ?? [];

    /// <summary>The usual file of a loader; null where it does not exist for the architecture.</summary>
    public static string? NameOf(BootLoader loader, ClientArchitecture architecture) => (loader, ClientArchitectureName.OverTftp(architecture)) switch
    {
        (BootLoader.Ipxe, ClientArchitecture.BiosX86) => "undionly.kpxe",
        (BootLoader.Ipxe, ClientArchitecture.UefiIa32) => "ipxe-ia32.efi",
        // 64-bit firmware of some makers says byte code. Debian 12's ipxe.efi does not return to OVMF when a script ends it for the machine's own disk.
        (BootLoader.Ipxe, ClientArchitecture.UefiX64 or ClientArchitecture.UefiByteCode) => "snponly.efi",
        (BootLoader.Ipxe, ClientArchitecture.UefiArm32) => "ipxe-arm32.efi",
        (BootLoader.Ipxe, ClientArchitecture.UefiArm64) => "ipxe-arm64.efi",
        (BootLoader.Ipxe, ClientArchitecture.UefiRiscV64) => "ipxe-riscv64.efi",
        // U-Boot runs no EFI program under this architecture: its own script, which it looks for under this name whatever it is told.
        (BootLoader.Ipxe, ClientArchitecture.UBootArm32 or ClientArchitecture.UBootArm64) => UBootScript,
        (BootLoader.Grub, ClientArchitecture.BiosX86) => "boot/grub/i386-pc/core.0",
        (BootLoader.Grub, ClientArchitecture.UefiIa32) => "grubia32.efi",
        (BootLoader.Grub, ClientArchitecture.UefiX64 or ClientArchitecture.UefiByteCode) => "grubx64.efi",
        (BootLoader.Grub, ClientArchitecture.UefiArm32) => "grubarm.efi",
        (BootLoader.Grub, ClientArchitecture.UefiArm64) => "grubaa64.efi",
        (BootLoader.Grub, ClientArchitecture.UefiRiscV64) => "grubriscv64.efi",
        (BootLoader.Pxelinux, ClientArchitecture.BiosX86) => "pxelinux.0",
        (BootLoader.Shim, ClientArchitecture.UefiIa32) => "shimia32.efi",
        (BootLoader.Shim, ClientArchitecture.UefiX64 or ClientArchitecture.UefiByteCode) => "shimx64.efi",
        (BootLoader.Shim, ClientArchitecture.UefiArm64) => "shimaa64.efi",
        _ => null,
    };
}
