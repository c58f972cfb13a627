using System.Text.RegularExpressions;

using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>udhcpc, dhclient, bootpc, perfdhcp and dhcrelay, as they are, against a server with several networks.</summary>
public sealed partial class DhcpNetworkTests(DhcpNetworkFixture network)
{
    [Fact]
    public async Task A_client_of_another_segment_gets_that_segments_addresses_and_reaches_the_server_there()
    {
        TestNetwork.NeedRoot();

        var lease = await network.Udhcpc.LeaseAsync("eth1", "02:81:00:00:00:01", "-V", "PXEClient:Arch:00007:UNDI:003001", "-x", "0x5d:0007", "-x", "0x4d:69505845");

        Assert.Contains("ip=10.81.0.5", lease, StringComparison.Ordinal);
        Assert.Contains("server=10.81.0.1 file=http://10.81.0.1:4081/ipxebootscript", lease, StringComparison.Ordinal);
        Assert.Contains("chain --replace http://10.81.0.1:4081/ipxebootscript", await network.ClientAsync("curl", "-sS", "--max-time", "10", "http://10.81.0.1:4081/ipxebootscript"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_a_device_on_the_wire_has_is_not_given_out()
    {
        TestNetwork.NeedRoot();

        // It even asks for it.
        var first = await network.Udhcpc.LeaseAsync("eth1", "02:81:00:00:00:02", "-r", RelayedNetwork.StrangersAddress);
        await network.Mayu.PrintsAsync($"{RelayedNetwork.StrangersAddress}, meant for 02:81:00:00:00:");

        Assert.NotEqual(RelayedNetwork.StrangersAddress, Udhcpc.AddressIn(first));
    }

    [Fact]
    public async Task A_client_behind_dhcrelay_gets_an_address_of_its_own_subnet_and_what_the_operator_set()
    {
        TestNetwork.NeedRoot();

        var lease = await network.Udhcpc.LeaseAsync("eth2", "02:82:00:00:00:01", "-O", "150", "-O", "mtu");

        Assert.Matches(@"ip=10\.82\.0\.[5-9]\d .* router=10\.82\.0\.1 .* server=10\.80\.0\.1 .* mtu=1400 hostname= ", lease);
        Assert.Contains("opt150=0a500009", lease, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_behind_dhcrelay_renews_without_the_relay_and_gives_its_address_back()
    {
        TestNetwork.NeedRoot();
        await network.ClientAsync("ip", "link", "set", "eth2", "address", "02:82:00:00:00:02");
        await network.ClientAsync("ip", "address", "flush", "dev", "eth2", "scope", "global");
        var files = new[] { "-lf", Path.Combine(network.Folder, "dhclient.leases"), "-pf", Path.Combine(network.Folder, "dhclient.pid") };

        var output = await network.ClientAsync(["dhclient", "-4", "-1", "-v", .. files, "eth2"]);
        var address = Bound().Match(output).Groups["it"].Value;
        Assert.StartsWith("10.82.0.", address, StringComparison.Ordinal);
        await network.ClientAsync(["dhclient", "-4", "-r", "-v", .. files, "eth2"]);

        await network.Mayu.PrintsAsync($"02:82:00:00:00:02 released {address}");
    }

    [Fact]
    public async Task A_reservation_is_its_clients_and_who_is_ignored_hears_nothing()
    {
        TestNetwork.NeedRoot();
        var reserved = await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:aa", "-O", "hostname");
        Assert.Contains("ip=10.80.0.20 ", reserved, StringComparison.Ordinal);
        Assert.Contains("hostname=printer", reserved, StringComparison.Ordinal);

        await network.ClientAsync("ip", "link", "set", "eth0", "address", "02:80:00:00:00:bb");
        var (exitCode, output) = await network.TryClientAsync("udhcpc", "-f", "-q", "-n", "-i", "eth0", "-t", "2", "-T", "1", "-s", "/bin/true");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("no lease", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootpc_gets_an_address_and_a_boot_file()
    {
        TestNetwork.NeedRoot();
        await network.ClientAsync("ip", "link", "set", "eth0", "address", "02:80:00:00:00:03");

        // Without an address it needs a way to 255.255.255.255.
        await network.ClientAsync("ip", "address", "flush", "dev", "eth0", "scope", "global");
        await network.ClientAsync("ip", "route", "replace", "default", "dev", "eth0");
        var output = await network.ClientAsync("bootpc", "--dev", "eth0", "--timeoutwait", "10");

        Assert.Matches(@"IPADDR='10\.80\.0\.[5-9]\d'", output);
        Assert.Contains("SERVER='10.80.0.1'", output, StringComparison.Ordinal);
        Assert.Contains("BOOTFILE='undionly.kpxe'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_outlives_a_killed_server()
    {
        TestNetwork.NeedRoot();
        var first = Udhcpc.AddressIn(await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:04"));
        await network.Mayu.StopAsync("KILL");
        await network.Mayu.StartAsync();

        var leases = await File.ReadAllTextAsync(Path.Combine(network.Folder, "data", "dhcp", "leases"));
        Assert.Contains($" {first} 02:80:00:00:00:04 ", leases, StringComparison.Ordinal);
        Assert.NotEqual(first, Udhcpc.AddressIn(await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:05", "-r", first)));
        Assert.Equal(first, Udhcpc.AddressIn(await network.Udhcpc.LeaseAsync("eth0", "02:80:00:00:00:04")));
    }

    /// <summary>
    /// Two at once, as relays of two subnets. In IPv4 each packet of perfdhcp has a giaddr, its own address; the option -A1 that does so in
    /// IPv6 is refused together with -4.
    /// </summary>
    [Theory]
    [InlineData("basic")]
    [InlineData("avalanche")]
    public async Task Perfdhcp_loses_nothing_in_two_relayed_subnets(string scenario)
    {
        TestNetwork.NeedRoot();
        await network.ClientAsync("ip", "address", "flush", "dev", "eth0", "scope", "global");
        string[] relays = ["10.80.0.200", "10.80.0.201"];
        foreach (var relay in relays)
        {
            await network.ClientAsync("ip", "address", "add", relay + "/24", "dev", "eth0");
        }

        string[] load = scenario == "basic" ? ["-r", "100", "-R", "300", "-n", "300"] : ["--scenario", "avalanche", "-R", "300"];
        var outputs = await Task.WhenAll(relays.Select((relay, i) => network.ClientAsync(
            ["perfdhcp", "-4", "-l", relay, "-b", $"mac=00:0c:01:0{i}:00:00", "-d", "10", "-W", "2000000", .. load, "10.80.0.1"])));

        foreach (var output in outputs)
        {
            // DISCOVER and OFFER, then REQUEST and ACK; the avalanche sends again what is late.
            var received = Received().Matches(output).Select(match => int.Parse(match.Groups["it"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.True(received.Count >= 2 && received.TakeLast(2).All(count => count >= 300), output);
        }

        var leases = await File.ReadAllTextAsync(Path.Combine(network.Mayu.Data, "dhcp", "leases"), TestContext.Current.CancellationToken);
        Assert.Matches(@" 10\.83\.\d+\.\d+ 00:0c:01:00:", leases);
        Assert.Matches(@" 10\.84\.\d+\.\d+ 00:0c:01:01:", leases);
        Assert.DoesNotMatch(@" 10\.83\.\d+\.\d+ 00:0c:01:01:", leases);
    }

    [GeneratedRegex(@"bound to (?<it>\d+\.\d+\.\d+\.\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bound();

    [GeneratedRegex(@"received packets: (?<it>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Received();
}
