using Mayu.Core.Boot;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>What clients are answered that are not as PXE's specification has them.</summary>
public class QuirkAnswersTests
{
    private const string Menu = "0601030A0400505845091400001152617370626572727920506920426F6F74FF";

    private static readonly (DhcpOptionCode, byte[])[] RaspberryPi =
        [(DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00000:UNDI:002001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 0])];

    private static readonly (DhcpOptionCode, byte[])[] UBoot =
        [(DhcpOptionCode.VendorClassIdentifier, [.. "U-Boot.armv8"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 22])];

    [Theory]
    [InlineData(0xB8, 0x27, 0xEB)]
    [InlineData(0xDC, 0xA6, 0x32)]
    [InlineData(0xE4, 0x5F, 0x01)]
    [InlineData(0x28, 0xCD, 0xC1)]
    [InlineData(0xD8, 0x3A, 0xDD)]
    [InlineData(0x2C, 0xCF, 0x67)]
    public void A_raspberry_pi_has_its_text_in_option_43_without_a_word_in_the_configuration(byte first, byte second, byte third)
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(From(Discover(1, RaspberryPi), first, second, third)));

        Assert.Equal((Menu, "bootcode.bin", "PXEClient"), (network.Hex(43), Text(network, 67), Text(network, 60)));
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), network.Answer.NextServer);
    }

    [Fact]
    public void A_bios_of_another_make_with_the_same_class_is_a_bios_and_so_is_a_pi_that_says_uefi_what_it_says()
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(Discover(1, RaspberryPi)));
        Assert.Equal(("060108FF", "undionly.kpxe"), (network.Hex(43), Text(network, 67)));
        Assert.True(network.Send(From(Discover(2, [(DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00011:UNDI:003000"u8])]), 0xDC, 0xA6, 0x32)));
        Assert.Equal(("060108FF", "ipxe-arm64.efi"), (network.Hex(43), Text(network, 67)));
    }

    [Fact]
    public void What_the_configuration_says_of_a_raspberry_pi_goes_before_the_usual()
    {
        var network = Network(new PxeSettings { Quirks = [new PxeQuirk { Oui = 0xDCA632, Treat = ClientArchitecture.UefiArm64 }] });

        Assert.True(network.Send(From(Discover(1, RaspberryPi), 0xDC, 0xA6, 0x32)));

        Assert.Equal(("060108FF", "ipxe-arm64.efi"), (network.Hex(43), Text(network, 67)));
    }

    [Fact]
    public void U_boot_is_told_its_script_and_the_server_and_none_of_pxes_options()
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(Discover(1, UBoot)));

        Assert.Equal(("boot.scr.uimg", "10.0.0.1", "", "", ""), (Text(network, 67), Text(network, 66), network.Hex(43), network.Hex(60), network.Hex(97)));
        Assert.Equal(Ipv4.Of(10, 0, 0, 1), network.Answer.NextServer);
        Assert.Contains("U-Boot, uboot-arm64", network.Trace.Find(ServedNetwork.MacOf(1))!.Hops[0].Detail.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("U-Boot.armv7", 21, "boot.scr.uimg")]
    [InlineData("U-Boot", 0, "boot.scr.uimg")]
    [InlineData("U-Boot", 27, "ipxe-riscv64.efi")]
    [InlineData("PXEClient:Arch:00027:UNDI:003000", 27, "ipxe-riscv64.efi")]
    [InlineData("PXEClient:Arch:00022:UNDI:003000", 22, "boot.scr.uimg")]
    public void Every_architecture_of_u_boot_has_its_file(string vendorClass, byte architecture, string file)
    {
        var network = Network(new PxeSettings());

        Assert.True(network.Send(Discover(1, (DhcpOptionCode.VendorClassIdentifier, System.Text.Encoding.ASCII.GetBytes(vendorClass)), (DhcpOptionCode.ClientSystemArchitecture, [0, architecture]))));

        Assert.Equal(file, Text(network, 67));
    }

    [Fact]
    public void U_boot_of_a_machine_that_boots_its_own_disk_is_left_alone()
    {
        var network = Network(new PxeSettings());
        network.Cluster.Kind = BootAnswerKind.LocalDisk;

        Assert.False(network.Send(Discover(1, UBoot)));
    }

    [Fact]
    public void A_delay_is_for_the_offer_of_its_clients_and_for_nothing_else()
    {
        var network = Network(new PxeSettings { Quirks = [new PxeQuirk { VendorClass = [.. "PXEClient"u8], Architecture = ClientArchitecture.UefiX64, Delay = TimeSpan.FromMilliseconds(1500) }] });

        Assert.True(network.Send(Discover(1, Pxe(7))));
        Assert.Equal(1500, network.Reply.DelayMilliseconds);
        Assert.True(network.Send(Request(1, DhcpMessageType.Request, [.. Pxe(7), Option(54, network.Server), Option(50, network.Answer.YourAddress)])));
        Assert.Equal((DhcpMessageType.Ack, 0), (network.Answer.MessageType, network.Reply.DelayMilliseconds));
        Assert.True(network.Send(Discover(2, Pxe(0))));
        Assert.Equal(0, network.Reply.DelayMilliseconds);
        Assert.True(network.Send(Discover(3)));
        Assert.Equal(0, network.Reply.DelayMilliseconds);
    }

    [Fact]
    public void A_proxy_has_menu_and_delay_and_says_nothing_to_u_boot_which_would_take_it_for_a_lease()
    {
        var settings = DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 59)) with
        {
            Pxe = new PxeSettings { Quirks = [new PxeQuirk { Architecture = ClientArchitecture.BiosX86, BootMenu = [.. "Raspberry Pi Boot"u8], Delay = TimeSpan.FromSeconds(2) }] },
        };
        var proxy = ServedNetwork.ProxyOf([settings], new FakeCluster(), new BootTrace(new StoppedClock()), new ClientTable(new FakeCluster(), new StoppedClock()));
        var answer = new byte[1472];

        Assert.True(proxy.TryAnswer(Discover(1, RaspberryPi), answer, out var reply));
        Assert.True(DhcpPacket.TryParse(answer.AsSpan(0, reply.Length), out var offer, out _));
        Assert.True(offer.TryGetOption(DhcpOptionCode.VendorSpecific, out var menu));
        Assert.Equal((Menu, 2000), (Convert.ToHexString(menu), reply.DelayMilliseconds));
        Assert.False(proxy.TryAnswer(Discover(2, UBoot), answer, out _));
    }

    private static ServedNetwork Network(PxeSettings pxe) =>
        new(DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 59)) with { Pxe = pxe });

    private static byte[] From(byte[] packet, byte first, byte second, byte third)
    {
        (packet[28], packet[29], packet[30]) = (first, second, third);
        return packet;
    }

    // Options 66 and 67 end with a NUL, up to which a loader reads.
    private static string Text(ServedNetwork network, byte code) => System.Text.Encoding.ASCII.GetString(Convert.FromHexString(network.Hex(code))).TrimEnd('\0');
}
