using System.Globalization;

namespace Mayu.Lab.Rack;

/// <summary>Writes QEMU's command line for a machine.</summary>
internal static class QemuArguments
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>What QEMU calls the network card that the machine boots from.</summary>
    public const string CardName = "card";

    /// <summary>More disks than a machine has: behind their places is the last one in the boot order.</summary>
    public const int MostDisks = 64;

    /// <summary>OVMF without Secure Boot, from Debian's package ovmf.</summary>
    public const string UefiCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";

    /// <summary>The empty variable store that goes with <see cref="UefiCode"/>.</summary>
    public const string UefiVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

    /// <summary>OVMF with Secure Boot; it needs a machine with SMM.</summary>
    public const string SecureBootCode = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd";

    /// <summary>The variable store that goes with it: Microsoft's keys are in it, and Secure Boot is on.</summary>
    public const string SecureBootVariables = "/usr/share/OVMF/OVMF_VARS_4M.ms.fd";

    /// <summary>The variable store that a machine's own copy is made of; null for a BIOS.</summary>
    public static string? VariablesOf(Firmware firmware) => firmware switch
    {
        Firmware.Bios => null,
        Firmware.SecureBoot => SecureBootVariables,
        _ => UefiVariables,
    };

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
        ];
        arguments.AddRange(WireOf(spec, tap));
        arguments.AddRange(FirmwareOf(spec, paths));
        arguments.AddRange(["-device", CardOf(spec)]);
        if (spec.Card != NetworkCard.Virtio)
        {
            // The same tap: a hub has both cards and the wire.
            arguments.AddRange(["-device", $"virtio-net-pci,netdev=net1,mac={SecondMac(spec)},romfile="]);
        }

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
        Firmware.Uefi => ["-machine", "q35", .. FlashOf(UefiCode, paths), .. spec.TriesIpv6Pxe ? [] : WithoutPxe("IPv6")],
        Firmware.UefiHttp =>
        [
            "-machine", "q35",
            .. FlashOf(UefiCode, paths),
            .. WithoutPxe("IPv4"),
            .. WithoutPxe("IPv6"),
        ],
        Firmware.SecureBoot =>
        [
            "-machine", "q35,smm=on",
            "-global", "driver=cfi.pflash01,property=secure,value=on",
            .. FlashOf(SecureBootCode, paths),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Firmware, "unknown firmware"),
    };

    private static string[] WithoutPxe(string protocol) => ["-fw_cfg", $"name=opt/org.tianocore/{protocol}PXESupport,string=no"];

    private static IEnumerable<string> FlashOf(string code, QemuPaths paths) =>
    [
        "-drive", $"if=pflash,format=raw,readonly=on,file={code}",
        "-drive", $"if=pflash,format=raw,file={Escape(paths.FirmwareVariables)}",
    ];

    private static IEnumerable<string> WireOf(MachineSpec spec, string tap) => spec.Card == NetworkCard.Virtio
        ? ["-netdev", $"tap,id=net0,ifname={tap},script=no,downscript=no"]
        :
        [
            "-netdev", $"tap,id=wire,ifname={tap},script=no,downscript=no",
            "-netdev", "hubport,id=port,hubid=0,netdev=wire",
            "-netdev", "hubport,id=net0,hubid=0",
            "-netdev", "hubport,id=net1,hubid=0",
        ];

    // 52:54:01 beside 52:54:00, of which every machine has one.
    private static string SecondMac(MachineSpec spec) => string.Concat("52:54:01", spec.MacAddress.AsSpan(8));

    private static string CardOf(MachineSpec spec)
    {
        var place = spec.BootOrder == BootOrder.NetworkFirst ? 1 : spec.DiskBytes.Count + 1;
        var model = spec.Card switch { NetworkCard.E1000 => "e1000", NetworkCard.Rtl8139 => "rtl8139", _ => "virtio-net-pci" };
        var card = $"{model},id={CardName},netdev=net0,mac={spec.MacAddress},bootindex={place}";

        // The ROM would bring iPXE into OVMF; without it the firmware's own PXE speaks.
        return spec.Firmware == Firmware.Bios ? card : card + ",romfile=";
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
