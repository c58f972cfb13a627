using System.Net;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>`dhcp.mode: auto`: never two servers that give addresses.</summary>
public sealed class AutoModeTests
{
    private static readonly IPAddress Mayu = new([10, 77, 0, 1]);
    private static readonly IPAddress Other = new([10, 77, 0, 2]);
    private static readonly string[] Settings =
    [
        "network.interface=br0", "dhcp.mode=auto", "network.bootstrap_range.start=10.77.0.100", "network.bootstrap_range.end=10.77.0.120",
    ];

    [Fact]
    public async Task Beside_another_server_mayu_is_a_proxy_from_the_start_and_says_so()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(ExternalPage.MayuWith("mode: proxy"));
        await using var other = await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder);

        await wire.StartMayuAsync(Settings);
        await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");

        using var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 1], PxeClient.Firmware(7));
        await client.DiscoverAsync(_ => client.Heard.Any(answer => answer.Server.Equals(Mayu)) && client.Heard.Any(IsOffer));
        await client.RequestAsync(client.Heard.First(IsOffer));
        Assert.All(client.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.False(answer.HasAddress));
        var ready = await wire.Segment.ClientAsync("curl", "-sSk", "--max-time", "20", "https://10.77.0.1:4080/readyz");
        Assert.Contains("another DHCP server, 10.77.0.2, answers on br0", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alone_mayu_gives_addresses_until_another_server_is_heard()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.StartAsync(ExternalPage.MayuWith("mode: proxy"), [.. Settings, "dhcp.auto_interval=1s"]);
        await wire.Mayu.PrintsAsync("no other DHCP server answers on br0: Mayu gives addresses");
        using (var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 2], PxeClient.Firmware(7)))
        {
            var offer = await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
            Assert.Equal((Mayu, true, "snponly.efi"), (offer.Server, offer.HasAddress, offer.File));
        }

        await using var other = await OtherServer.StartAsync("kea", wire.Segment.Other, OtherServer.Plain("kea"), wire.Mayu.Folder);
        using (var client = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 3]))
        {
            // Mayu hears what the other one says to this client, or asks itself.
            await client.DiscoverAsync(IsOffer);
        }

        await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");
        using var next = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 4], PxeClient.Firmware(7));
        await next.DiscoverAsync(_ => next.Heard.Any(answer => answer.Server.Equals(Mayu)) && next.Heard.Any(IsOffer));
        Assert.All(next.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.False(answer.HasAddress));
    }

    [Fact]
    public async Task When_the_other_server_is_gone_mayu_gives_addresses_after_ten_questions_and_stops_when_it_is_back()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(ExternalPage.MayuWith("mode: proxy"));
        await using (await OtherServer.StartAsync("kea", wire.Segment.Other, OtherServer.Plain("kea"), wire.Mayu.Folder))
        {
            await wire.StartMayuAsync([.. Settings, "dhcp.auto_interval=1s"]);
            await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");
            using var beside = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 5], PxeClient.Firmware(7));
            await beside.DiscoverAsync(_ => beside.Heard.Any(answer => answer.Server.Equals(Mayu)) && beside.Heard.Any(IsOffer));
            Assert.All(beside.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.False(answer.HasAddress));
        }

        await wire.Mayu.PrintsAsync("no other DHCP server answers on br0: Mayu gives addresses");
        using (var alone = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 6], PxeClient.Firmware(7)))
        {
            var offer = await alone.DiscoverAsync(answer => answer is { Type: DhcpMessageType.Offer, HasAddress: true });
            Assert.Equal((Mayu, "snponly.efi"), (offer.Server, offer.File));
        }

        await using var back = await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder);
        await wire.Mayu.PrintsAgainAsync("another DHCP server, 10.77.0.2, answers on br0", times: 2);
        using var next = new PxeClient(wire.Segment, [2, 0, 0, 4, 0, 7], PxeClient.Firmware(7));
        await next.DiscoverAsync(_ => next.Heard.Any(answer => answer.Server.Equals(Mayu)) && next.Heard.Any(IsOffer));
        Assert.All(next.Heard.Where(answer => answer.Server.Equals(Mayu)), answer => Assert.False(answer.HasAddress));
    }

    private static bool IsOffer(PxeAnswer answer) => answer.Type == DhcpMessageType.Offer && answer.Server.Equals(Other);
}
