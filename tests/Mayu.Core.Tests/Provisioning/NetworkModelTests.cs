using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Addresses;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Provisioning;

public sealed class NetworkModelTests
{
    private static readonly NicModel Bond = new() { Kind = NicKind.Bond, Members = ["eno*", "ens1"], BondMode = "802.3ad", LacpRate = "fast", Mtu = 9000 };

    [Fact]
    public void A_bond_is_a_device_its_cards_and_its_address()
    {
        var files = Networkd(Bond with { Routes = [new StaticRoute(Sample.Subnet("10.9.0.0/16"), Sample.Address("10.0.0.9"))] });
        Assert.Equal(["10-mayu-link.netdev", "10-mayu-members.network", "10-mayu.network"], files.Keys.Order());
        Assert.Equal("[NetDev]\nName=bond0\nKind=bond\nMTUBytes=9000\n\n[Bond]\nMode=802.3ad\nMIIMonitorSec=100ms\nLACPTransmitRate=fast\n", files["10-mayu-link.netdev"]);
        Assert.Equal("[Match]\nName=eno* ens1\nType=ether\n\n[Link]\nMTUBytes=9000\n\n[Network]\nBond=bond0\n", files["10-mayu-members.network"]);
        Assert.StartsWith("[Match]\nName=bond0\n\n[Link]\nMTUBytes=9000\n\n[Network]\nAddress=10.0.0.10/24\n", files["10-mayu.network"], StringComparison.Ordinal);
        Assert.EndsWith("\n\n[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.9\n", files["10-mayu.network"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_card_is_known_by_its_MAC() => Assert.StartsWith(
        "[Match]\nMACAddress=52:54:00:00:00:01\nType=ether\n\n[Network]\nAddress=10.0.0.10/24\n", Assert.Single(Networkd(new NicModel())).Value, StringComparison.Ordinal);

    [Fact]
    public void A_VLAN_is_on_top_of_the_card_or_of_the_bond()
    {
        var single = Networkd(new NicModel { VlanId = 100 });
        Assert.Equal(["10-mayu-members.network", "10-mayu-vlan.netdev", "10-mayu.network"], single.Keys.Order());
        Assert.Equal("[Match]\nMACAddress=52:54:00:00:00:01\nType=ether\n\n[Network]\nVLAN=vlan100\nLinkLocalAddressing=no\n", single["10-mayu-members.network"]);
        Assert.Equal("[NetDev]\nName=vlan100\nKind=vlan\n\n[VLAN]\nId=100\n", single["10-mayu-vlan.netdev"]);
        Assert.StartsWith("[Match]\nName=vlan100\n", single["10-mayu.network"], StringComparison.Ordinal);

        var bond = Networkd(Bond with { VlanId = 7, Name = "uplink" });
        Assert.Equal(["10-mayu-link.netdev", "10-mayu-members.network", "10-mayu-tagged.network", "10-mayu-vlan.netdev", "10-mayu.network"], bond.Keys.Order());
        Assert.Equal("[Match]\nName=uplink\n\n[Network]\nVLAN=vlan7\nLinkLocalAddressing=no\n", bond["10-mayu-tagged.network"]);
        Assert.Contains("Bond=uplink", bond["10-mayu-members.network"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_extra_interface_has_its_own_name_model_and_name_servers()
    {
        var extra = new ExtraNic("stor0", Sample.Subnet("10.1.0.0/24"), Sample.Range("10.1.0.5", "10.1.0.6"))
        {
            Model = new NicModel { Kind = NicKind.Bridge, Members = ["ens2"], Mtu = 9000 },
            Dns = [Sample.Address("10.1.0.1")],
        };
        var files = Networkd(new NicModel(), extra);
        Assert.Equal(["10-mayu.network", "20-mayu-stor0-link.netdev", "20-mayu-stor0-members.network", "20-mayu-stor0.network"], files.Keys.Order());
        Assert.Equal("[Match]\nName=stor0\n\n[Link]\nMTUBytes=9000\n\n[Network]\nAddress=10.1.0.5/24\nDNS=10.1.0.1\n", files["20-mayu-stor0.network"]);
        Assert.Contains("Name=stor0\nKind=bridge", files["20-mayu-stor0-link.netdev"], StringComparison.Ordinal);
        Assert.Contains("Bridge=stor0", files["20-mayu-stor0-members.network"], StringComparison.Ordinal);
        // A machine that has no address there has no such interface.
        Assert.Single(Networkd(new NicModel(), extra with { Name = "other" }));
    }

    [Theory]
    [InlineData("a b", true)]
    [InlineData("eno*", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\\", false)]
    [InlineData("\"a", false)]
    [InlineData("%n", false)]
    [InlineData(" a", false)]
    public void A_value_of_a_unit_is_printed_as_it_is_or_refused(string value, bool isPrinted)
    {
        string Print() => new TemplateRenderer(new TemplateLibrary()).Render(new TemplateText("t", "{{ v | ini }}"), new TemplateVariables().Set("v", value));
        if (isPrinted)
        {
            Assert.Equal(value, Print());
        }
        else
        {
            Assert.Contains("cannot hold quotes", Assert.Throws<TemplateException>(Print).Message, StringComparison.Ordinal);
        }
    }

    // Every document that the snippets print is YAML that can be read in one way.
    [Fact]
    public void Netplan_has_each_interface_once()
    {
        foreach (var model in new[] { new NicModel(), Bond, Bond with { VlanId = 7 }, new NicModel { VlanId = 7 }, new NicModel { Kind = NicKind.Bridge }, new NicModel { Kind = NicKind.Bridge, VlanId = 9, Members = ["eno1"] } })
        {
            var text = Rendered("{{ include \"network/netplan.yaml\" }}", model);
            var root = Assert.IsType<YamlMap>(YamlLoader.Load(text));
            Assert.Empty(CoreSchema.Faults(root, use: YamlUse.Document));
            Assert.Equal(1, text.Split("10.0.0.10/24").Length - 1);
            Assert.Equal(1, text.Split("0.0.0.0/0").Length - 1);
        }
    }

    private static Dictionary<string, string> Networkd(NicModel model, params ExtraNic[] extra)
    {
        var config = "ignition: {version: 3.3.0}\nstorage:\n  files:\n{{ include \"network/networkd.ignition.yaml\" | indent 4 }}\n";
        var files = JsonNode.Parse(RenderedYaml.Ignition(Rendered(config, model, extra)))!["storage"]!["files"]!.AsArray();
        return files.ToDictionary(
            file => ((string)file!["path"]!)["/etc/systemd/network/".Length..],
            file => Encoding.UTF8.GetString(Convert.FromBase64String(((string)file!["contents"]!["source"]!)["data:;base64,".Length..])));
    }

    private static string Rendered(string template, NicModel model, params ExtraNic[] extra)
    {
        var machine = Sample.Machine("s1") with
        {
            InternalAddress = Sample.Address("10.0.0.10"),
            MacAddresses = [MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1])],
            AdditionalAddresses = Sample.Machine("s1").AdditionalAddresses.SetItem("stor0", Sample.Address("10.1.0.5")),
        };
        return new TemplateRenderer(new TemplateLibrary()).Render(
            new TemplateText("t", template), new TemplateVariables().Set("network", new NetworkVariables(Sample.Network with { Model = model }, [.. extra]).Of(machine)));
    }
}
