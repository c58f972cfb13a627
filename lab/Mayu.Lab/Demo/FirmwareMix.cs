namespace Mayu.Lab.Demo;

/// <summary>Which firmware the machines of a demo have.</summary>
internal enum FirmwareMix
{
    /// <summary>Every third machine is UEFI, the others BIOS.</summary>
    Mixed,
    Bios,
    Uefi,
}
