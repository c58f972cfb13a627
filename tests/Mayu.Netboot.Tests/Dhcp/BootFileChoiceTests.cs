using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

public class BootFileChoiceTests
{
    private const string BootUrl = "http://10.0.0.1:4081";

    [Theory]
    [InlineData(0, "undionly.kpxe")]
    [InlineData(6, "ipxe-ia32.efi")]
    [InlineData(7, "snponly.efi")]
    [InlineData(9, "snponly.efi")]
    [InlineData(10, "ipxe-arm32.efi")]
    [InlineData(11, "ipxe-arm64.efi")]
    public void Without_a_word_in_the_configuration_every_architecture_has_its_loader(byte architecture, string file) =>
        Assert.Equal(file, Choose(new PxeSettings(), Pxe(architecture))?.Name);

    [Theory]
    [InlineData(15, "ipxe-ia32.efi")]
    [InlineData(16, "snponly.efi")]
    [InlineData(18, "ipxe-arm32.efi")]
    [InlineData(19, "ipxe-arm64.efi")]
    [InlineData(20, "undionly.kpxe")]
    public void Firmware_that_boots_over_http_is_told_an_absolute_url(byte architecture, string file)
    {
        var told = Choose(new PxeSettings(), Http(architecture));

        Assert.Equal($"{BootUrl}/loaders/{file}", told?.Name);
        Assert.True(told?.IsHttpBoot);
    }

    [Fact]
    public void What_firmware_says_in_option_60_counts_where_its_architecture_says_otherwise()
    {
        Assert.Equal($"{BootUrl}/loaders/snponly.efi", Choose(new PxeSettings(), Http(7))?.Name);
        Assert.Equal("snponly.efi", Choose(new PxeSettings(), Pxe(16))?.Name);
    }

    [Fact]
    public void An_ipxe_that_http_boot_loaded_is_an_ipxe_although_it_says_HTTPClient() =>
        Assert.Equal($"{BootUrl}/ipxebootscript", Choose(new PxeSettings(), [.. Http(16), (DhcpOptionCode.UserClass, [.. "iPXE"u8])])?.Name);

    [Fact]
    public void An_ipxe_in_a_cards_own_rom_loads_the_loader_that_the_configuration_wants()
    {
        (DhcpOptionCode, byte[])[] bios = [.. Pxe(0), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x13, 1, 1, 0x18, 1, 1])];

        Assert.Equal("pxelinux.0", Choose(new PxeSettings { Loader = BootLoader.Pxelinux }, bios)?.Name);
        Assert.Equal($"{BootUrl}/ipxebootscript", Choose(new PxeSettings { Loader = BootLoader.Pxelinux }, Ipxe)?.Name);
        Assert.Equal("shimx64.efi", Choose(new PxeSettings { Loader = BootLoader.Shim }, Ipxe)?.Name);
        Assert.Equal($"{BootUrl}/ipxebootscript", Choose(new PxeSettings { Loader = BootLoader.Shim }, bios)?.Name);
        Assert.Equal($"{BootUrl}/ipxebootscript", Choose(new PxeSettings { Quirks = [new PxeQuirk { Oui = 0x020000, File = "own.efi" }] }, Ipxe)?.Name);
    }

    [Fact]
    public void A_loader_is_taken_by_every_architecture_that_has_it_and_the_others_take_ipxe()
    {
        Assert.Equal("shimx64.efi", Choose(new PxeSettings { Loader = BootLoader.Shim }, Pxe(7))?.Name);
        Assert.Equal("shimaa64.efi", Choose(new PxeSettings { Loader = BootLoader.Shim }, Pxe(11))?.Name);
        Assert.Equal($"{BootUrl}/loaders/shimx64.efi", Choose(new PxeSettings { Loader = BootLoader.Shim }, Http(16))?.Name);
        Assert.Equal("undionly.kpxe", Choose(new PxeSettings { Loader = BootLoader.Shim }, Pxe(0))?.Name);
        Assert.Equal("pxelinux.0", Choose(new PxeSettings { Loader = BootLoader.Pxelinux }, Pxe(0))?.Name);
        Assert.Equal("snponly.efi", Choose(new PxeSettings { Loader = BootLoader.Pxelinux }, Pxe(7))?.Name);
        Assert.Equal("grubx64.efi", Choose(new PxeSettings { Loader = BootLoader.Grub }, Pxe(9))?.Name);
    }

    [Fact]
    public void An_architecture_may_have_a_loader_or_a_file_of_its_own_which_holds_over_http_too()
    {
        var settings = new PxeSettings
        {
            Architectures =
            [
                new ArchitectureSetting(ClientArchitecture.UefiX64, BootLoader.Shim, null),
                new ArchitectureSetting(ClientArchitecture.UefiArm64, null, "own/loader.efi"),
                new ArchitectureSetting(ClientArchitecture.UefiArm64Http, null, "https://boot.example/arm.efi"),
                new ArchitectureSetting((ClientArchitecture)27, BootLoader.Grub, "riscv.efi"),
            ],
        };

        Assert.Equal("shimx64.efi", Choose(settings, Pxe(7))?.Name);
        Assert.Equal($"{BootUrl}/loaders/shimx64.efi", Choose(settings, Http(16))?.Name);
        Assert.Equal("own/loader.efi", Choose(settings, Pxe(11))?.Name);
        Assert.Equal("https://boot.example/arm.efi", Choose(settings, Http(19))?.Name);
        Assert.Equal("riscv.efi", Choose(settings, Pxe(27))?.Name);
        Assert.Equal("undionly.kpxe", Choose(settings, Pxe(0))?.Name);
    }

    [Fact]
    public void A_client_without_a_loader_is_told_which_architecture_has_none()
    {
        var choice = new BootFileChoice(new PxeSettings(), BootUrl);
        Assert.True(DhcpPacket.TryParse(Discover(1, Pxe(33)), out var packet, out _));

        Assert.False(choice.TryChoose(Mac(packet), PxeClientInfo.Read(packet), out var file, out var refusal));
        Assert.Null(file);
        Assert.Contains("33", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_quirk_that_fits_counts()
    {
        var settings = new PxeSettings
        {
            Quirks =
            [
                new PxeQuirk { Oui = 0x525400, File = "never.efi" },
                new PxeQuirk { Oui = 0x020000, Architecture = ClientArchitecture.BiosX86, Treat = ClientArchitecture.UefiArm64 },
                new PxeQuirk { VendorClass = [.. "PXEClient:Arch:00007"u8], OmittedOptions = [DhcpOptionCode.VendorSpecific] },
                new PxeQuirk { Oui = 0x020000, File = "last.efi" },
            ],
        };

        Assert.Equal("ipxe-arm64.efi", Choose(settings, [(DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 0])])?.Name);
        var quirky = Choose(settings, Pxe(7));
        Assert.Equal("snponly.efi", quirky?.Name);
        Assert.False(quirky?.Sends(DhcpOptionCode.VendorSpecific));
        Assert.True(quirky?.Sends(DhcpOptionCode.VendorClassIdentifier));
        Assert.Equal("last.efi", Choose(settings, [(DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient"u8])])?.Name);
        Assert.False(Choose(settings, Ipxe)?.Sends(DhcpOptionCode.VendorSpecific));
    }

    [Fact]
    public void A_quirk_about_block_sizes_reaches_tftp_by_the_clients_address()
    {
        var network = new ServedNetwork(DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51)) with
        {
            Pxe = new PxeSettings { Quirks = [new PxeQuirk { Oui = 0x020000, Architecture = ClientArchitecture.UefiX64, MaximumBlockSize = 1024 }] },
        });

        var address = network.Bind(1, options: Pxe(7));
        var other = network.Bind(2, options: Pxe(0));

        Assert.Equal(1024, network.Clients.MaximumBlockSize(address));
        Assert.Null(network.Clients.MaximumBlockSize(other));
    }

    [Fact]
    public void Only_the_pxelinux_that_speaks_http_is_given_a_url_for_a_prefix()
    {
        var plain = Choose(new PxeSettings { Loader = BootLoader.Pxelinux }, Pxe(0));
        var http = Choose(new PxeSettings { Architectures = [new ArchitectureSetting(ClientArchitecture.BiosX86, BootLoader.Pxelinux, "lpxelinux.0")] }, Pxe(0));

        Assert.Equal(BootLoader.Pxelinux, plain?.Loader);
        Assert.Null(plain?.PathPrefix);
        Assert.Equal($"{BootUrl}/loaders/", http?.PathPrefix);
    }

    private static (DhcpOptionCode, byte[])[] Http(byte architecture) =>
        [(DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016:UNDI:003001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, architecture])];

    private static BootFile? Choose(PxeSettings settings, (DhcpOptionCode, byte[])[] options)
    {
        Assert.True(DhcpPacket.TryParse(Discover(1, options), out var packet, out _));
        Assert.True(new BootFileChoice(settings, BootUrl).TryChoose(Mac(packet), PxeClientInfo.Read(packet), out var file, out var refusal), refusal);
        return file;
    }

    private static MacAddress Mac(scoped in DhcpPacket packet)
    {
        Span<byte> octets = stackalloc byte[16];
        packet.HardwareAddress.CopyTo(octets);
        return MacAddress.FromOctets(octets[..6]);
    }
}
