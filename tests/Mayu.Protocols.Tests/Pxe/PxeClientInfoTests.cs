using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Mayu.Protocols.Tests.Dhcp;

namespace Mayu.Protocols.Tests.Pxe;

public class PxeClientInfoTests
{
    private static readonly byte[] PxeVendorClass = [.. "PXEClient:Arch:00007:UNDI:003001"u8];

    [Fact]
    public void An_operating_systems_client_is_plain()
    {
        var client = Read(new RawPacket().Option(53, 1).Option(60, [.. "udhcp 1.35.0"u8]));

        Assert.Equal(PxeClientKind.Plain, client.Kind);
        Assert.False(client.IsNetworkBoot);
        Assert.Null(client.Architecture);
        Assert.Null(client.Uuid);
    }

    [Fact]
    public void Firmware_is_known_by_its_vendor_class()
    {
        Assert.Equal(PxeClientKind.Pxe, Read(new RawPacket().Option(60, PxeVendorClass)).Kind);
        Assert.Equal(PxeClientKind.HttpBoot, Read(new RawPacket().Option(60, [.. "HTTPClient:Arch:00016:UNDI:003001"u8])).Kind);
    }

    [Theory]
    [InlineData("U-Boot.armv8", null, ClientArchitecture.UBootArm64)]
    [InlineData("U-Boot.armv8", 22, ClientArchitecture.UBootArm64)]
    [InlineData("U-Boot.armv8", 256, ClientArchitecture.UBootArm64)]
    [InlineData("U-Boot.armv7", 21, ClientArchitecture.UBootArm32)]
    [InlineData("U-Boot.arm", null, ClientArchitecture.UBootArm32)]
    [InlineData("U-Boot", 27, ClientArchitecture.UefiRiscV64)]
    [InlineData("U-Boot", 0, null)]
    [InlineData("U-Boot", null, null)]
    [InlineData("", 22, ClientArchitecture.UBootArm64)]
    [InlineData("someboard", 21, ClientArchitecture.UBootArm32)]
    public void U_boot_is_known_by_its_class_or_its_architecture_and_its_class_says_which_it_is(string vendorClass, int? option93, ClientArchitecture? architecture)
    {
        var packet = new RawPacket().Option(60, [.. System.Text.Encoding.ASCII.GetBytes(vendorClass)]);
        var client = Read(option93 is { } told ? packet.Option(93, (byte)(told >> 8), (byte)told) : packet);

        Assert.Equal((PxeClientKind.UBoot, true, architecture), (client.Kind, client.IsNetworkBoot, client.Architecture));
    }

    [Fact]
    public void U_boot_that_looks_for_an_efi_program_speaks_as_pxe_firmware()
    {
        var client = Read(new RawPacket().Option(60, [.. "PXEClient:Arch:00027:UNDI:003000"u8]).Option(93, 0, 27));

        Assert.Equal((PxeClientKind.Pxe, ClientArchitecture.UefiRiscV64), (client.Kind, client.Architecture));
    }

    [Fact]
    public void A_boot_menu_is_what_raspberry_pis_are_known_to_take()
    {
        Assert.Equal("0601030A040050584509140000115261737062657272792050692 0426F6F74FF".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(PxeVendorOptions.BootMenu("Raspberry Pi Boot"u8)));
        Assert.Throws<ArgumentException>(() => PxeVendorOptions.BootMenu([]));
        Assert.Throws<ArgumentException>(() => PxeVendorOptions.BootMenu(new byte[PxeVendorOptions.LongestMenuText + 1]));
    }

    [Fact]
    public void Ipxe_is_known_by_its_user_class_in_both_forms_and_by_its_features()
    {
        Assert.Equal(PxeClientKind.Ipxe, Read(new RawPacket().Option(60, PxeVendorClass).Option(77, [.. "iPXE"u8])).Kind);
        Assert.Equal(PxeClientKind.Ipxe, Read(new RawPacket().Option(60, PxeVendorClass).Option(77, [4, .. "iPXE"u8])).Kind);
        Assert.Equal(PxeClientKind.Ipxe, Read(new RawPacket().Option(77, [3, .. "foo"u8, 4, .. "iPXE"u8])).Kind);
        Assert.Equal(PxeClientKind.Ipxe, Read(new RawPacket().Option(60, [.. "HTTPClient"u8]).Option(175, 0x13, 1, 1)).Kind);
        Assert.Equal(PxeClientKind.Pxe, Read(new RawPacket().Option(60, PxeVendorClass).Option(77, [9, .. "iPXE"u8])).Kind);
        Assert.Equal(PxeClientKind.Pxe, Read(new RawPacket().Option(60, PxeVendorClass).Option(77, [.. "iPXE2"u8])).Kind);
    }

    [Fact]
    public void An_ipxe_without_http_is_not_capable_of_our_script()
    {
        Assert.False(Read(new RawPacket().Option(77, [.. "iPXE"u8]).Option(175, 0x18, 1, 1, 0x15, 1, 1)).IsCapableIpxe);
        Assert.False(Read(new RawPacket().Option(77, [.. "iPXE"u8]).Option(175, 0x13, 1, 1)).IsCapableIpxe);
        Assert.False(Read(new RawPacket().Option(77, [.. "iPXE"u8]).Option(175, 0x13, 1, 0, 0x18, 1, 1)).IsCapableIpxe);
        Assert.True(Read(new RawPacket().Option(77, [.. "iPXE"u8]).Option(175, 0x13, 1, 1, 0x18, 1, 1)).IsCapableIpxe);
        Assert.True(Read(new RawPacket().Option(77, [.. "iPXE"u8]).Option(175, 0x13, 1, 1, 0x24, 1, 1)).IsCapableIpxe);
        Assert.True(Read(new RawPacket().Option(77, [.. "iPXE"u8])).IsCapableIpxe);
    }

    [Fact]
    public void Of_several_architectures_the_first_known_one_counts()
    {
        Assert.Equal(ClientArchitecture.UefiX64, Read(new RawPacket().Option(93, 0, 7)).Architecture);
        Assert.Equal(ClientArchitecture.UefiArm64, Read(new RawPacket().Option(93, 0x12, 0x34, 0, 11, 0, 7)).Architecture);
        Assert.Equal((ClientArchitecture)0x1234, Read(new RawPacket().Option(93, 0x12, 0x34)).Architecture);
        Assert.Null(Read(new RawPacket().Option(93, 0)).Architecture);
        Assert.Null(Read(new RawPacket().Option(93)).Architecture);
    }

    [Fact]
    public void Firmware_that_leaves_option_93_out_says_its_architecture_in_option_60()
    {
        Assert.Equal(ClientArchitecture.UefiX64, Read(new RawPacket().Option(60, PxeVendorClass)).Architecture);
        Assert.Equal(ClientArchitecture.UefiX64Http, Read(new RawPacket().Option(60, [.. "HTTPClient:Arch:00016"u8])).Architecture);
        Assert.Equal(ClientArchitecture.UefiArm64, Read(new RawPacket().Option(60, PxeVendorClass).Option(93, 0, 11)).Architecture);
        Assert.Null(Read(new RawPacket().Option(60, [.. "PXEClient:Arch:0007"u8])).Architecture);
        Assert.Null(Read(new RawPacket().Option(60, [.. "PXEClient:Arch:-0007:"u8])).Architecture);
        Assert.Null(Read(new RawPacket().Option(60, [.. "PXEClient:Arch:99999"u8])).Architecture);
        Assert.Null(Read(new RawPacket().Option(60, [.. "PXEClient"u8])).Architecture);
    }

    [Fact]
    public void The_uuid_is_swapped_to_what_dmi_prints()
    {
        var option = Convert.FromHexString("00" + "44454C4C" + "4200" + "1035" + "8052B4C04F4E3732");

        Assert.Equal("4c4c4544-0042-3510-8052-b4c04f4e3732", Read(new RawPacket().Option(97, option)).Uuid.ToString());
    }

    [Fact]
    public void Uuids_that_name_no_machine_count_as_absent()
    {
        Assert.Null(Read(new RawPacket().Option(97, new byte[17])).Uuid);
        Assert.Null(Read(new RawPacket().Option(97, [0, .. Enumerable.Repeat((byte)255, 16)])).Uuid);
        Assert.Null(Read(new RawPacket().Option(97, [1, .. Enumerable.Repeat((byte)7, 16)])).Uuid);
        Assert.Null(Read(new RawPacket().Option(97, new byte[16])).Uuid);
    }

    private static PxeClientInfo Read(RawPacket raw)
    {
        Assert.True(DhcpPacket.TryParse(raw.ToBytes(), out var packet, out _));
        return PxeClientInfo.Read(packet);
    }
}
