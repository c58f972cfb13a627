using System.Net;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>Mayu as a proxy and Kea or dnsmasq as the server, both behind Debian's dhcrelay, which sends each packet to both.</summary>
public sealed class RelayedProxyTests
{
    private static readonly IPAddress Mayu = new([10, 77, 0, 1]);
    private static readonly IPAddress Other = new([10, 77, 0, 2]);

    [Theory]
    [InlineData("kea")]
    [InlineData("dnsmasq")]
    public async Task A_machine_behind_a_relay_gets_its_address_there_and_its_boot_file_here(string program)
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(
            """
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              internal_range: { start: 10.77.0.10, end: 10.77.0.99 }
              relayed: [{ subnet: 10.78.0.0/24, relays: [10.78.0.1] }]
            dhcp: { mode: proxy }
            defaults: { image: none }
            """,
            isRelayed: true);
        var configuration = OtherServer.Plain(program)
            .Replace("10.77.0.", "10.78.0.", StringComparison.Ordinal)
            .Replace("199,1h", "199,255.255.255.0,1h", StringComparison.Ordinal);
        await using var other = await OtherServer.StartAsync(program, wire.Segment.Other, configuration, wire.Mayu.Folder);
        await wire.StartMayuAsync();
        await using var relay = await RunningProgram.StartAsync(
            wire.Segment.Relay, "Sending on", "dhcrelay", "-4", "-d", "-id", "down0", "-iu", "up0", "10.77.0.1", "10.77.0.2");

        using var firmware = new PxeClient(wire.Segment, [2, 0, 0, 5, 0, (byte)program.Length], PxeClient.Firmware(7));
        await firmware.DiscoverAsync(_ => firmware.Heard.Any(answer => answer.Server.Equals(Mayu)) && firmware.Heard.Any(answer => answer.Server.Equals(Other)));
        var proxy = firmware.Heard.Last(answer => answer.Server.Equals(Mayu));
        Assert.Equal((DhcpMessageType.Offer, false, "snponly.efi", "PXEClient"), (proxy.Type, proxy.HasAddress, proxy.File, proxy.VendorClass));
        var ack = await firmware.RequestAsync(firmware.Heard.Last(answer => answer.Server.Equals(Other)));
        Assert.Equal((DhcpMessageType.Ack, Other, ""), (ack.Type, ack.Server, ack.File));
        Assert.StartsWith("10.78.0.", ack.Address.ToString(), StringComparison.Ordinal);

        await wire.Segment.ClientAsync("ip", "route", "replace", "default", "via", "10.78.0.1");
        var bootServer = await firmware.AskBootServerAsync(ack.Address, Mayu);
        Assert.Equal(("snponly.efi", false), (bootServer.File, bootServer.HasAddress));
        Assert.StartsWith("#!ipxe", await wire.Segment.ClientAsync("curl", "-sS", "--max-time", "20", "http://10.77.0.1:4081/ipxebootscript"), StringComparison.Ordinal);
    }
}
