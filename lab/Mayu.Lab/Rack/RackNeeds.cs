namespace Mayu.Lab.Rack;

/// <summary>What a rack cannot be made without, and what to do where it is missing.</summary>
public static class RackNeeds
{
    private static readonly (string Program, string Package)[] Programs =
    [
        ("ip", "iproute2"),
        ("setpriv", "util-linux"),
        ("setsid", "util-linux"),
        (QemuArguments.Program, "qemu-system-x86"),
        ("debugfs", "e2fsprogs"),
        ("e2fsck", "e2fsprogs"),
        ("mcopy", "mtools"),
    ];

    private static readonly (string File, string Package)[] Files =
    [
        (QemuArguments.UefiCode, "ovmf"),
        (QemuArguments.UefiVariables, "ovmf"),
        (QemuArguments.SecureBootCode, "ovmf"),
        (QemuArguments.SecureBootVariables, "ovmf"),
        ("/usr/share/seabios/bios-256k.bin", "seabios"),
        ("/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu"),
    ];

    /// <summary>Returns when a rack can be made here.</summary>
    /// <exception cref="LabException">It cannot; the message is one line that says why, and the remedy.</exception>
    public static void Check()
    {
        if (LinuxCalls.EffectiveUser() != 0)
        {
            throw new LabException("a virtual rack needs root, for its network namespace and taps: run it with sudo");
        }

        if (!File.Exists("/dev/net/tun"))
        {
            throw new LabException("/dev/net/tun is missing: load the module (modprobe tun), or give the container the device (--device /dev/net/tun)");
        }

        var missing = Programs.Where(one => !IsOnPath(one.Program)).Select(one => one.Package)
            .Concat(Files.Where(one => !File.Exists(one.File)).Select(one => one.Package))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (missing.Count > 0)
        {
            throw new LabException($"Debian packages are missing: apt-get install {string.Join(' ', missing)}");
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
