using Mayu.Core.Addresses;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class NicModelTests : IDisposable
{
    private const string Start = "network:\n  interface: eth1\n  address: 10.0.0.1\n  subnet: 10.0.0.0/24\n  bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}\n  internal_range: {start: 10.0.0.10, end: 10.0.0.99}\n";
    private const string End = "\ndefaults: {image: os-1}\n";
    private const string Extra = "  extra_nics: [{name: stor0, subnet: 10.1.0.0/24, range: {start: 10.1.0.10, end: 10.1.0.99}, %}]";

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void An_interface_is_one_card_unless_something_else_is_said()
    {
        var (configuration, problems) = Bind("");
        Assert.Empty(problems);
        var model = configuration!.Netboot.Network.Model;
        Assert.Equal((NicKind.Plain, null, null, 0, 0), (model.Kind, model.VlanId, model.Mtu, model.Members.Length, model.Routes.Length));
    }

    [Fact]
    public void A_bond_with_a_VLAN_has_all_its_values()
    {
        var (configuration, problems) = Bind("""
              mtu: 9000
              routes: [{to: 10.9.0.0/16, via: 10.0.0.9}]
              model: {type: bond, name: uplink, members: [eno1, "ens*"], bond_mode: 802.3ad, lacp_rate: fast, vlan_id: 4094}
            """);
        Assert.Empty(problems);
        var model = configuration!.Netboot.Network.Model;
        Assert.Equal((NicKind.Bond, "uplink", "802.3ad", "fast", 4094, 9000), (model.Kind, model.Name, model.BondMode, model.LacpRate, model.VlanId, model.Mtu));
        Assert.Equal(["eno1", "ens*"], model.Members);
        Assert.Equal("10.9.0.0/16 10.0.0.9", $"{model.Routes[0].To} {model.Routes[0].Via}");
    }

    [Fact]
    public void An_extra_interface_has_a_model_of_its_own()
    {
        var (configuration, problems) = Bind(Extra.Replace("%", "dns: [10.1.0.1], mtu: 1400, routes: [{to: 10.8.0.0/16, via: 10.1.0.2}], model: {type: bridge, members: [eth1]}", StringComparison.Ordinal));
        Assert.Empty(problems);
        var nic = Assert.Single(configuration!.Cluster.ExtraNics);
        Assert.Equal((NicKind.Bridge, 1400, "10.1.0.1", "eth1"), (nic.Model.Kind, nic.Model.Mtu, nic.Dns[0].ToString(), nic.Model.Members[0]));
    }

    [Theory]
    [InlineData("  model: {type: bond}", "network.model: members is required: the interfaces that are in the bond, such as [eno1, eno2]")]
    [InlineData("  model: {type: team}", "network.model.type: \"team\" must be single, bond or bridge")]
    [InlineData("  model: {members: [eno1]}", "network.model: members are for a bond, a bridge or a VLAN: set type or vlan_id as well")]
    [InlineData("  model: {name: br7}", "network.model: name is for a bond or a bridge: set type as well")]
    [InlineData("  model: {vlan_id: 7, members: [eno1, eno2]}", "network.model: members: a VLAN is on one interface: give one name without a pattern, or set type to bond or bridge")]
    [InlineData("  model: {vlan_id: 7, members: ['eno*']}", "network.model: members: a VLAN is on one interface: give one name without a pattern, or set type to bond or bridge")]
    [InlineData("  model: {vlan_id: 4095}", "must be a number from 1 to 4094")]
    [InlineData("  model: {vlan_id: 0}", "must be a number from 1 to 4094")]
    [InlineData("  model: {type: bridge, members: [\"a b\"]}", "is not an interface name or pattern (like eno1 or eno*)")]
    [InlineData("  model: {type: bridge, members: [\"*\"]}", "is not an interface name or pattern (like eno1 or eno*)")]
    [InlineData("  model: {type: bridge, name: 1a}", "is not a name for an interface")]
    [InlineData("  model: {type: bond, members: [a], bond_mode: lacp}", "must be one of balance-rr, active-backup,")]
    [InlineData("  model: {type: bond, members: [a], lacp_rate: slowly}", "must be slow or fast")]
    [InlineData("  routes: [{to: 10.9.0.0/16, via: 10.1.0.9}]", "network.routes[].via: 10.1.0.9 is not in the subnet 10.0.0.0/24: the interface cannot reach it")]
    [InlineData("  routes: [{to: 10.9.0.1/16, via: 10.0.0.9}]", "is not an IPv4 subnet")]
    [InlineData("  mtu: 67", "must be a number from 68 to 65535")]
    public void What_no_system_could_set_up_is_refused(string keys, string expected)
    {
        var problem = Assert.Single(Bind(keys).Problems).ToString();
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model: {type: bridge}", "network.extra_nics: stor0: members is required: the interfaces that are in the bridge")]
    [InlineData("model: {vlan_id: 7}", "network.extra_nics: stor0: members is required: the interfaces that the VLAN is on")]
    public void An_extra_interface_is_not_known_by_its_MAC(string model, string expected) =>
        Assert.Contains(expected, Assert.Single(Bind(Extra.Replace("%", model, StringComparison.Ordinal)).Problems).ToString(), StringComparison.Ordinal);

    public void Dispose() => File.Delete(_file);

    private (MayuConfiguration? Configuration, IReadOnlyList<ConfigurationProblem> Problems) Bind(string keys)
    {
        File.WriteAllText(_file, Start + keys + End);
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        return (ConfigurationSchema.Bind(reader), [.. reader.Problems]);
    }
}
