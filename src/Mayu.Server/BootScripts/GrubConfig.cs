using System.Text;
using Mayu.Core.Boot;

namespace Mayu.Server.BootScripts;

/// <summary>
/// Says a boot answer as a GRUB configuration, which GRUB runs as it reads it. Every word that is not ours stands in single quotes, in
/// which GRUB expands nothing.
/// </summary>
internal static class GrubConfig
{
    // GRUB's exit ends in the menu of OVMF (seen with exit 1 too), so the disk's own loader is started from here. Wildcards are regexp's,
    // which Debian's signed GRUB has built in. A file's path names its device, but chainloader tells the loader that it came from root.
    private const string LocalDisk =
        """
        for mayu_module in part_gpt part_msdos fat ext2 search_label search_fs_file regexp test chain; do insmod $mayu_module; done
        if [ "$grub_platform" = efi ]; then
          # The disk with the partition that Mayu installed comes first, by its label, else by a file that the installation wrote there.
          set mayu_disks='hd*'
          search --no-floppy --label --set=mayu_oem MAYU-OEM
          if [ -z "$mayu_oem" ]; then search --no-floppy --file --set=mayu_oem /serial; fi
          if regexp --set=1:mayu_disk '^(hd[0-9]+),' "$mayu_oem"; then set mayu_disks="$mayu_disk hd*"; fi
          set mayu_arch=$grub_cpu
          if [ "$grub_cpu" = x86_64 ]; then set mayu_arch=x64; fi
          if [ "$grub_cpu" = i386 ]; then set mayu_arch=ia32; fi
          if [ "$grub_cpu" = arm64 ]; then set mayu_arch=aa64; fi
          for mayu_disk in $mayu_disks; do
            for mayu_name in "*/shim$mayu_arch.efi" '*/shim.efi' Microsoft/Boot/bootmgfw.efi \
                "*/grub$mayu_arch.efi" '*/grub.efi' "BOOT/BOOT$mayu_arch.EFI"; do
              for mayu_file in ($mayu_disk,*)/EFI/$mayu_name; do
                if [ -f "$mayu_file" ]; then
                  echo "Mayu: starting $mayu_file"
                  regexp --set=1:root '^\(([^)]+)' "$mayu_file"
                  if chainloader "$mayu_file"; then boot; fi
                fi
              done
            done
          done
        else
          set root=(hd0)
          if chainloader +1; then boot; fi
        fi
        echo 'Mayu: no boot loader on the disks could be started; returning to the firmware in 10 seconds'
        sleep 10
        exit

        """;

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
                text.Append("sleep 5\n").Append(LocalDisk);
                break;
            default:
                text.Append(LocalDisk);
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

        var first = script.BootInitrd is { } initrd ? $"\"$mayu/\"{Quote(initrd)} " : "";
        text.Append($"; then\n    if initrd {first}\"$mayu/\"{Quote(script.Images)}/initrd.cpio.gz; then boot; fi\n  fi\ndone\n");
        text.Append("echo 'Mayu: the boot failed; trying again in 10 seconds'\nsleep 10\nreboot\n");
    }
}
