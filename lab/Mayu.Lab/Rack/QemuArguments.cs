using System.Globalization;

namespace Mayu.Lab.Rack;

/// <summary>Writes QEMU's command line for a machine.</summary>
internal static class QemuArguments
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>OVMF without Secure Boot, from Debian's package ovmf.</summary>
    public const string UefiCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";

    /// <summary>The empty variable store that goes with <see cref="UefiCode"/>.</summary>
    public const string UefiVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

    /// <summary>The arguments for one machine whose card is plugged into a tap.</summary>
    public static IReadOnlyList<string> For(MachineSpec spec, QemuPaths paths, string tap)
    {
        List<string> arguments =
        [
            "-name", spec.Serial,
            "-nodefaults", "-no-user-config",

            // /dev/kvm opens in many containers and kills guests there, so the rack never uses it.
            "-accel", "tcg",
            "-smp", "1",
            "-m", spec.MemoryMiB.ToString(CultureInfo.InvariantCulture),
            "-display", "none",
            "-vga", "none",
            "-uuid", spec.Uuid.ToString(),
            "-smbios", "type=1,manufacturer=Mayu,product=Virtual Rack,serial=" + Escape(spec.Serial),
            "-chardev", $"file,id=console,path={Escape(paths.Console)},append=on",
            "-serial", "chardev:console",
            "-qmp", $"unix:{Escape(paths.ControlSocket)},server=on,wait=off",
            "-device", "virtio-rng-pci",
            "-netdev", $"tap,id=net0,ifname={tap},script=no,downscript=no",
        ];
        arguments.AddRange(FirmwareOf(spec, paths));
        arguments.AddRange(["-device", CardOf(spec)]);
        for (var place = 0; place < paths.Disks.Count; place++)
        {
            arguments.AddRange(DiskAt(spec, paths.Disks[place], place));
        }

        return arguments;
    }

    private static IEnumerable<string> FirmwareOf(MachineSpec spec, QemuPaths paths) => spec.Firmware switch
    {
        // Without graphics SeaBIOS, and with it iPXE, talk on the serial port.
        Firmware.Bios => ["-machine", "pc,graphics=off"],
        Firmware.Uefi =>
        [
            "-machine", "q35",
            "-drive", $"if=pflash,format=raw,readonly=on,file={UefiCode}",
            "-drive", $"if=pflash,format=raw,file={Escape(paths.FirmwareVariables)}",
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Firmware, "unknown firmware"),
    };

    private static string CardOf(MachineSpec spec)
    {
        var place = spec.BootOrder == BootOrder.NetworkFirst ? 1 : spec.DiskBytes.Count + 1;
        var card = $"virtio-net-pci,netdev=net0,mac={spec.MacAddress},bootindex={place}";

        // The ROM would bring iPXE into OVMF; without it the firmware's own PXE speaks.
        return spec.Firmware == Firmware.Uefi ? card + ",romfile=" : card;
    }

    private static IEnumerable<string> DiskAt(MachineSpec spec, string path, int place)
    {
        var order = place + (spec.BootOrder == BootOrder.NetworkFirst ? 2 : 1);
        return
        [
            // unsafe: a flush does not wait for the host's disk. A power cut kills QEMU, not the host, so what
            // the guest has written is kept, and what it had not written yet is lost, as on a real machine.
            "-drive", $"if=none,id=disk{place},format=raw,cache=unsafe,discard=unmap,detect-zeroes=unmap,file={Escape(path)}",
            "-device", $"virtio-blk-pci,drive=disk{place},serial={Escape(spec.Serial)}-disk{place},bootindex={order}",
        ];
    }

    /// <summary>QEMU's options end at a comma; a doubled one stands for itself.</summary>
    private static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);
}
