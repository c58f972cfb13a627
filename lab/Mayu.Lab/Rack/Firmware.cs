namespace Mayu.Lab.Rack;

/// <summary>What a machine starts with.</summary>
public enum Firmware
{
    /// <summary>SeaBIOS; the network card's own boot ROM is QEMU's iPXE.</summary>
    Bios,

    /// <summary>OVMF (edk2), x64; it boots from the network with its own PXE stack.</summary>
    Uefi,

    /// <summary>The same with its PXE switched off: it boots over HTTP.</summary>
    UefiHttp,

    /// <summary>OVMF with Secure Boot and Microsoft's keys: it starts signed programs only.</summary>
    SecureBoot,
}
