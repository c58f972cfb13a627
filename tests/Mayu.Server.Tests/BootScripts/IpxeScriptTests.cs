using Mayu.Core.Boot;
using Mayu.Server.BootScripts;
using static Mayu.Server.Tests.BootScripts.BootScriptTexts;

namespace Mayu.Server.Tests.BootScripts;

public class IpxeScriptTests
{
    [Fact]
    public void A_machine_that_boots_from_the_network_gets_its_kernel_and_tries_again_when_that_fails() => Assert.Equal(
        """
        #!ipxe
        echo Mayu: discovering machine lab-0001
        kernel http://10.0.0.1:4081/images/lab-0001/vmlinuz initrd=initrd.cpio.gz mayu.url=http://10.0.0.1:4081 mayu.serial=lab-0001 BOOTIF=01-52-54-00-ab-0c-01 console=ttyS0,115200 quiet || goto failed
        initrd http://10.0.0.1:4081/images/lab-0001/initrd.cpio.gz || goto failed
        boot || goto failed
        :failed
        echo Mayu: the boot failed; trying again in 10 seconds
        sleep 10
        chain --replace http://10.0.0.1:4081/ipxebootscript

        """.ReplaceLineEndings("\n"),
        IpxeScript.Render(Script(BootAnswerKind.Discover), efi: false));

    [Fact]
    public void A_menu_offers_the_disk_the_discovery_system_and_a_shell_and_ends_in_the_answer()
    {
        var text = IpxeScript.Render(Script(BootAnswerKind.LocalDiskByScript), efi: true, TimeSpan.FromSeconds(10));

        Assert.StartsWith("#!ipxe\n:menu\nmenu Mayu: machine lab-0001 || goto answer\n", text, StringComparison.Ordinal);
        Assert.Contains("item answer What Mayu decided: machine lab-0001 boots its own disk\n", text, StringComparison.Ordinal);
        Assert.Contains("item local Boot the disk of this machine\nitem discover Start the discovery system\nitem shell iPXE shell\n", text, StringComparison.Ordinal);
        Assert.Contains("choose --default answer --timeout 10000 chosen || goto answer\ngoto ${chosen}\n", text, StringComparison.Ordinal);
        Assert.Contains(":local\nexit 1\n:discover\nkernel http://10.0.0.1:4081/images/vmlinuz ", text, StringComparison.Ordinal);
        Assert.Contains("boot || goto failed\n:shell\nshell\ngoto menu\n:answer\necho Mayu: machine lab-0001 boots its own disk\nexit 1\n:failed\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_is_switched_off_has_no_menu() =>
        Assert.Equal("#!ipxe\necho Mayu: machine lab-0001 is disabled\nsleep 5\nexit 1\n", IpxeScript.Render(Script(BootAnswerKind.Ignore), efi: true, TimeSpan.FromSeconds(10)));

    [Fact]
    public void Nothing_in_a_serial_is_iPXEs_language()
    {
        var text = IpxeScript.Render(Script(BootAnswerKind.Install, NastySerial), efi: true, TimeSpan.FromSeconds(10));

        Assert.DoesNotContain("${x}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("&&", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_uuid_is_said_as_text_for_a_zero_byte_in_it_would_end_the_url_before_mac_and_platform() =>
        Assert.Contains("&uuid=${uuid}&mac=${netX/mac:hexhyp}&board=${board-serial:uristring}&buildarch=${buildarch:uristring}&platform=${platform:uristring} ", IpxeScript.WhoAreYou("http://10.0.0.1:4081"), StringComparison.Ordinal);

    [Fact]
    public void Autoexec_asks_for_an_address_first_and_then_says_who_it_is()
    {
        var text = IpxeScript.Autoexec("http://10.0.0.1:4081");

        Assert.StartsWith("#!ipxe\nisset ${netX/ip} || dhcp || goto failed\nchain --replace http://10.0.0.1:4081/ipxebootscript?serial=${serial:uristring}&uuid=${uuid}&mac=", text, StringComparison.Ordinal);
        Assert.Contains("\n:failed\n", text, StringComparison.Ordinal);
    }
}
