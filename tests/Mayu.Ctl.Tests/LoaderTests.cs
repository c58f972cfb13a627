using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Simulate;

namespace Mayu.Ctl.Tests;

/// <summary>What the simulator makes of boot scripts.</summary>
public sealed class LoaderTests
{
    private static readonly Dictionary<string, string> Ipxe = new(StringComparer.Ordinal)
    {
        ["netX/mac"] = "52:54:00:00:00:01",
        ["serial"] = "a b",
        ["netX/ip"] = "10.0.0.9",
    };

    [Theory]
    [InlineData("chain --replace http://s/ipxebootscript?serial=${serial:uristring}&mac=${netX/mac:hexhyp}&x=${nothing} || goto failed",
        "http://s/ipxebootscript?serial=a%20b&mac=52-54-00-00-00-01&x=")]
    [InlineData("isset ${netX/ip} || dhcp || goto failed\nchain http://s/${net0/mac}", "http://s/52:54:00:00:00:01")]
    [InlineData("goto b\n:a\nchain a\n:b\nset x ${serial}\nchain http://s/${x}", "http://s/a")]
    [InlineData(":menu\nmenu Mayu || goto answer\nitem answer x\nchoose --default answer --timeout 5000 chosen || goto answer\ngoto ${chosen}\n:local\nexit 1\n:answer\nchain c", "c")]
    public void An_ipxe_script_is_followed_with_its_variables_filled_in(string script, string expected) =>
        Assert.Equal(new LoaderOutcome.Chain(expected), new IpxeInterpreter(Ipxe).Run("#!ipxe\n" + script));

    [Fact]
    public void An_ipxe_script_boots_what_it_loaded()
    {
        var outcome = new IpxeInterpreter(Ipxe).Run("#!ipxe\necho hello\nkernel http://s/k initrd=i a=b || goto failed\ninitrd http://s/i || goto failed\nboot || goto failed\n:failed\nsleep 10\n");
        var boot = Assert.IsType<LoaderOutcome.Boot>(outcome);
        Assert.Equal(("http://s/k", "initrd=i a=b"), (boot.Kernel, boot.Arguments));
        Assert.Equal(["http://s/i"], boot.Initrds);
    }

    [Theory]
    [InlineData("#!ipxe\nsanboot --no-describe --drive 0x80 || exit 1\n")]
    [InlineData("#!ipxe\necho its own disk\nexit 1\n")]
    public void A_script_that_starts_the_disk_is_known_as_such(string script) =>
        Assert.IsType<LoaderOutcome.LocalDisk>(new IpxeInterpreter(Ipxe).Run(script));

    [Theory]
    [InlineData("<html>not found</html>", "no iPXE script")]
    [InlineData("#!ipxe\n:a\ngoto a\n", "in a circle")]
    [InlineData("#!ipxe\ngoto nowhere\n", "no label nowhere")]
    [InlineData("#!ipxe\necho bye\n", "without starting anything")]
    public void A_script_that_leads_nowhere_is_told(string script, string why) =>
        Assert.Contains(why, Assert.IsType<LoaderOutcome.Nothing>(new IpxeInterpreter(Ipxe).Run(script)).Why, StringComparison.Ordinal);

    // Each took all memory, or minutes.
    [Fact]
    public void A_script_whose_variables_grow_without_an_end_is_told()
    {
        Assert.IsType<LoaderOutcome.Nothing>(new IpxeInterpreter(Ipxe).Run("#!ipxe\nset a xxxxxxxx\n:l\nset a ${a}${a}\ngoto l\n"));
        Assert.IsType<LoaderOutcome.Nothing>(new IpxeInterpreter(Ipxe).Run("#!ipxe\n" + string.Concat(Enumerable.Repeat("initrd a && ", 80_000))));
        var grub = new GrubInterpreter(new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Contains("too long", Assert.IsType<LoaderOutcome.Nothing>(grub.Run("set a=xxxxxxxx\n" + string.Concat(Enumerable.Repeat("set a=$a$a\n", 80)) + "linux $a\nboot\n")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grub_configuration_is_followed_with_its_quotes_and_variables()
    {
        const string Configuration = """
            echo 'Mayu: it'\''s here; linux nothing'
            set mayu=(tftp,10.0.0.1)
            # linux never
            if insmod http; then set mayu=(http,10.0.0.1:4081); fi
            if linux "$mayu/"'images/a%20b'/vmlinuz 'x=$y' BOOTIF=01-${net}; then
              if initrd "$mayu/"'images/a%20b'/initrd.cpio.gz; then boot; fi
            fi
            sleep 10
            """;
        var boot = Assert.IsType<LoaderOutcome.Boot>(new GrubInterpreter(new Dictionary<string, string>(StringComparer.Ordinal) { ["net"] = "52" }).Run(Configuration));
        Assert.Equal(("(http,10.0.0.1:4081)/images/a%20b/vmlinuz", "x=$y BOOTIF=01-52"), (boot.Kernel, boot.Arguments));
        Assert.Equal(["(http,10.0.0.1:4081)/images/a%20b/initrd.cpio.gz"], boot.Initrds);
    }

    [Fact]
    public void A_grub_configuration_goes_on_to_another_or_to_the_disk()
    {
        var grub = new Dictionary<string, string>(StringComparer.Ordinal) { ["prefix"] = "/boot", ["net_default_mac"] = "52:54" };
        Assert.Equal(new LoaderOutcome.Chain("/boot/grub.cfg-01-52:54"), new GrubInterpreter(grub).Run("configfile \"$prefix/grub.cfg-01-$net_default_mac\"\n"));
        Assert.IsType<LoaderOutcome.LocalDisk>(new GrubInterpreter(grub).Run("if [ a = b ]; then\n  chainloader +1\nelse\n  linux x\nfi\nexit\n"));
        Assert.IsType<LoaderOutcome.Nothing>(new GrubInterpreter(grub).Run("echo 'never closed"));
    }

    [Fact]
    public void A_pxelinux_configuration_starts_its_default_label()
    {
        var boot = Assert.IsType<LoaderOutcome.Boot>(PxelinuxInterpreter.Run(
            "SAY x\nDEFAULT mayu\nPROMPT 0\nLABEL other\n  LOCALBOOT 0\nLABEL mayu\n  KERNEL images/vmlinuz\n  INITRD images/initrd.cpio.gz\n  APPEND a=b c\n"));
        Assert.Equal(("images/vmlinuz", "a=b c"), (boot.Kernel, boot.Arguments));
        Assert.Equal(["images/initrd.cpio.gz"], boot.Initrds);
        Assert.IsType<LoaderOutcome.LocalDisk>(PxelinuxInterpreter.Run("DEFAULT a\nLABEL a\n LOCALBOOT 0\n"));
        Assert.IsType<LoaderOutcome.Nothing>(PxelinuxInterpreter.Run(""));
    }

    [Theory]
    [InlineData("--firmware", "x64")]
    [InlineData("--mac", "01:00:00:00:00:01")]
    [InlineData("--mac", "7")]
    [InlineData("--uuid", "7")]
    [InlineData("--interface", "there-is-no-such")]
    public async Task A_wrong_option_is_a_wrong_command_line(string option, string value)
    {
        var run = new CtlRun();
        string[] words = option == "--interface" ? ["simulate", option, value] : ["simulate", "--interface", "lo", option, value];
        Assert.Equal(ExitCode.Usage, await run.RunAsync(words));
        Assert.Contains("mayuctl:", run.Error, StringComparison.Ordinal);
    }
}
