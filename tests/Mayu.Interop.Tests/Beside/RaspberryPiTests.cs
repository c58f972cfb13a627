using System.Net;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>What the boot ROM of a Raspberry Pi hears beside another DHCP server, by either engine: the packets are made up, for there is no board here.</summary>
public sealed class RaspberryPiTests
{
    private static readonly (DhcpOptionCode, byte[])[] BootRom =
        [(DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient:Arch:00000:UNDI:002001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 0])];

    [Theory]
    [InlineData("builtin")]
    [InlineData("dnsmasq")]
    public async Task A_raspberry_pi_finds_its_text_in_the_offer_of_a_proxy_and_another_machine_does_not(string engine)
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync($$"""
            engine: {{engine}}
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              internal_range: { start: 10.77.0.10, end: 10.77.0.99 }
            dhcp: { mode: proxy }
            defaults: { image: none }
            """);
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await wire.Mayu.StartUntilAsync(engine == "dnsmasq" ? "dnsmasq answers" : ": ready");

        var pi = await OfferAsync([0xDC, 0xA6, 0x32, 0, 0, 1]);
        var other = await OfferAsync([0x02, 0xA6, 0x33, 0, 0, 1]);

        Assert.Equal((IPAddress.Any, "bootcode.bin", "PXEClient"), (pi.Address, pi.File, pi.VendorClass));
        Assert.Contains(Convert.ToHexString("Raspberry Pi Boot"u8), pi.VendorOptions, StringComparison.Ordinal);
        Assert.Equal("undionly.kpxe", other.File);
        Assert.DoesNotContain(Convert.ToHexString("Raspberry"u8), other.VendorOptions, StringComparison.Ordinal);

        async Task<PxeAnswer> OfferAsync(byte[] mac)
        {
            using var client = new PxeClient(wire.Segment, mac, BootRom);
            return await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
        }
    }
}
