using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests;

/// <summary>A quirk's delay on the wire: only the client it is for waits.</summary>
public sealed class DelayedOfferTests
{
    private static readonly byte[] Slow = [0x02, 0x44, 0x01, 0, 0, 1];
    private static readonly byte[] Quick = [0x02, 0x44, 0x02, 0, 0, 1];

    [Theory]
    [InlineData("server")]
    [InlineData("proxy")]
    public async Task Whoever_asks_later_without_a_delay_is_offered_earlier(string mode)
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.StartAsync($$"""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.150, end: 10.77.0.199 }
              internal_range: { start: 10.77.0.10, end: 10.77.0.99 }
            # Whether an address is free is not asked: that takes its own time.
            dhcp: { mode: {{mode}}, probe: false }
            pxe: { quirks: [{ oui: "02:44:01", architecture: bios, delay: 5s, boot_menu: "Raspberry Pi Boot" }] }
            defaults: { image: none }
            """);
        using var slow = new PxeClient(wire.Segment, Slow, PxeClient.Firmware(0));
        using var quick = new PxeClient(wire.Segment, Quick, PxeClient.Firmware(0));
        var order = new List<string>();

        var later = OfferAsync(slow, "slow");
        // The first DISCOVER is there before the second one is sent.
        await wire.Mayu.PrintsAsync("02:44:01:00:00:01 xid ");
        await OfferAsync(quick, "quick");
        var offer = await later;

        Assert.Equal(["quick", "slow"], order);
        Assert.Equal(DhcpMessageType.Offer, offer.Type);
        Assert.Contains("5261737062657272792050692", offer.VendorOptions, StringComparison.Ordinal);

        async Task<PxeAnswer> OfferAsync(PxeClient client, string name)
        {
            var answer = await client.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
            lock (order)
            {
                order.Add(name);
            }

            return answer;
        }
    }
}
