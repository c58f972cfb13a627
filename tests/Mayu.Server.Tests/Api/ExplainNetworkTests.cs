using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Netboot.Leases;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>What is explained depends on where the machine is, and on who answers there.</summary>
public sealed class ExplainNetworkTests
{
    private const string Stranger = "explain/52:54:00:00:00:07";
    private const string Networks = """
        segments: [{interface: lo1, address: 127.1.0.1, subnet: 127.1.0.0/24, bootstrap_range: {start: 127.1.0.100, end: 127.1.0.199}}]
          relayed: [{subnet: 127.2.0.0/24, relays: [127.2.0.1, 127.9.0.1], bootstrap_range: {start: 127.2.0.100, end: 127.2.0.199}}]
        """;

    private static readonly MacAddress Mac = MacAddress.TryParse("52:54:00:00:00:07", out var mac) ? mac : default;

    [Fact]
    public async Task Each_network_is_explained_with_its_own_addresses_and_urls()
    {
        await using var server = await TestServer.StartAsync(network: Networks);
        var explanation = await server.GetAsync(Stranger);

        Assert.Equal(
            ["127.0.0.0/24 on lo", "127.1.0.0/24 on lo1", "127.2.0.0/24 by relay 127.2.0.1"], Protocols(explanation, "dhcp").Select(protocol => (string?)protocol["network"]));
        Assert.Contains("(127.0.0.", Detail(explanation, "dhcp", 0), StringComparison.Ordinal);
        Assert.Contains("(127.1.0.", Detail(explanation, "dhcp", 1), StringComparison.Ordinal);
        Assert.Contains("by TFTP from 127.1.0.1", Detail(explanation, "dhcp", 1), StringComparison.Ordinal);
        Assert.Contains("(127.2.0.", Detail(explanation, "dhcp", 2), StringComparison.Ordinal);
        Assert.Contains("http://127.1.0.1:", Detail(explanation, "dhcp-ipxe", 1), StringComparison.Ordinal);
        Assert.Equal(["127.0.0.0/24 on lo", "127.1.0.0/24 on lo1"], Protocols(explanation, "ipxe").Select(protocol => (string?)protocol["network"]));
        Assert.Contains("http://127.1.0.1:", (string?)Protocols(explanation, "ipxe")[1]["text"], StringComparison.Ordinal);
        Assert.Contains("127.1.0.1:", (string?)Protocols(explanation, "grub")[1]["text"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lo1", "127.1.0.0/24 on lo1")]
    [InlineData("127.1.0.0/24", "127.1.0.0/24 on lo1")]
    [InlineData("127.1.0.77", "127.1.0.0/24 on lo1")]
    [InlineData("127.2.0.1", "127.2.0.0/24 by relay 127.2.0.1")]
    [InlineData("127.9.0.1", "127.2.0.0/24 by relay 127.9.0.1")]
    public async Task A_network_is_named_by_interface_subnet_relay_or_address(string name, string network)
    {
        await using var server = await TestServer.StartAsync(network: Networks);
        var protocol = Assert.Single(Protocols(await server.GetAsync($"{Stranger}?network={name}"), "dhcp"));
        Assert.Equal((network, true), ((string?)protocol["network"], (bool)protocol["answers"]!));
    }

    [Fact]
    public async Task A_relay_of_several_networks_says_by_link_selection_which_is_explained()
    {
        const string Shared = """
            relayed:
                - {subnet: 127.2.0.0/24, relays: [127.9.0.1], bootstrap_range: {start: 127.2.0.100, end: 127.2.0.199}}
                - {subnet: 127.3.0.0/24, relays: [127.9.0.1], bootstrap_range: {start: 127.3.0.100, end: 127.3.0.199}}
            """;
        await using var server = await TestServer.StartAsync(network: Shared);
        var explanation = await server.GetAsync(Stranger);

        Assert.Equal(
            ["127.0.0.0/24 on lo", "127.2.0.0/24 by link selection of relay 127.9.0.1", "127.3.0.0/24 by link selection of relay 127.9.0.1"],
            Protocols(explanation, "dhcp").Select(protocol => (string?)protocol["network"]));
        Assert.Contains("(127.2.0.", Detail(explanation, "dhcp", 1), StringComparison.Ordinal);
        Assert.Contains("(127.3.0.", Detail(explanation, "dhcp", 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_it_is_the_network_that_the_client_was_seen_in_last()
    {
        await using var server = await TestServer.StartAsync(network: Networks);
        server.Trace.Mark(Mac, HopKind.Offer, HopDetail.Lease(Ipv4.TryParse("127.0.0.100", out var first) ? first : default, "snponly.efi"));
        server.Trace.Mark(Mac, HopKind.Ack, HopDetail.Lease(Ipv4.TryParse("127.2.0.100", out var last) ? last : default, "snponly.efi"));
        server.Trace.Mark(Mac, HopKind.File, "snponly.efi");

        Assert.Equal("127.2.0.0/24 by relay 127.2.0.1", (string?)Assert.Single(Protocols(await server.GetAsync(Stranger), "dhcp"))["network"]);
    }

    [Fact]
    public async Task A_proxy_gives_no_address_and_has_port_4011()
    {
        await using var server = await TestServer.StartAsync("dhcp: {mode: proxy}");
        var explanation = await server.GetAsync(Stranger);
        Assert.Empty(Protocols(explanation, "dhcp"));
        Assert.StartsWith("no address, and the boot file snponly.efi by TFTP", Detail(explanation, "proxy"), StringComparison.Ordinal);
        Assert.StartsWith("the boot file snponly.efi by TFTP", Detail(explanation, "port-4011"), StringComparison.Ordinal);
        Assert.Contains("/ipxebootscript", Detail(explanation, "proxy-ipxe"), StringComparison.Ordinal);
        Assert.Contains("/loaders/snponly.efi", Detail(await server.GetAsync($"{Stranger}?loader=http"), "proxy-http"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_mode_auto_both_answers_are_told_until_one_is_found_to_be_right()
    {
        await using var server = await TestServer.StartAsync("dhcp: {mode: auto}");
        var explanation = await server.GetAsync(Stranger);
        Assert.StartsWith("while Mayu looks for another DHCP server: no address, and", Detail(explanation, "proxy"), StringComparison.Ordinal);
        Assert.StartsWith("if there is none: an address", Detail(explanation, "dhcp"), StringComparison.Ordinal);
        Assert.StartsWith("the boot file snponly.efi", (string?)Assert.Single(Protocols(explanation, "port-4011"))["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_mode_auto_what_was_found_is_told()
    {
        await using var server = await TestServer.StartAsync("dhcp: {mode: auto}");
        server.Engine.Finding = new AutoFinding(GivesAddresses: true, []);
        var alone = await server.GetAsync(Stranger);
        Assert.Empty(Protocols(alone, "proxy"));
        Assert.StartsWith("no other DHCP server answers, so an address", Detail(alone, "dhcp"), StringComparison.Ordinal);

        server.Engine.Finding = new AutoFinding(GivesAddresses: false, [new Ipv4(0x7F000002)]);
        var beside = await server.GetAsync(Stranger);
        Assert.Empty(Protocols(beside, "dhcp"));
        Assert.StartsWith("next to the DHCP server 127.0.0.2: no address, and the boot file", Detail(beside, "proxy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_is_full_and_an_engine_in_trouble_are_told()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.Leases = [.. Enumerable.Range(100, 100).Select(i => new LeaseRecord(
            LeaseRecordKind.Lease, new Ipv4(0x7F000000u + (uint)i), MacAddress.FromOctets([2, 0, 0, 0, 1, (byte)i]), TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()))];
        Assert.Contains("is full", Detail(await server.GetAsync(Stranger), "dhcp"), StringComparison.Ordinal);

        server.Engine.Leases = [];
        server.Engine.Trouble = "the disk is full";
        var protocol = Assert.Single(Protocols(await server.GetAsync(Stranger), "dhcp"));
        Assert.Equal((false, true), ((bool)protocol["answers"]!, ((string)protocol["detail"]!).EndsWith(". At the moment it does not: the disk is full", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task With_the_engine_external_it_is_told_who_must_answer_and_what()
    {
        await using var server = await TestServer.StartAsync("engine: external\nprofiles: [{name: core, quantity: 2, localboot: silent}]");
        await server.RunAsync("vm-001");
        var stranger = await server.GetAsync($"{Stranger}?firmware=bios");
        Assert.Equal(
            "nothing from Mayu (engine external): your DHCP server has to send it the boot file undionly.kpxe, and to serve that file by TFTP (docs/external.md)",
            Detail(stranger, "dhcp"));
        Assert.False((bool)Protocols(stranger, "dhcp")[0]["answers"]!);
        // It is not Mayu's to answer: nothing is wrong.
        Assert.False((bool?)Protocols(stranger, "dhcp")[0]["failing"] ?? false);
        Assert.Contains("has to send it the URL http://127.0.0.1:", Detail(stranger, "dhcp-ipxe"), StringComparison.Ordinal);
        Assert.Empty(Protocols(stranger, "port-4011"));
        Assert.EndsWith(
            ". That server answers every machine, so localboot: silent cannot work: set localboot: script in its profile, and the boot script starts its disk",
            Detail(await server.GetAsync("explain/vm-001"), "dhcp"), StringComparison.Ordinal);
        await server.ChangeAsync(HttpMethod.Patch, "machines/vm-001", new JsonObject { ["enabled"] = false });
        Assert.EndsWith(
            ". That server answers every machine, this one too (an operator disabled it (enabled: false)); the boot script leaves it to its own disk",
            Detail(await server.GetAsync("explain/vm-001"), "dhcp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_engine_dnsmasq_the_files_that_it_runs_with_are_read()
    {
        await using var server = await TestServer.StartAsync("engine: dnsmasq");
        Assert.Contains("cannot be read", Detail(await server.GetAsync(Stranger), "dhcp"), StringComparison.Ordinal);

        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, "dnsmasq")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "dnsmasq.conf"), $"""
            dhcp-range=127.0.0.100,127.0.0.199
            dhcp-match=set:x64,option:client-arch,7
            dhcp-boot=tag:x64,"of my own.efi",,127.0.0.9
            dhcp-hostsfile="{folder}/hosts"
            enable-tftp
            tftp-root={folder}
            """, TestContext.Current.CancellationToken);
        Assert.Equal(
            $"dnsmasq: an address, and the boot file of my own.efi by TFTP from 127.0.0.9 (missing: {folder}/of my own.efi is not there)",
            Detail(await server.GetAsync(Stranger), "dhcp"));
    }

    [Theory]
    [InlineData("server", false)]
    [InlineData("proxy", true)]
    public async Task With_the_engine_dnsmasq_port_4011_is_a_proxys_alone(string mode, bool isServed)
    {
        await using var server = await TestServer.StartAsync($"engine: dnsmasq\ndhcp: {{mode: {mode}}}");

        var protocols = (await server.GetAsync(Stranger))["protocols"]!.AsArray().Select(protocol => (string?)protocol!["name"]);

        Assert.Equal(isServed, protocols.Contains("port-4011"));
    }

    [Fact]
    public async Task Nothing_is_touched_in_any_mode()
    {
        foreach (var mode in new[] { "server", "proxy", "auto" })
        {
            await using var server = await TestServer.StartAsync($"dhcp: {{mode: {mode}}}", Networks);
            await server.ConfigureAsync("vm-001");
            var before = (server.Store.Current, server.Trace.Events.Newest, server.Trace.Strangers().Length, Files(server.Folder));
            foreach (var network in new[] { "lo", "lo1", "127.2.0.1" })
            {
                await server.GetAsync($"explain/vm-001?network={network}");
                await server.GetAsync($"{Stranger}?network={network}&firmware=bios");
                await server.GetAsync($"{Stranger}?network={network}&loader=http");
            }

            Assert.Equal(before, (server.Store.Current, server.Trace.Events.Newest, server.Trace.Strangers().Length, Files(server.Folder)));
            // What was offered in thought is not held: the next one is offered the same.
            Assert.Equal(Text(await server.GetAsync($"{Stranger}?network=lo")), Text(await server.GetAsync($"{Stranger}?network=lo")));
        }
    }

    private static string Files(string folder) => string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/.git", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}"));

    private static string Text(JsonNode explanation) => explanation.ToJsonString();

    private static List<JsonNode> Protocols(JsonNode explanation, string name) =>
        [.. explanation["protocols"]!.AsArray().Where(protocol => (string?)protocol!["name"] == name).Select(protocol => protocol!)];

    private static string Detail(JsonNode explanation, string name, int place = 0) => (string)Protocols(explanation, name)[place]["detail"]!;
}
