using Mayu.Lab.Demo;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class RackPlanTests
{
    [Fact]
    public void Three_mixed_machines_are_two_BIOS_and_one_UEFI() =>
        Assert.Equal([Firmware.Bios, Firmware.Bios, Firmware.Uefi], RackPlan.Lay(3, FirmwareMix.Mixed).Select(spec => spec.Firmware));

    [Fact]
    public void UEFI_machines_try_their_disk_first_since_OVMF_waits_long_for_a_silent_network() =>
        Assert.All(RackPlan.Lay(3, FirmwareMix.Uefi), spec => Assert.Equal(BootOrder.DiskFirst, spec.BootOrder));

    [Fact]
    public void No_two_machines_share_serial_UUID_or_MAC()
    {
        var specs = RackPlan.Lay(DemoOptions.MostMachines, FirmwareMix.Mixed);

        Assert.Equal(DemoOptions.MostMachines, specs.Select(spec => spec.Serial).Distinct().Count());
        Assert.Equal(DemoOptions.MostMachines, specs.Select(spec => spec.Uuid).Distinct().Count());
        Assert.Equal(DemoOptions.MostMachines, specs.Select(spec => spec.MacAddress).Distinct().Count());
    }
}
