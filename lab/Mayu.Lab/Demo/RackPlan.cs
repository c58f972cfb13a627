using Mayu.Lab.Rack;

namespace Mayu.Lab.Demo;

/// <summary>Which machines a demo has.</summary>
internal static class RackPlan
{
    /// <summary>
    /// BIOS machines try the network first, so the demo shows that an installed one is left to its own disk (18 s at its
    /// reboot). UEFI machines try the disk first: OVMF would wait 60 s for a silent network.
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
