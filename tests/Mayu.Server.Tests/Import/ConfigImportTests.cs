using Mayu.Core.Yaml;
using Mayu.Server.Import;

namespace Mayu.Server.Tests.Import;

/// <summary>Both shapes of the first Mayu's configuration become one of this version, and nothing is lost silently.</summary>
public sealed class ConfigImportTests
{
    internal const string Of2016 = """
        default_coreos_version: 835.9.0
        network:
          pxe: true
          uefi: false
          interface: eth1
          bind_addr: 10.0.4.1
          bootstrap_range:
            start: 10.0.4.200
            end: 10.0.4.250
          ip_range:
            start: 10.0.4.31
            end: 10.0.4.70
          dns: [8.8.8.8, 8.8.4.4]
          ntp: [10.0.4.2, "0.pool.ntp.org"]
          router: 10.0.4.254
          subnet_size: 24
          subnet_gateway: 10.0.4.254
          network_model:
            type: singlenic
        profiles:
          - name: core
            quantity: 3
            disable_engine: false
            tags:
              - role-core=true
              - "no tag"
          - name: default
            coreos_version: 1010.5.0
            etcd_cluster_token: 0123456789abcdef0123456789abcdef
        templates_env:
          users:
            - Key: ssh-rsa AAAA me
              Username: core
          mayu_https_endpoint: https://10.0.4.1:4080
          debug: yes
          mode: 0755
        fleet: true
        """;

    internal const string Later = """
        default_flatcar_version: 2905.2.0
        network:
          bind_addr: 0.0.0.0
          pxe:
            enabled: true
            pxe_interface:
              interface_name: eth2
              ip_range: { start: 10.0.5.200, end: 10.0.5.250 }
              subnet_gateway: 10.0.5.1
              subnet_size: 255.255.255.0
          uefi: true
          primary_nic:
            interface_name: bond0
            ip_range: { start: 10.0.5.31, end: 10.0.5.70 }
            subnet_size: "24"
            subnet_gateway: 10.0.5.254
            dns: [10.0.5.2]
            routes:
              - destination_cidr: 10.9.0.0/16
                route_hop: 10.0.5.9
            network_model:
              type: bond
              vlan_id: 7
              bond_mode: 4
              bond_interface_match: "eno*"
          extra_nics:
            - interface_name: eth9
              ip_range: { start: 10.0.6.31, end: 10.0.6.70 }
              subnet_size: 24
              subnet_gateway: 10.0.6.1
        profiles:
          - name: worker
            quantity: 10
            flatcar_version: 2765.2.6
            etcd_cluster_token: word
        """;

    [Fact]
    public void The_shape_of_2016_becomes_a_valid_configuration()
    {
        var import = Import(Of2016, address: null);
        Assert.Equal("""
            network:
              interface: eth1
              address: "10.0.4.1"
              subnet: "10.0.4.0/24"
              bootstrap_range:
                start: "10.0.4.200"
                end: "10.0.4.250"
              internal_range:
                start: "10.0.4.31"
                end: "10.0.4.70"
              router: "10.0.4.254"
              dns: ["8.8.8.8", "8.8.4.4"]
              ntp: ["10.0.4.2"]
            defaults:
              image: "835.9.0"
            profiles:
              - name: core
                quantity: 3
                tags: [role-core=true]
              - name: default
                image: "1010.5.0"
                etcd_token: "0123456789abcdef0123456789abcdef"
            vars:
              users:
                - Key: ssh-rsa AAAA me
                  Username: core
              mayu_https_endpoint: "https://10.0.4.1:4080"
              debug: true
              mode: "0755"

            """, import.Text);
        Assert.Empty(import.Problems("new.yaml"));
        Assert.Equal(
            [
                (14, "network.ntp", "\"0.pool.ntp.org\" is not an IPv4 address"),
                (23, "profiles[0].disable_engine", "it was for fleet: set it in your template"),
                (26, "profiles[0].tags", "\"no tag\" is not a tag: write it as key=value"),
                (36, "templates_env.mode", "\"0755\" is taken as a string: "),
                (37, "fleet", "this version has no such setting"),
            ],
            import.Losses.Select(loss => (loss.Line, loss.Key, loss.Key == "templates_env.mode" ? loss.Why[..29] : loss.Why)));
    }

    [Fact]
    public void The_later_shape_becomes_a_valid_configuration_with_the_address_that_it_did_not_say()
    {
        var import = Import(Later, "10.0.5.3");
        Assert.Equal("""
            network:
              interface: eth2
              address: "10.0.5.3"
              subnet: "10.0.5.0/24"
              bootstrap_range:
                start: "10.0.5.200"
                end: "10.0.5.250"
              internal_range:
                start: "10.0.5.31"
                end: "10.0.5.70"
              router: "10.0.5.254"
              dns: ["10.0.5.2"]
              routes:
                - to: "10.9.0.0/16"
                  via: "10.0.5.9"
              model:
                type: bond
                members: ["eno*"]
                bond_mode: "802.3ad"
                vlan_id: 7
              extra_nics:
                - name: eth9
                  subnet: "10.0.6.0/24"
                  range:
                    start: "10.0.6.31"
                    end: "10.0.6.70"
            defaults:
              image: "2905.2.0"
            profiles:
              - name: worker
                quantity: 10
                image: "2765.2.6"

            """, import.Text);
        Assert.Empty(import.Problems("new.yaml"));
        Assert.Equal(
            ["network.primary_nic.interface_name", "network.extra_nics[0].subnet_gateway", "profiles[0].etcd_cluster_token"],
            import.Losses.Select(loss => loss.Key));
    }

    [Fact]
    public void What_the_old_file_does_not_say_is_a_problem_of_the_new_one()
    {
        var import = Import(Later, address: null);
        Assert.Contains(import.Losses, loss => loss.Key == "network.bind_addr" && loss.Why.Contains("--address", StringComparison.Ordinal));
        Assert.Contains(import.Problems("new.yaml"), problem => problem.Contains("network.address: it is required", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("network: {pxe: false, interface: eth1}", "engine: external")]
    [InlineData("network: {pxe: {enabled: no, pxe_interface: {interface_name: eth1}}}", "engine: external")]
    public void A_server_that_answered_no_DHCP_answers_none(string old, string expected) =>
        Assert.StartsWith(expected, Import(old, address: null).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("network: [1]", "network")]
    [InlineData("network: {pxe: 7}", "network.pxe")]
    [InlineData("network: {pxe: {enabled: maybe}}", "network.pxe.enabled")]
    [InlineData("network: {dns: {a: b}}", "network.dns")]
    [InlineData("network: {dns: [{a: b}]}", "network.dns")]
    [InlineData("profiles: [core]", "profiles[0]")]
    [InlineData("network: {subnet_size: 99}", "network.subnet_size")]
    [InlineData("network: {bootstrap_range: {start: here, end: 10.0.0.1}}", "network.bootstrap_range.start")]
    [InlineData("network: {bootstrap_range: {start: 10.0.0.1}}", "network.bootstrap_range.start")]
    [InlineData("network: {bootstrap_range: {end: 10.0.0.1}}", "network.bootstrap_range.end")]
    [InlineData("network: {routes: [{destination_cidr: 10.9.0.0/16}]}", "network.routes[0].destination_cidr")]
    [InlineData("network: {routes: [{route_hop: 10.0.0.9}]}", "network.routes[0].route_hop")]
    [InlineData("network: {network_model: {type: star}}", "network.network_model.type")]
    [InlineData("network: {network_model: {mtu: 9000}}", "network.network_model.mtu")]
    [InlineData("profiles: {name: core}", "profiles")]
    [InlineData("profiles: [{name: core, quantity: many}]", "profiles[0].quantity")]
    [InlineData("templates_env: [1]", "templates_env")]
    [InlineData("default_coreos_version: [1]", "default_coreos_version")]
    public void What_is_of_another_kind_is_named(string old, string key) => Assert.Contains(key, Import(old, address: null).Losses.Select(loss => loss.Key));

    private static ConfigImport Import(string old, string? address) => ConfigImport.Of((YamlMap)YamlLoader.Load(old)!, address);
}
