using Mayu.Server.Tests.Preview;

namespace Mayu.Server.Tests.Preflight;

/// <summary>What <c>mayu config check</c> says that an image has to contain.</summary>
public sealed class ImageNotesTests : IDisposable
{
    private const string Nics = "extra_nics: [{name: stor0, subnet: 10.1.0.0/24, range: {start: 10.1.0.10, end: 10.1.0.99}, model: {type: bridge, members: [ens1]}}, {name: eth2, subnet: 10.2.0.0/24, range: {start: 10.2.0.10, end: 10.2.0.99}}]";

    private readonly ConfigFolder _config = new();

    public void Dispose() => _config.Dispose();

    [Theory]
    [InlineData("model: {type: bond, members: [eno1, eno2]}", "network.model: profiles core, edge: the primary interface is a bond, so with provisioning: cloud-init the image should contain netplan; ")]
    [InlineData("model: {type: bond, members: [eno1], vlan_id: 5}", "network.model: profiles core, edge: the primary interface is a bond with a VLAN, so ")]
    [InlineData("model: {type: bridge}", "network.model: profiles core, edge: the primary interface is a bridge, so ")]
    [InlineData("model: {type: bridge, vlan_id: 5}", "network.model: profiles core, edge: the primary interface is a bridge with a VLAN, so ")]
    [InlineData("model: {vlan_id: 5}", "network.model: profiles core, edge: the primary interface is a VLAN, so ")]
    [InlineData(Nics, "network.extra_nics: profiles core, edge: stor0 is a bridge, so ")]
    public void A_network_that_needs_netplan_is_a_note_and_the_check_succeeds(string network, string expected)
    {
        Configure(network);
        var (code, output, errors) = Check();
        Assert.Equal((0, $"{_config.ConfigFile}: ok\n"), (code, output));
        Assert.StartsWith($"mayu: note: {expected}", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith("(docs/templates.md, \"Set up machines with cloud-init\")\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_interface_is_a_note_beside_what_is_missing()
    {
        Configure($"model: {{vlan_id: 5}}, {Nics}");
        File.Delete(Path.Combine(_config.Folder, "images/discovery/vmlinuz"));
        var (code, output, errors) = Check();
        Assert.Equal((1, ""), (code, output));
        Assert.Equal(["mayu: warning", "mayu: note", "mayu: note", $"mayu: {_config.ConfigFile} is valid, but 1 thing that the server or its machines will need is missing or broken"],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.StartsWith("mayu: /", StringComparison.Ordinal) ? line : line[..line.IndexOf(':', 6)]));
    }

    [Theory]
    [InlineData("mtu: 9000, routes: [{to: 10.9.0.0/16, via: 10.0.0.9}]", "cloud-init")]
    [InlineData("model: {type: bond, members: [eno1, eno2]}", "ignition")]
    [InlineData("model: {type: bond, members: [eno1, eno2]}", "cloud-init", "--config-only")]
    public void Other_networks_other_kinds_and_the_configuration_alone_are_no_note(string network, string kind, params string[] options)
    {
        Configure(network, kind);
        Assert.Equal((0, $"{_config.ConfigFile}: ok\n", ""), Check(options));
    }

    private (int ExitCode, string Output, string Errors) Check(params string[] options) => _config.Run(ConfigCommand.Build(), ["check", .. options]);

    private void Configure(string network, string kind = "cloud-init")
    {
        _config.Configure();
        _config.Write("config.yaml", $$"""
            network: {interface: eth1, address: 10.0.0.1, subnet: 10.0.0.0/24, bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}, internal_range: {start: 10.0.0.10, end: 10.0.0.99}, {{network}}}
            data_dir: {{_config.Folder}}
            defaults: {image: os}
            profiles: [{name: core, quantity: 2, provisioning: {{kind}}}, {name: edge, quantity: 2, provisioning: {{kind}}}, {name: other, quantity: 2}]

            """);
    }
}
