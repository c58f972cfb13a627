using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>dnsmasq's configuration, as Mayu renders it, is read to the answers that the builtin server gives.</summary>
public sealed class DnsmasqReadingTests
{
    private const string Ignored = "52:54:00:00:00:09,tag:loader,ignore\n52:54:00:00:00:08,10.0.0.8,name\n52:54:00:00:00:06,ignore\n";
    private static readonly string Rendered = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dnsmasq", "dnsmasq.conf.golden"));
    private static readonly DhcpSubnet Settings = DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 60));

    // The second has other loaders and quirks, the last two MACs by whom some are for.
    [Theory]
    [InlineData("dnsmasq.conf.golden", "52:54:00:00:00:07")]
    [InlineData("dnsmasq.conf.golden", "dc:a6:32:00:00:07")]
    [InlineData("dnsmasq-networks.conf.golden", "52:54:00:00:00:07")]
    [InlineData("dnsmasq-networks.conf.golden", "b8:27:eb:00:00:07")]
    [InlineData("dnsmasq-networks.conf.golden", "00:25:90:00:00:07")]
    public void Every_architecture_in_every_way_is_told_what_the_builtin_server_tells_it(string rendered, string address)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dnsmasq", rendered));
        var settings = rendered.Contains("networks", StringComparison.Ordinal) ? DnsmasqNetworksTests.Main : Settings;
        Assert.True(MacAddress.TryParse(address, out var mac));
        foreach (var architecture in ClientArchitectureName.All)
        {
            foreach (var kind in new[] { PxeClientKind.Pxe, PxeClientKind.HttpBoot, PxeClientKind.Ipxe, PxeClientKind.UBoot, PxeClientKind.Plain })
            {
                var client = new ExplainedClient(mac, kind, architecture, uuid: null);
                var builtin = BuiltinAnswer(client, settings);
                var says = Ask(text, client);

                Assert.True(says.Unread.IsEmpty, string.Join('\n', says.Unread));
                Assert.Equal((architecture, kind, builtin is null, builtin?.BootFile ?? ""), (architecture, kind, says.Silence is not null, says.Silence is null ? says.Boot?.Rest[0] ?? "" : ""));
                Assert.Equal(builtin is null || says.Boot is null, says.Boot?.Rest[^1] != "10.0.0.1");
            }
        }
    }

    [Fact]
    public void A_machine_that_boots_its_disk_is_left_alone_and_its_system_is_not()
    {
        Assert.Equal("its hosts file has the line 52:54:00:00:00:09,tag:loader,ignore", Ask(Rendered, ClientOf(9, PxeClientKind.Pxe)).Silence);
        Assert.Null(Ask(Rendered, ClientOf(9, PxeClientKind.Plain)).Silence);
        Assert.Equal("its hosts file has the line 52:54:00:00:00:06,ignore", Ask(Rendered, ClientOf(6, PxeClientKind.Plain)).Silence);
        Assert.Equal("10.0.0.8", Ask(Rendered, ClientOf(8, PxeClientKind.Pxe)).Address);
    }

    // The explanation was an answer 500.
    [Fact]
    public void A_line_without_its_value_names_no_file_of_clients()
    {
        Assert.Null(DnsmasqReading.HostsFileOf("dhcp-hostsfile\n"));
        Assert.Equal("/x/hosts", DnsmasqReading.HostsFileOf("dhcp-hostsfile=\"/x/hosts\"\n"));
    }

    [Fact]
    public void A_line_that_is_not_understood_is_told()
    {
        var says = Ask(Rendered + "dhcp-circuitid=set:x,abc\ndhcp-option-force=option:bootfile-name,x\ndhcp-match=set:y,option:nobody-knows,1\n", ClientOf(7, PxeClientKind.Pxe));
        Assert.Equal(["dhcp-circuitid=set:x,abc", "dhcp-option-force=option:bootfile-name,x", "dhcp-match=set:y,option:nobody-knows,1"], says.Unread);
    }

    [Theory]
    [InlineData("dhcp-mac=set:t,52:54:00:*:*:*", true)]
    [InlineData("dhcp-mac=set:t,52:54:01:*:*:*", false)]
    [InlineData("dhcp-match=set:t,60,50:58:45", true)]
    [InlineData("dhcp-match=set:t,60,58:45", false)]
    [InlineData("dhcp-match=set:t,93,7", true)]
    [InlineData("dhcp-match=set:t,93,1792", false)]
    [InlineData("dhcp-match=set:t,option:client-arch", true)]
    [InlineData("dhcp-match=set:t,118", false)]
    [InlineData("dhcp-vendorclass=set:t,Arch:00007", true)]
    [InlineData("dhcp-userclass=set:t,iPXE", false)]
    public void A_tag_is_set_as_dnsmasq_sets_it(string line, bool isSet)
    {
        var says = Ask($"dhcp-range=10.0.0.50,10.0.0.60\n# no comment\n{line}\ndhcp-boot=tag:t,x # a comment\ndhcp-boot=y\n", ClientOf(7, PxeClientKind.Pxe));
        Assert.Equal(isSet ? "x" : "y", says.Boot?.Rest[0]);
    }

    [Fact]
    public void A_proxy_answers_pxe_alone_and_a_network_without_a_range_nobody()
    {
        const string Proxy = "dhcp-range=set:net-0,10.0.0.0,proxy,255.255.255.0\ndhcp-boot=tag:net-0,x\n";
        var pxe = Ask(Proxy, ClientOf(7, PxeClientKind.Pxe));
        Assert.Equal((true, "x"), (pxe.IsProxy, pxe.Boot?.Rest[0]));
        Assert.Contains("PXEClient", Ask(Proxy, ClientOf(7, PxeClientKind.HttpBoot, ClientArchitecture.UefiX64Http)).Silence, StringComparison.Ordinal);
        Assert.Contains("no dhcp-range for 10.0.0.0/24", Ask("dhcp-range=10.9.0.1,10.9.0.2\n", ClientOf(7, PxeClientKind.Pxe)).Silence, StringComparison.Ordinal);
    }

    private static DnsmasqVerdict Ask(string configuration, ExplainedClient client)
    {
        Assert.True(DhcpPacket.TryParse(client.Discover(new ExplainedNetwork(Settings, Relay: null)), out var packet, out _));
        return new DnsmasqReading(configuration, Ignored).Ask(packet, client.Mac, "eth0", Settings.Network.Subnet);
    }

    private static ExplainedClient ClientOf(byte number, PxeClientKind kind, ClientArchitecture architecture = ClientArchitecture.UefiX64) =>
        new(MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, number]), kind, architecture, uuid: null);

    private static DhcpAnswer? BuiltinAnswer(ExplainedClient client, DhcpSubnet settings)
    {
        var (cluster, clock) = (new FakeCluster(), new StoppedClock());
        var responder = ServedNetwork.ResponderOf(settings, cluster, new BootTrace(clock), new ClientTable(cluster, clock), clock);
        var reply = new byte[1472];
        var discover = client.Discover(new ExplainedNetwork(Settings, Relay: null));
        return responder.TryAnswer(discover, reply, out var sent) && DhcpPacket.TryParse(discover, out var packet, out _)
            && DhcpAnswer.TryRead(reply.AsSpan(0, sent.Length), packet.TransactionId, packet.HardwareAddress, out var answer) ? answer : null;
    }
}
