using Mayu.Lab.Rack;

namespace Mayu.Lab.Demo;

/// <summary>Which machines a demo has.</summary>
internal static class RackPlan
{
    /// <summary>
    /// BIOS machines try the network first, so the demo shows that an installed one starts its own disk (5 s at its reboot).
    /// UEFI machines try the disk first: OVMF would wait more than a minute for PXE over IPv6, which nobody answers.
    /// </summary>
    public static IReadOnlyList<MachineSpec> Lay(int machines, FirmwareMix mix) =>
    [
        .. Enumerable.Range(1, machines).Select(number => IsUefi(number, mix)
            ? MachineSpec.Numbered(number) with { Firmware = Firmware.Uefi, BootOrder = BootOrder.DiskFirst }
            : MachineSpec.Numbered(number) with { Firmware = Firmware.Bios, BootOrder = BootOrder.NetworkFirst }),
    ];

    private static bool IsUefi(int number, FirmwareMix mix) => mix switch
    {
        FirmwareMix.Bios => false,
        FirmwareMix.Uefi => true,
        _ => number % 3 == 0,
    };
}
