using Mayu.Netboot.Loaders;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Tests.Loaders;

public class PxeQuirkTests
{
    [Fact]
    public void Its_conditions_are_told_as_far_as_there_are_any()
    {
        Assert.Equal("", new PxeQuirk().Describe());
        Assert.Equal("MAC b8:27:eb:…", new PxeQuirk { Oui = 0xB827EB }.Describe());
        Assert.Equal("MAC 00:01:0a:… or f0:00:05:…", new PxeQuirk { Ouis = [0x00010A, 0xF00005] }.Describe());
        Assert.Equal("vendor class PXEClient", new PxeQuirk { VendorClass = [.. "PXEClient"u8] }.Describe());
        Assert.Equal("architecture uefi-x64", new PxeQuirk { Architecture = ClientArchitecture.UefiX64 }.Describe());
        Assert.Equal(
            "MAC b8:27:eb:…, vendor class PXEClient, architecture bios",
            new PxeQuirk { Oui = 0xB827EB, VendorClass = [.. "PXEClient"u8], Architecture = ClientArchitecture.BiosX86 }.Describe());
    }

    [Fact]
    public void The_one_beginning_of_a_mac_is_told_where_there_is_one()
    {
        Assert.Null(new PxeQuirk().Oui);
        Assert.Equal(7u, new PxeQuirk { Oui = 7 }.Oui);
        Assert.Null(new PxeQuirk { Ouis = [7, 8] }.Oui);
        Assert.Empty(new PxeQuirk { Oui = null }.Ouis);
    }
}
