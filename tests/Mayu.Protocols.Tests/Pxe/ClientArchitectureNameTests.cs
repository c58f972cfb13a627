using Mayu.Protocols.Pxe;

namespace Mayu.Protocols.Tests.Pxe;

public class ClientArchitectureNameTests
{
    [Fact]
    public void Every_name_is_read_back_and_so_is_every_number()
    {
        foreach (var architecture in ClientArchitectureName.All)
        {
            Assert.True(ClientArchitectureName.TryParse(ClientArchitectureName.Of(architecture), out var read));
            Assert.Equal(architecture, read);
        }

        Assert.True(ClientArchitectureName.TryParse("33", out var unnamed));
        Assert.Equal((33, "33"), ((ushort)unnamed, ClientArchitectureName.Of(unnamed)));
        Assert.False(ClientArchitectureName.TryParse("uefi", out _));
        Assert.False(ClientArchitectureName.TryParse("70000", out _));
        Assert.False(ClientArchitectureName.TryParse(null, out _));
    }

    [Fact]
    public void Pxe_and_http_of_the_same_firmware_belong_together()
    {
        Assert.Equal(ClientArchitecture.UefiX64Http, ClientArchitectureName.OverHttp(ClientArchitecture.UefiX64));
        Assert.Equal(ClientArchitecture.UefiX64Http, ClientArchitectureName.OverHttp(ClientArchitecture.UefiX64Http));
        Assert.Equal(ClientArchitecture.UefiArm64, ClientArchitectureName.OverTftp(ClientArchitecture.UefiArm64Http));
        Assert.Equal(ClientArchitecture.BiosX86, ClientArchitectureName.OverTftp(ClientArchitecture.BiosX86));
        Assert.True(ClientArchitectureName.IsHttp(ClientArchitecture.BiosX86Http));
        Assert.False(ClientArchitectureName.IsHttp(ClientArchitecture.UefiArm32));
    }

    [Fact]
    public void Pxelinux_looks_for_a_machine_by_its_mac()
    {
        var name = new byte[PxelinuxNames.ByMacLength];
        PxelinuxNames.WriteByMac(name, [0x52, 0x54, 0x00, 0xAB, 0x0C, 0x01]);

        Assert.Equal("pxelinux.cfg/01-52-54-00-ab-0c-01", System.Text.Encoding.ASCII.GetString(name));
    }
}
