using System.Text;
using Mayu.Core.Boot;

namespace Mayu.Server.BootScripts;

/// <summary>
/// Says a boot answer as a GRUB configuration, which GRUB runs as it reads it. Every word that is not ours stands in single quotes, in
/// which GRUB expands nothing.
/// </summary>
internal static class GrubConfig
{
    // Loaders that systems put on their EFI system partition: those that Secure Boot takes first, and last the one of any disk.
    private static readonly string[] EfiLoaders =
    [
        .. new[] { "debian", "ubuntu", "fedora", "redhat", "centos", "rocky", "almalinux", "opensuse", "sles" }.Select(vendor => $"/EFI/{vendor}/shim$mayu_arch.efi"),
        "/EFI/Microsoft/Boot/bootmgfw.efi",
        "/EFI/BOOT/BOOT$mayu_arch.EFI",
    ];

    /// <summary>For a GRUB that nobody knows yet: it asks again by its MAC, where it found this.</summary>
    public static string WhoAreYou() =>
        """
        # Mayu: which machine is this?
        configfile "$prefix/grub.cfg-01-$net_default_mac"
        echo 'Mayu has no answer for this network card; trying again in 10 seconds'
        sleep 10
        reboot

        """;

    /// <summary>The configuration of an answer.</summary>
    /// <param name="script">What it says.</param>
    /// <param name="server">The server's address, for TFTP.</param>
    public static string Render(BootScript script, string server)
    {
        var text = new StringBuilder($"echo {Quote($"Mayu: {script.What}")}\n");
        switch (script.Answer.Kind)
        {
            case BootAnswerKind.Discover or BootAnswerKind.Install or BootAnswerKind.Live:
                AppendBoot(text, script, server);
                break;
            case BootAnswerKind.Ignore:
                text.Append("sleep 5\nexit\n");
                break;
            default:
                AppendLocalDisk(text);
                break;
        }

        return text.ToString();
    }

    /// <summary>A word that GRUB takes as it stands.</summary>
    internal static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // Debian's signed GRUB has no HTTP in it, and may load no module under Secure Boot; insmod says success all the same. TFTP serves the
    // same names.
    private static void AppendBoot(StringBuilder text, BootScript script, string server)
    {
        var http = new Uri(script.BootUrl);
        text.Append($"insmod http\nfor mayu in '(http,{http.Host}:{http.Port})' '(tftp,{server})'; do\n");
        text.Append($"  if linux \"$mayu/\"{Quote(script.Images)}/vmlinuz");
        // The operator's words come last: behind a word of theirs that ends the kernel's own (--) the rest is init's.
        var bootMac = script.BootMac is { } mac ? [$"BOOTIF=01-{mac.ToHyphenated()}"] : Enumerable.Empty<string>();
        foreach (var word in script.KernelWords().Concat(bootMac).Concat(script.KernelArguments))
        {
            text.Append(' ').Append(Quote(word));
        }

        text.Append($"; then\n    if initrd \"$mayu/\"{Quote(script.Images)}/initrd.cpio.gz; then boot; fi\n  fi\ndone\n");
        text.Append("echo 'Mayu: the boot failed; trying again in 10 seconds'\nsleep 10\nreboot\n");
    }

    // Firmware takes GRUB's exit for success and may stop in its menu (OVMF does), so the disk's loader is started from here where there is
    // one. GRUB tells it the device that root names as the one it was loaded from.
    private static void AppendLocalDisk(StringBuilder text)
    {
        text.Append("for mayu_module in part_gpt part_msdos fat search_fs_file chain; do insmod $mayu_module; done\n");
        text.Append("if [ \"$grub_platform\" = efi ]; then\n");
        text.Append("  set mayu_arch=x64\n");
        text.Append("  if [ \"$grub_cpu\" = i386 ]; then set mayu_arch=ia32; fi\n");
        text.Append("  if [ \"$grub_cpu\" = arm64 ]; then set mayu_arch=aa64; fi\n");
        text.Append("  if [ \"$grub_cpu\" = arm ]; then set mayu_arch=arm; fi\n");
        text.Append($"  for mayu_file in {string.Join(' ', EfiLoaders)}; do\n");
        text.Append("    if search --no-floppy --file --set=mayu_disk \"$mayu_file\"; then\n      set root=$mayu_disk\n");
        text.Append("      if chainloader \"$mayu_file\"; then boot; fi\n");
        text.Append("    fi\n  done\n");
        text.Append("else\n  set root=(hd0)\n  if chainloader +1; then boot; fi\nfi\nexit\n");
    }
}
