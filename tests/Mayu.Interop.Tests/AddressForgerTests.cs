using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>A host whose kernel answers ARP for every address of the segment, as a forger does, or a router with proxy ARP.</summary>
public sealed class AddressForgerTests
{
    [Fact]
    public async Task Who_answers_for_every_address_keeps_no_machine_from_one_and_is_named()
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        await using var mayu = new MayuServer(segment.Mayu, "10.77.0.1");
        await mayu.ConfigureAsync("""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.61 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            defaults: { image: none }
            """);
        await mayu.StartAsync();
        var udhcpc = new Udhcpc(segment.Client, mayu.Folder, takesAddress: false);

        // One address of the pool, as a device has it: it rests, and is shown.
        await TestNetwork.IpAsync(segment.Other, "address", "add", "10.77.0.61/24", "dev", "eth0");
        Assert.NotEqual("10.77.0.61", Udhcpc.AddressIn(await udhcpc.LeaseAsync("eth0", "02:77:00:00:00:01", "-r", "10.77.0.61")));
        var mac = (await TestNetwork.RunAsync(segment.Other, "cat", "/sys/class/net/eth0/address")).Trim();
        await mayu.PrintsAsync("10.77.0.61, meant for 02:77:00:00:00:01, is in use");
        Assert.Contains($$"""{"address":"10.77.0.61","mac":"{{mac}}","how":"answers",""", await mayu.ApiAsync("/api/v1/addresses"), StringComparison.Ordinal);
        Assert.Matches($@"10\.77\.0\.61 +{mac} +answers +\d", (await mayu.CtlAsync("addresses")).Output);
        await mayu.MetricsMatchAsync(@"mayu_addresses_occupied\{[^}]*how=""answers""[^}]*\} 1");

        // Then all of them.
        await TestNetwork.IpAsync(segment.Other, "route", "add", "local", "10.77.0.0/24", "dev", "eth0");
        for (var machine = 2; machine <= 9; machine++)
        {
            await udhcpc.LeaseAsync("eth0", $"02:77:00:00:00:0{machine}");
        }

        await mayu.PrintsAsync($"addresses: {mac} answers ARP for more than 4 addresses");
        Assert.Contains($"addresses: {mac} answers ARP for more than 4 addresses", await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
        await mayu.MetricsMatchAsync(@"mayu_addresses_untrusted_macs(\{[^}]*\})? 1");
        Assert.DoesNotContain(mac, await mayu.ApiAsync("/api/v1/addresses"), StringComparison.Ordinal);
    }
}
