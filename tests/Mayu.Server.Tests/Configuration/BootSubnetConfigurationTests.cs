using Mayu.Netboot.Dhcp;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

/// <summary>Further interfaces, and subnets behind relays.</summary>
public sealed class BootSubnetConfigurationTests : IDisposable
{
    private const string Main = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
          dns: [10.0.0.3]
          lease_time: 2h

        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_subnet_says_what_differs_and_has_the_rest_of_the_main_one()
    {
        var (configuration, problems) = Bind("""
              segments:
                - {interface: eth2, address: 10.1.0.1, subnet: 10.1.0.0/24, bootstrap_range: {start: 10.1.0.50, end: 10.1.0.60}, router: 10.1.0.254, authoritative: true}
              relayed:
                - {subnet: 10.2.0.0/24, relays: [10.2.0.1, 10.2.0.2], bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}, dns: [10.2.0.3], lease_time: 10m}
                - {subnet: 10.3.0.0/24, relays: [10.3.0.1], interface: eth2, bootstrap_range: {start: 10.3.0.50, end: 10.3.0.60}, options: [{code: 26, type: uint16, value: 1400}]}
            dhcp: {mtu: 9000}
            """);

        Assert.Empty(problems);
        Assert.Equal(["10.0.0.1", "10.1.0.1"], configuration!.Netboot.BootAddresses.Select(address => address.ToString()));
        var subnets = configuration.Netboot.ServedSubnets;
        Assert.Equal(["eth1", "eth2", "eth1", "eth2"], subnets.Select(subnet => subnet.Interface));
        Assert.Equal(["10.0.0.1", "10.1.0.1", "10.0.0.1", "10.1.0.1"], subnets.Select(subnet => $"{subnet.Network.ServerAddress}"));
        Assert.Equal("http://10.1.0.1:4081", subnets[3].BootUrl);
        Assert.Equal([false, true, false, false], subnets.Select(subnet => subnet.Dhcp.Authoritative));
        Assert.Equal(["10.0.0.3", "10.0.0.3", "10.2.0.3", "10.0.0.3"], subnets.Select(subnet => $"{subnet.Network.Dns[0]}"));
        Assert.Equal([120, 120, 10, 120], subnets.Select(subnet => subnet.Network.LeaseTime.TotalMinutes));
        Assert.Equal([1, 1, 1, 2], subnets.Select(subnet => subnet.Dhcp.Options.Length));
        Assert.Equal(1400 >> 8, subnets[3].Dhcp.Options[0].Value[0]);
    }

    [Theory]
    [InlineData("segments: [{interface: eth1, address: 10.1.0.1, subnet: 10.1.0.0/24, bootstrap_range: {start: 10.1.0.50, end: 10.1.0.60}}]", "the interface \"eth1\" is listed twice")]
    [InlineData("segments: [{interface: eth2, address: 10.9.0.1, subnet: 10.1.0.0/24, bootstrap_range: {start: 10.1.0.50, end: 10.1.0.60}}]", "address 10.9.0.1 is not in subnet 10.1.0.0/24")]
    [InlineData("segments: [{interface: eth2, address: 10.1.0.50, subnet: 10.1.0.0/24, bootstrap_range: {start: 10.1.0.50, end: 10.1.0.60}}]", "10.1.0.50 is inside bootstrap_range")]
    [InlineData("segments: [{interface: eth2, address: 10.0.0.129, subnet: 10.0.0.128/25, bootstrap_range: {start: 10.0.0.130, end: 10.0.0.140}}]", "the subnets 10.0.0.128/25 and 10.0.0.0/24 overlap")]
    [InlineData("segments: [{address: 10.1.0.1}]", "network.segments[].interface: it is required")]
    [InlineData("relayed: [{subnet: 10.2.0.0/24, bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}}]", "at least one relay is required")]
    [InlineData("relayed: [{subnet: 10.2.0.0/24, relays: [10.2.0.1], interface: eth9, bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}}]", "\"eth9\" is neither network.interface nor a segment's")]
    [InlineData("relayed: [{subnet: 10.2.0.0/24, relays: [10.2.0.1, 10.2.0.1], bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}}]", "the relay 10.2.0.1 is listed twice in 10.2.0.0/24")]
    [InlineData("relayed: [{subnet: 10.2.0.0/24, relays: [10.2.0.1], bootstrap_range: {start: 10.3.0.50, end: 10.3.0.60}}]", "10.3.0.50 is not a host address of the subnet 10.2.0.0/24")]
    [InlineData("relayed: [{subnet: 10.0.0.0/8, relays: [10.2.0.1], bootstrap_range: {start: 10.128.0.1, end: 10.160.0.1}}]", "are allowed")]
    [InlineData("relayed: [{subnet: 10.2.0.0/24, relays: [10.2.0.1], bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}, relay: x}]", "there is no such key; did you mean \"relays\"?")]
    public void What_does_not_fit_together_is_told(string yaml, string problem) =>
        Assert.Contains(Bind("  " + yaml).Problems, told => told.Contains(problem, StringComparison.Ordinal));

    private const string Segments = "  segments: [{interface: eth2, address: 10.1.0.1, subnet: 10.1.0.0/24, bootstrap_range: {start: 10.1.0.50, end: 10.1.0.60}, authoritative: AUTHORITATIVE}]";
    private const string Relayed = "  relayed: [{subnet: 10.2.0.0/24, relays: [RELAY], bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}}]";

    [Theory]
    [InlineData(Segments, "")]
    [InlineData(Segments, "dhcp: {mode: proxy}")]
    [InlineData(Relayed, "")]
    public void The_engine_dnsmasq_serves_several_networks(string subnets, string dhcp) => Assert.Empty(
        Bind(Filled(subnets) + $"\nengine: dnsmasq\n{dhcp}").Problems);

    [Theory]
    [InlineData(Segments, "dhcp: {mode: auto}", "network.segments: a dnsmasq is a server or a proxy")]
    [InlineData(Segments, "dhcp: {authoritative: true}", "dhcp.authoritative: dnsmasq is authoritative in all subnets or in none")]
    [InlineData(Relayed, "dhcp: {mode: proxy}", "network.relayed: as a proxy, dnsmasq does not answer relays")]
    [InlineData("  relayed: [{subnet: 10.2.0.0/24, relays: [10.0.0.200], bootstrap_range: {start: 10.2.0.50, end: 10.2.0.60}}]", "", "network.relayed: the relay 10.0.0.200 of 10.2.0.0/24 is in 10.0.0.0/24")]
    public void What_dnsmasq_cannot_serve_is_refused_by_name(string subnets, string dhcp, string expected)
    {
        Assert.Contains(expected, Assert.Single(Bind(Filled(subnets) + $"\nengine: dnsmasq\n{dhcp}").Problems), StringComparison.Ordinal);
        Assert.Empty(Bind(Filled(subnets) + $"\n{dhcp}").Problems);
    }

    [Theory]
    [InlineData("10.9.0.1")]
    [InlineData("10.3.0.1")]
    public void A_relay_may_speak_for_several_subnets_whichever_engine_answers(string relay)
    {
        var subnets = $"  relayed: [{RelayedEntry(2, relay)}, {RelayedEntry(3, relay)}]";

        Assert.Empty(Bind(subnets).Problems);
        Assert.Empty(Bind(subnets + "\nengine: dnsmasq").Problems);
        Assert.Equal([relay], DhcpSubnet.SharedRelays(Bind(subnets).Configuration!.Netboot.ServedSubnets).Select(shared => $"{shared}"));
    }

    private static string RelayedEntry(int net, string relay) =>
        $"{{subnet: 10.{net}.0.0/24, relays: [{relay}, 10.{net}.0.9], bootstrap_range: {{start: 10.{net}.0.50, end: 10.{net}.0.60}}}}";

    private static string Filled(string subnets) =>
        subnets.Replace("RELAY", "10.2.0.1", StringComparison.Ordinal).Replace("AUTHORITATIVE", "false", StringComparison.Ordinal);

    private (MayuConfiguration? Configuration, IReadOnlyList<string> Problems) Bind(string yaml)
    {
        File.WriteAllText(_file, Main + yaml + "\ndefaults: {image: os-1}\n");
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        return (ConfigurationSchema.Bind(reader), [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}
