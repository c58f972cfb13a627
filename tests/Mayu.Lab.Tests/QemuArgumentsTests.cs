using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class QemuArgumentsTests
{
    private static readonly QemuPaths Paths = new()
    {
        Console = "/work/a,b/console.log",
        ControlSocket = "/run/mayu-lab/x/tap0.qmp",
        Disks = ["/work/disk0.raw", "/work/disk1.raw"],
        FirmwareVariables = "/work/variables.fd",
    };

    private static readonly MachineSpec Spec = MachineSpec.Numbered(7) with { DiskBytes = [1 << 30, 1 << 30] };

    [Fact]
    public void A_machine_has_the_identity_of_its_number()
    {
        var line = Line(Spec);

        Assert.Contains("-uuid 4d617975-4c61-4062-8000-000000000007", line);
        Assert.Contains(",serial=lab-0007", line);
        Assert.Contains("mac=52:54:00:4d:59:07", line);
    }

    [Fact]
    public void Network_first_puts_the_card_before_the_disks()
    {
        var line = Line(Spec with { BootOrder = BootOrder.NetworkFirst });

        Assert.Contains("mac=52:54:00:4d:59:07,bootindex=1", line);
        Assert.Contains("drive=disk0,serial=lab-0007-disk0,bootindex=2", line);
        Assert.Contains("drive=disk1,serial=lab-0007-disk1,bootindex=3", line);
    }

    [Fact]
    public void Disk_first_puts_the_card_after_the_disks()
    {
        var line = Line(Spec with { BootOrder = BootOrder.DiskFirst });

        Assert.Contains("drive=disk0,serial=lab-0007-disk0,bootindex=1", line);
        Assert.Contains("drive=disk1,serial=lab-0007-disk1,bootindex=2", line);
        Assert.Contains("mac=52:54:00:4d:59:07,bootindex=3", line);
    }

    [Fact]
    public void A_UEFI_machine_speaks_PXE_itself_and_writes_only_its_own_variables()
    {
        var line = Line(Spec with { Firmware = Firmware.Uefi });

        Assert.Contains(",romfile=", line);
        Assert.Contains("readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd", line);
        Assert.Contains("file=/work/variables.fd", line);
    }

    [Fact]
    public void UEFI_firmware_leaves_PXE_over_IPv6_out_where_it_is_told_to()
    {
        const string Setting = "name=opt/org.tianocore/IPv6PXESupport,string=no";

        Assert.DoesNotContain(Setting, Line(Spec with { Firmware = Firmware.Uefi }));
        Assert.Contains(Setting, Line(Spec with { Firmware = Firmware.Uefi, TriesIpv6Pxe = false }));
    }

    [Fact]
    public void A_BIOS_machine_keeps_the_boot_ROM_of_its_card() => Assert.DoesNotContain("romfile", Line(Spec));

    [Fact]
    public void Secure_Boot_has_the_keys_of_Microsoft_and_a_machine_that_guards_them()
    {
        var line = Line(Spec with { Firmware = Firmware.SecureBoot });

        Assert.Contains("-machine q35,smm=on", line);
        Assert.Contains("driver=cfi.pflash01,property=secure,value=on", line);
        Assert.Contains("readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", line);
        Assert.Equal("/usr/share/OVMF/OVMF_VARS_4M.ms.fd", QemuArguments.VariablesOf(Firmware.SecureBoot));
    }

    [Fact]
    public void A_card_that_the_booted_system_has_no_driver_for_has_another_beside_it_on_the_same_wire()
    {
        var line = Line(Spec with { Card = NetworkCard.E1000 });

        Assert.Contains("-device e1000,id=card,netdev=net0,mac=52:54:00:4d:59:07,bootindex=1", line);
        Assert.Contains("-device virtio-net-pci,netdev=net1,mac=52:54:01:4d:59:07,romfile=", line);
        Assert.Contains("hubport,id=port,hubid=0,netdev=wire", line);
    }

    [Fact]
    public void A_comma_in_a_path_is_doubled() => Assert.Contains("path=/work/a,,b/console.log,append=on", Line(Spec));

    [Fact]
    public void A_reboot_of_the_guest_is_a_reboot() => Assert.DoesNotContain("-no-reboot", Line(Spec));

    private static string Line(MachineSpec spec) => string.Join(' ', QemuArguments.For(spec, Paths, "tap0"));
}
