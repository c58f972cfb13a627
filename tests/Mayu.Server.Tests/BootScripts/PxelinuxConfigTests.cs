using Mayu.Core.Boot;
using Mayu.Server.BootScripts;
using static Mayu.Server.Tests.BootScripts.BootScriptTexts;

namespace Mayu.Server.Tests.BootScripts;

public class PxelinuxConfigTests
{
    [Fact]
    public void A_machine_that_boots_from_the_network_gets_its_kernel_below_pxelinuxs_own_prefix() => Assert.Equal(
        """
        SAY Mayu: discovering machine lab-0001
        DEFAULT mayu
        PROMPT 0
        TIMEOUT 100
        LABEL mayu
          KERNEL images/lab-0001/vmlinuz
          INITRD images/lab-0001/initrd.cpio.gz
          IPAPPEND 2
          APPEND mayu.url=http://10.0.0.1:4081 mayu.serial=lab-0001 console=ttyS0,115200 quiet

        """.ReplaceLineEndings("\n"),
        PxelinuxConfig.Render(Script(BootAnswerKind.Discover)));

    [Fact]
    public void A_serial_is_one_word_whatever_stands_in_it()
    {
        var lines = PxelinuxConfig.Render(Script(BootAnswerKind.Install, NastySerial)).Split('\n');

        Assert.Equal("  KERNEL images/a%3Bb%26%26%24%7Bx%7D%27%22%60%24%28y%29%5C%2F%7C%23%2541/vmlinuz", lines[5]);
        Assert.Equal(10, lines.Length);
    }

    [Theory]
    [InlineData(BootAnswerKind.LocalDisk, "0")]
    [InlineData(BootAnswerKind.LocalDiskByScript, "0")]
    [InlineData(BootAnswerKind.Ignore, "-1")]
    public void A_machine_that_is_to_boot_its_own_disk_is_handed_back_to_its_bios(object kind, string type)
    {
        var text = PxelinuxConfig.Render(Script((BootAnswerKind)kind));

        Assert.EndsWith($"LABEL mayu\n  LOCALBOOT {type}\n", text, StringComparison.Ordinal);
    }
}
