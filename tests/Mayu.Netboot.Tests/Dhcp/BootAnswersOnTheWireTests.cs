using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>How a boot file is said in the options of an answer, to firmware of each kind.</summary>
public class BootAnswersOnTheWireTests
{
    [Fact]
    public void Http_boot_is_answered_in_its_own_class_with_a_url_and_nothing_of_pxe()
    {
        var offer = Ask(new PxeSettings(), [
            (DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016:UNDI:003001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 16])]);

        Assert.Equal("HTTPClient", Text(offer, DhcpOptionCode.VendorClassIdentifier));
        Assert.Equal("http://10.0.0.1:4081/loaders/snponly.efi", Text(offer, DhcpOptionCode.BootFileName));
        Assert.False(offer.TryGetOption(DhcpOptionCode.VendorSpecific, out _));
        Assert.False(offer.TryGetOption(DhcpOptionCode.TftpServerName, out _));
    }

    [Fact]
    public void Pxelinux_finds_its_configuration_in_the_answer_that_its_firmware_got()
    {
        var offer = Ask(new PxeSettings { Loader = BootLoader.Pxelinux }, Pxe(0));

        Assert.Equal("pxelinux.0\0", Text(offer, DhcpOptionCode.BootFileName));
        Assert.Equal("pxelinux.cfg/01-02-00-00-00-00-01", Text(offer, DhcpOptionCode.PxelinuxConfigFile));
        Assert.False(offer.TryGetOption(DhcpOptionCode.PxelinuxPathPrefix, out _));
    }

    [Fact]
    public void The_pxelinux_that_speaks_http_finds_a_url_before_its_names()
    {
        var settings = new PxeSettings { Architectures = [new ArchitectureSetting(ClientArchitecture.BiosX86, BootLoader.Pxelinux, "lpxelinux.0")] };

        Assert.Equal("http://10.0.0.1:4081/loaders/", Text(Ask(settings, Pxe(0)), DhcpOptionCode.PxelinuxPathPrefix));
    }

    // RFC 2132 §2 has every receiver cope with it, and some firmware reads up to it.
    [Fact]
    public void A_boot_file_and_its_server_end_with_a_nul_for_pxe_and_not_for_http_or_ipxe()
    {
        var firmware = Ask(new PxeSettings(), Pxe(0));
        Assert.Equal(("undionly.kpxe\0", "10.0.0.1\0"), (Text(firmware, DhcpOptionCode.BootFileName), Text(firmware, DhcpOptionCode.TftpServerName)));
        Assert.Equal("undionly.kpxe"u8, firmware.BootFile);

        Assert.Equal("http://10.0.0.1:4081/ipxebootscript", Text(Ask(new PxeSettings(), Ipxe), DhcpOptionCode.BootFileName));
        // A card's iPXE without HTTP loads the full one first.
        (DhcpOptionCode, byte[])[] card = [.. Pxe(0), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x15, 1, 1])];
        Assert.Equal("undionly.kpxe", Text(Ask(new PxeSettings(), card), DhcpOptionCode.BootFileName));
        Assert.Equal("http://10.0.0.1:4081/loaders/snponly.efi", Text(Ask(new PxeSettings(), [
            (DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016:UNDI:003001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 16])]), DhcpOptionCode.BootFileName));
    }

    [Fact]
    public void A_quirk_leaves_options_out_for_the_clients_it_is_for_and_for_no_other()
    {
        var settings = new PxeSettings
        {
            Quirks = [new PxeQuirk { Architecture = ClientArchitecture.UefiX64, OmittedOptions = [DhcpOptionCode.VendorSpecific, DhcpOptionCode.TftpServerName] }],
        };

        var quirky = Ask(settings, Pxe(7));
        Assert.Equal("PXEClient", Text(quirky, DhcpOptionCode.VendorClassIdentifier));
        Assert.False(quirky.TryGetOption(DhcpOptionCode.VendorSpecific, out _));
        Assert.False(quirky.TryGetOption(DhcpOptionCode.TftpServerName, out _));
        Assert.True(Ask(settings, Pxe(0)).TryGetOption(DhcpOptionCode.VendorSpecific, out _));
    }

    private static DhcpPacket Ask(PxeSettings pxe, (DhcpOptionCode, byte[])[] options)
    {
        var network = new ServedNetwork(
            DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 59)) with { Pxe = pxe });
        Assert.True(network.Send(Discover(1, options)));
        return network.Answer;
    }

    private static string Text(in DhcpPacket packet, DhcpOptionCode code) =>
        packet.TryGetOption(code, out var value) ? System.Text.Encoding.ASCII.GetString(value) : "";
}
