using Mayu.Core.Boot;
using Mayu.Netboot.Files;

namespace Mayu.Netboot.Tests.Files;

public class BootFileHopsTests
{
    [Theory]
    [InlineData("autoexec.ipxe")]
    [InlineData("/grub/x86_64-efi/command.lst")]
    [InlineData("/grub/x86_64-efi/http.mod")]
    [InlineData("revocations_sbat.efi")]
    [InlineData("shim_certificate_0.efi")]
    [InlineData("pxelinux.cfg/0A4D006")]
    [InlineData("/boot/grub/grub.cfg-0A4D")]
    public void What_loaders_ask_for_just_in_case_is_no_mark_when_it_is_not_there(string name) => Assert.True(BootFileHops.IsProbe(name));

    [Theory]
    [InlineData("ipxe.efi")]
    [InlineData("grubx64.efi")]
    [InlineData("boot/grub/x86_64-efi/core.efi")]
    public void A_missing_loader_is_one(string name) => Assert.False(BootFileHops.IsProbe(name));

    [Theory]
    [InlineData("images/vmlinuz", "Kernel")]
    [InlineData("boot/images/a%20b/initrd.cpio.gz", "Initrd")]
    [InlineData("ipxe.efi", "File")]
    [InlineData("vmlinuz", "File")]
    public void A_kernel_by_tftp_is_the_hop_that_a_kernel_by_http_is(string name, string hop) => Assert.Equal(Enum.Parse<HopKind>(hop), BootFileHops.HopOf(name));
}
