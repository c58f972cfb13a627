using System.Net;
using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>`dhcp.mode: auto` with the engine dnsmasq: server or proxy, and a change of mind is a restart.</summary>
public sealed class DnsmasqAutoModeTests
{
    private const string Answers = "dnsmasq answers";
    private static readonly IPAddress Mayu = new([10, 77, 0, 1]);
    private static readonly IPAddress Other = new([10, 77, 0, 2]);
    private static readonly string[] Settings =
    [
        "engine=dnsmasq", "network.interface=br0", "dhcp.mode=auto", "network.bootstrap_range.start=10.77.0.100", "network.bootstrap_range.end=10.77.0.120",
    ];

    [Fact]
    public async Task Alone_dnsmasq_gives_addresses_and_from_when_another_server_is_heard_it_is_a_proxy()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(ExternalPage.MayuWith("mode: proxy"));
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await wire.StartMayuAsync(Settings);
        await wire.Mayu.PrintsAsync("no other DHCP server answers on br0: Mayu gives addresses");
        await StartedAsync(wire, times: 2);
        using (var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 2], PxeClient.Firmware(7)))
        {
            var offer = await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
            Assert.Equal((Mayu, true, "snponly.efi"), (offer.Server, offer.HasAddress, offer.File));
        }

        await using var other = await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder);
        using (var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 3]))
        {
            // Mayu hears what the other one says to this client.
            await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer && answer.Server.Equals(Other));
        }

        await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");
        await StartedAsync(wire, times: 3);
        using var next = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 4], PxeClient.Firmware(0));
        await next.DiscoverAsync(_ => next.Heard.Any(answer => answer.Server.Equals(Mayu)) && next.Heard.Any(answer => answer.Server.Equals(Other)));
        Assert.All(next.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.Equal((false, "undionly.kpxe"), (answer.HasAddress, answer.File)));
        Assert.Contains("another DHCP server, 10.77.0.2, answers on br0", await wire.Mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
        Assert.DoesNotContain("; it is restarted", wire.Mayu.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_another_server_it_gives_no_address_from_the_start()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(ExternalPage.MayuWith("mode: proxy"));
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await using var other = await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder);

        await wire.StartMayuAsync(Settings);
        await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");
        await StartedAsync(wire, times: 1);

        using var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 1], PxeClient.Firmware(0));
        await client.DiscoverAsync(_ => client.Heard.Any(answer => answer.Server.Equals(Mayu)) && client.Heard.Any(answer => answer.Server.Equals(Other)));
        Assert.All(client.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.False(answer.HasAddress));
        Assert.Equal(1, wire.Mayu.CountInLog(Answers));
    }

    private static async Task StartedAsync(MayuOnSegment wire, int times)
    {
        for (var i = 0; wire.Mayu.CountInLog(Answers) < times; i++)
        {
            Assert.True(i < 800, $"dnsmasq was not started {times} times: {wire.Mayu.Log}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
