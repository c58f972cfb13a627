using Mayu.Primitives;
using Mayu.Server.BootScripts;

namespace Mayu.Server.Tests.BootScripts;

public class ScriptNameTests
{
    private static readonly Guid Uuid = new("4c4c4544-0042-3510-8052-b4c04f4e3732");
    private static readonly MacAddress Mac = MacAddress.TryParse("52:54:00:ab:0c:01", out var mac) ? mac : default;

    [Theory]
    [InlineData("grub.cfg")]
    [InlineData("grub/grub.cfg")]
    [InlineData("boot/grub/x86_64-efi/grub.cfg")]
    public void Grub_may_look_in_any_folder(string name) => Assert.Equal(new ScriptName(ScriptLanguage.Grub), Parse(name));

    [Theory]
    [InlineData("grub.cfg-01-52-54-00-ab-0c-01")]
    [InlineData("grub/grub.cfg-01-52:54:00:ab:0c:01")]
    public void Grub_names_its_mac(string name) => Assert.Equal(new ScriptName(ScriptLanguage.Grub, Mac: Mac), Parse(name));

    [Fact]
    public void Grub_names_the_uuid_in_the_order_of_the_wire_and_pxelinux_as_dmi_does()
    {
        Assert.Equal(Uuid, Parse("grub.cfg-44454c4c-4200-1035-8052-b4c04f4e3732")?.Uuid);
        Assert.Equal(Uuid, Parse("pxelinux.cfg/4c4c4544-0042-3510-8052-b4c04f4e3732")?.Uuid);
    }

    [Theory]
    [InlineData("pxelinux.cfg/01-52-54-00-ab-0c-01")]
    [InlineData("bios/pxelinux.cfg/01-52-54-00-ab-0c-01")]
    public void Pxelinux_names_its_mac(string name) => Assert.Equal(new ScriptName(ScriptLanguage.Pxelinux, Mac: Mac), Parse(name));

    [Fact]
    public void An_address_counts_whole_only()
    {
        Assert.Equal(new Ipv4(0x0A4D0064), Parse("pxelinux.cfg/0A4D0064")?.Address);
        Assert.Equal(new Ipv4(0x0A4D0064), Parse("grub/grub.cfg-0A4D0064")?.Address);
        Assert.Null(Parse("pxelinux.cfg/0A4D006"));
        Assert.Null(Parse("grub.cfg-0A"));
    }

    [Fact]
    public void The_last_name_that_each_asks_for_and_ipxes_own_are_known()
    {
        Assert.Equal(new ScriptName(ScriptLanguage.Pxelinux), Parse("pxelinux.cfg/default"));
        Assert.Equal(new ScriptName(ScriptLanguage.Ipxe), Parse("autoexec.ipxe"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("grub.cfg-")]
    [InlineData("grub.cfg-01-00-00-00-00-00-00")]
    [InlineData("grub.cfg-01-52-54-00-ab-0c")]
    [InlineData("grub.cfg.sig")]
    [InlineData("grub/x86_64-efi/command.lst")]
    [InlineData("xpxelinux.cfg/default")]
    [InlineData("pxelinux.cfg/a/default")]
    [InlineData("pxelinux.cfg/01-52-54-00-ab-0c-01.txt")]
    [InlineData("default")]
    [InlineData("ipxe.efi")]
    public void Other_names_are_left_to_the_disk(string name) => Assert.Null(Parse(name));

    private static ScriptName? Parse(string name) => ScriptName.TryParse(name, out var script) ? script : null;
}
