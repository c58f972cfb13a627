using Mayu.Core.Boot;

namespace Mayu.Netboot.Files;

/// <summary>What a file's name says of the step that a boot is at.</summary>
internal static class BootFileHops
{
    /// <summary>The kernel of an image.</summary>
    public const string Kernel = "vmlinuz";

    /// <summary>The initial RAM disk of an image.</summary>
    public const string Initrd = "initrd.cpio.gz";

    // What loaders look for each time, or one after the other: iPXE its script, shim revocations and certificates, GRUB lists of its modules and
    // modules that it has inside, GRUB and PXELINUX the names of their configurations.
    private static readonly string[] ProbedEndings = ["autoexec.ipxe", ".lst", ".mod"];
    private static readonly string[] ProbedParts = ["revocations_", "shim_certificate_", "pxelinux.cfg/", "grub.cfg-"];

    /// <summary>Whether it says nothing that this file is not there: loaders ask for it just in case.</summary>
    public static bool IsProbe(string name) =>
        Array.Exists(ProbedEndings, ending => name.EndsWith(ending, StringComparison.Ordinal))
        || Array.Exists(ProbedParts, part => name.Contains(part, StringComparison.Ordinal));

    /// <summary>Which hop of a boot a file is.</summary>
    public static HopKind HopOf(string name) =>
        name.EndsWith("/" + Kernel, StringComparison.Ordinal) ? HopKind.Kernel
        : name.EndsWith("/" + Initrd, StringComparison.Ordinal) ? HopKind.Initrd
        : HopKind.File;
}
