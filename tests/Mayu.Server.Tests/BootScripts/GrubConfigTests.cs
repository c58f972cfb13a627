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
        Assert.Contains("search --no-floppy --file --set=mayu_disk \"$mayu_file\"", text, StringComparison.Ordinal);
        Assert.Contains("/EFI/debian/shim$mayu_arch.efi ", text, StringComparison.Ordinal);
        Assert.Contains(" /EFI/BOOT/BOOT$mayu_arch.EFI;", text, StringComparison.Ordinal);
        Assert.Contains("set root=(hd0)\n  if chainloader +1; then boot; fi\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_is_switched_off_gets_nothing() =>
        Assert.Equal("echo 'Mayu: machine lab-0001 is disabled'\nsleep 5\nexit\n", GrubConfig.Render(Script(BootAnswerKind.Ignore), "10.0.0.1"));
}
