using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>What relays say of their clients, with a real dhcrelay and each engine: link selection (RFC 3527) and the server's name (RFC 5107).</summary>
public sealed class RelayOptionsTests
{
    [Theory]
    [InlineData("builtin")]
    [InlineData("dnsmasq")]
    public async Task A_relay_that_speaks_by_another_networks_address_says_by_link_selection_where_its_clients_are(string engine)
    {
        TestNetwork.NeedRoot();
        await using var network = await RelayOptionsNetwork.StartAsync(engine);
        await using var capture = await Capture.StartAsync(network.Relay, "up0", "udp port 67");
        // Named by -iu as well, 4.4.3 crashes.
        await network.StartRelayAsync("-U", "up0", "-id", "down0", "-id", "down1");

        Assert.Matches(@"^ip=10\.78\.0\.[5-9]\d mask=24 .* server=10\.77\.0\.1 ", await network.Udhcpc.LeaseAsync("eth1", "02:78:00:00:00:01"));
        Assert.Matches(@"^ip=10\.79\.0\.[5-9]\d mask=24 .* server=10\.77\.0\.1 ", await network.Udhcpc.LeaseAsync("eth2", "02:79:00:00:00:01"));
        await capture.SeesAsync("10.77.0.1.67 > 10.88.0.2.67");
        Assert.DoesNotContain("10.77.0.1.67 > 10.78.0.1.67", capture.Seen, StringComparison.Ordinal);
    }

    // The client's own option 82, which this relay passes on, is what a relay would write that wants renewals to come by it. Without a route to
    // the server there is no other way for them.
    [Theory]
    [InlineData("builtin")]
    [InlineData("dnsmasq")]
    public async Task A_client_renews_by_the_relay_that_wants_it_so(string engine)
    {
        TestNetwork.NeedRoot();
        await using var network = await RelayOptionsNetwork.StartAsync(engine);
        await network.StartRelayAsync("-id", "down0", "-iu", "up0");
        await TestNetwork.IpAsync(network.Clients, "link", "set", "eth1", "address", "02:78:00:00:00:02");
        await using var client = await RunningProgram.StartAsync(
            network.Clients, "server=", "udhcpc", "-f", "-n", "-i", "eth1", "-t", "5", "-T", "2", "-s", network.Udhcpc.Script, "-x", "0x52:0b040a4e0001");
        Assert.Matches(@"ip=10\.78\.0\.[5-9]\d mask=24 .* server=10\.78\.0\.1 ", client.Log);

        await using var capture = await Capture.StartAsync(network.Relay, "up0", "udp port 67");
        await client.SignalAsync("USR1");
        await capture.SeesAsync("DHCP-Message (53), length 1: ACK");

        Assert.Contains("renew to server 10.78.0.1", client.Log, StringComparison.Ordinal);
        Assert.Contains("10.77.0.1.67 > 10.78.0.1.67", capture.Seen, StringComparison.Ordinal);
        Assert.Contains("Server-ID (54), length 4: 10.78.0.1", capture.Seen, StringComparison.Ordinal);
    }
}
