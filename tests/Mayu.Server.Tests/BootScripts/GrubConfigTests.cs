using Mayu.Core.Boot;
using Mayu.Server.BootScripts;
using static Mayu.Server.Tests.BootScripts.BootScriptTexts;

namespace Mayu.Server.Tests.BootScripts;

public class GrubConfigTests
{
    [Fact]
    public void A_machine_that_boots_from_the_network_gets_its_kernel_by_http_where_grub_has_it_else_by_tftp() => Assert.Equal(
        """
        echo 'Mayu: installing machine lab-0001'
        insmod http
        for mayu in '(http,10.0.0.1:4081)' '(tftp,10.0.0.1)'; do
          if linux "$mayu/"'images/lab-0001'/vmlinuz 'mayu.url=http://10.0.0.1:4081' 'mayu.serial=lab-0001' 'BOOTIF=01-52-54-00-ab-0c-01' 'console=ttyS0,115200' 'quiet'; then
            if initrd "$mayu/"'images/lab-0001'/initrd.cpio.gz; then boot; fi
          fi
        done
        echo 'Mayu: the boot failed; trying again in 10 seconds'
        sleep 10
        reboot

        """.ReplaceLineEndings("\n"),
        GrubConfig.Render(Script(BootAnswerKind.Install), "10.0.0.1"));

    [Fact]
    public void A_machine_that_nobody_knows_reads_its_serial_itself()
    {
        var text = GrubConfig.Render(Script(BootAnswerKind.Discover, serial: null), "10.0.0.1");

        Assert.Contains("linux \"$mayu/\"'images'/vmlinuz 'mayu.url=http://10.0.0.1:4081' 'BOOTIF=01-52-54-00-ab-0c-01' 'console", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mayu.serial", text, StringComparison.Ordinal);
        Assert.Contains("discovering machine 52-54-00-ab-0c-01", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_from_outside_stand_in_single_quotes_and_mean_nothing()
    {
        var text = GrubConfig.Render(Script(BootAnswerKind.Live, NastySerial, "a=';reboot;'", "b=$prefix", "c=\"x\""), "10.0.0.1");

        Assert.Contains(" 'a='\\'';reboot;'\\''' 'b=$prefix' 'c=\"x\"'; then", text, StringComparison.Ordinal);
        foreach (var left in new[] { "${x}", "$(y)", "&&", "`", "|", "\\/" })
        {
            Assert.DoesNotContain(left, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_machine_with_a_system_of_its_own_has_it_started_from_its_disk()
    {
        var text = GrubConfig.Render(Script(BootAnswerKind.LocalDiskByScript), "10.0.0.1");

        Assert.DoesNotContain("linux ", text, StringComparison.Ordinal);
        Assert.Contains("set root=(hd0)\n  if chainloader +1; then boot; fi\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_disk_with_mayus_partition_comes_before_all_others()
    {
        var text = GrubConfig.Render(Script(BootAnswerKind.LocalDiskByScript), "10.0.0.1");

        Assert.Contains(
            """
              set mayu_disks='hd*'
              search --no-floppy --label --set=mayu_oem MAYU-OEM
              if [ -z "$mayu_oem" ]; then search --no-floppy --file --set=mayu_oem /serial; fi
              if regexp --set=1:mayu_disk '^(hd[0-9]+),' "$mayu_oem"; then set mayu_disks="$mayu_disk hd*"; fi

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
        Assert.Contains("for mayu_disk in $mayu_disks; do\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loader_may_be_in_a_folder_of_any_vendor_with_shim_or_without_and_in_efi_boot_at_last()
    {
        var text = GrubConfig.Render(Script(BootAnswerKind.LocalDiskByScript), "10.0.0.1");

        Assert.Contains(
            """
                for mayu_name in "*/shim$mayu_arch.efi" '*/shim.efi' Microsoft/Boot/bootmgfw.efi \
                    "*/grub$mayu_arch.efi" '*/grub.efi' "BOOT/BOOT$mayu_arch.EFI"; do
                  for mayu_file in ($mayu_disk,*)/EFI/$mayu_name; do

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
        Assert.Contains(" regexp test chain; do insmod", text, StringComparison.Ordinal);
    }

    // riscv64, arm and loongarch64 are called so by both.
    [Fact]
    public void An_architecture_keeps_grubs_name_for_it_unless_uefi_has_another() => Assert.Contains(
        """
          set mayu_arch=$grub_cpu
          if [ "$grub_cpu" = x86_64 ]; then set mayu_arch=x64; fi
          if [ "$grub_cpu" = i386 ]; then set mayu_arch=ia32; fi
          if [ "$grub_cpu" = arm64 ]; then set mayu_arch=aa64; fi
          for mayu_disk in
        """.ReplaceLineEndings("\n"),
        GrubConfig.Render(Script(BootAnswerKind.LocalDiskByScript), "10.0.0.1"),
        StringComparison.Ordinal);

    [Fact]
    public void A_disabled_machine_starts_its_own_disk_once_the_reason_was_shown()
    {
        var installed = GrubConfig.Render(Script(BootAnswerKind.LocalDiskByScript), "10.0.0.1");
        var disk = installed[(installed.IndexOf('\n', StringComparison.Ordinal) + 1)..];

        Assert.Equal(
            $"echo 'Mayu: machine lab-0001 is disabled'\nsleep 5\n{disk}",
            GrubConfig.Render(Script(BootAnswerKind.Ignore), "10.0.0.1"));
    }
}
