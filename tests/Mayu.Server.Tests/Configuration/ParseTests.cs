using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

/// <summary>Words of the configuration that become part of a path or of a command.</summary>
public class ParseTests
{
    // As the kernel has it (dev_valid_name).
    [Theory]
    [InlineData("eth0", true)]
    [InlineData("enp0s31f6.100", true)]
    [InlineData("123456789012345", true)]
    [InlineData("...", true)]
    [InlineData("1234567890123456", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a b", false)]
    [InlineData("a\u0001", false)]
    public void An_interface_has_a_name_that_the_kernel_takes(string name, bool accepted) =>
        Assert.Equal(accepted, Parse.InterfaceName(name, out _, out _));

    [Theory]
    [InlineData("/dev/sda", true)]
    [InlineData("/dev/disk/by-path/pci-0000:00:1f.2-ata-1", true)]
    [InlineData("/dev/../etc/shadow", false)]
    [InlineData("/dev/..", false)]
    [InlineData("/dev/", false)]
    [InlineData("sda", false)]
    [InlineData("/dev/sda;reboot", false)]
    public void A_disk_is_a_device_and_no_way_out_of_their_folder(string disk, bool accepted) =>
        Assert.Equal(accepted, Parse.WholeDisk(disk, out _, out _));

    [Theory]
    [InlineData("100ms", true)]
    [InlineData("600s", true)]
    [InlineData("10m", true)]
    [InlineData("99ms", false)]
    [InlineData("601s", false)]
    [InlineData("1h", false)]
    [InlineData("10", false)]
    [InlineData("m", false)]
    [InlineData("-1s", false)]
    [InlineData("1.5s", false)]
    [InlineData("1 s", false)]
    [InlineData("2147483647h", false)]
    [InlineData("99999999999999999999s", false)]
    public void A_time_has_a_number_and_a_unit_and_is_within_its_bounds(string time, bool accepted)
    {
        Assert.Equal(accepted, Parse.Time("100ms", "10m")(time, out _, out var problem));
        Assert.Equal("must be a time from 100ms to 10m (a number with ms, s, m or h)", problem);
    }
}
