namespace Mayu.Protocols.Pxe;

/// <summary>
/// Option 93: what the client's firmware can start (RFC 4578 §2.1 with its erratum, and the registry of RFC 5970 §6).
/// Values outside this list are kept as they came.
/// </summary>
public enum ClientArchitecture : ushort
{
    /// <summary>x86 BIOS. A Raspberry Pi may say so too.</summary>
    BiosX86 = 0,

    /// <summary>NEC PC-98.</summary>
    NecPc98 = 1,

    /// <summary>Itanium UEFI.</summary>
    UefiItanium = 2,

    /// <summary>32-bit x86 UEFI.</summary>
    UefiIa32 = 6,

    /// <summary>64-bit x86 UEFI.</summary>
    UefiX64 = 7,

    /// <summary>EFI byte code; 64-bit x86 firmware of some makers sends it as well.</summary>
    UefiByteCode = 9,

    /// <summary>32-bit ARM UEFI.</summary>
    UefiArm32 = 10,

    /// <summary>64-bit ARM UEFI.</summary>
    UefiArm64 = 11,

    /// <summary>32-bit x86 UEFI over HTTP.</summary>
    UefiIa32Http = 15,

    /// <summary>64-bit x86 UEFI over HTTP.</summary>
    UefiX64Http = 16,

    /// <summary>EFI byte code over HTTP.</summary>
    UefiByteCodeHttp = 17,

    /// <summary>32-bit ARM UEFI over HTTP.</summary>
    UefiArm32Http = 18,

    /// <summary>64-bit ARM UEFI over HTTP.</summary>
    UefiArm64Http = 19,

    /// <summary>x86 BIOS over HTTP.</summary>
    BiosX86Http = 20,

    /// <summary>U-Boot on 32-bit ARM, when it looks for a script or for PXELINUX's files; when it looks for an EFI program it says <see cref="UefiArm32"/>.</summary>
    UBootArm32 = 21,

    /// <summary>U-Boot on 64-bit ARM; when it looks for an EFI program it says <see cref="UefiArm64"/>.</summary>
    UBootArm64 = 22,

    /// <summary>U-Boot on 32-bit ARM over HTTP.</summary>
    UBootArm32Http = 23,

    /// <summary>U-Boot on 64-bit ARM over HTTP.</summary>
    UBootArm64Http = 24,

    /// <summary>64-bit RISC-V UEFI; U-Boot there says it whatever it looks for.</summary>
    UefiRiscV64 = 27,

    /// <summary>64-bit RISC-V UEFI over HTTP.</summary>
    UefiRiscV64Http = 28,
}
