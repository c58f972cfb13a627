using Mayu.Core.Addresses;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>
/// The network-config of each model of interfaces, given to Debian's cloud-init: what it writes for netplan, ifupdown and systemd-networkd has all that
/// the model says, or it is what docs/templates.md says is missing. Each runs beside a card that has the machine's MAC, as on a machine.
/// </summary>
public sealed class CloudInitNetworkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-it-cloud-init-").FullName;

    public static TheoryData<string> All => NetworkSnippetTests.Names;

    public static TheoryData<string> WithCards => Where(model => IsCard(model));

    public static TheoryData<string> WithLinks => Where(model => !IsCard(model), all: false);

    public static TheoryData<string> Named => Where(IsNamed);

    public static TheoryData<string> Unnamed => Where(model => !IsNamed(model), all: false);

    [Theory]
    [MemberData(nameof(All))]
    public async Task For_netplan_it_writes_all_that_a_model_says(string name)
    {
        await ConvertAsync(name, "netplan");
        Assert.Equal(NetworkFacts.Expected(name), NetworkFacts.OfNetplan(Text("etc/netplan/50-cloud-init.yaml")));
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task For_ifupdown_it_writes_all_that_a_model_with_names_says(string name)
    {
        await ConvertAsync(name, "eni");
        Assert.Equal(NetworkFacts.Expected(name), NetworkFacts.OfInterfaces(Text("etc/network/interfaces.d/50-cloud-init")));
    }

    // It takes the entry's name for the card's, or looks for one of that name and ends.
    [Theory]
    [MemberData(nameof(Unnamed))]
    public async Task For_ifupdown_it_cannot_write_members_that_are_known_by_MAC_or_pattern(string name)
    {
        var (exitCode, output) = await RunAsync(name, "eni");
        Assert.True(
            exitCode == 0 ? !NetworkFacts.Expected(name).SequenceEqual(NetworkFacts.OfInterfaces(Text("etc/network/interfaces.d/50-cloud-init"))) : output.Contains("KeyError: None", StringComparison.Ordinal), output);
    }

    [Theory]
    [MemberData(nameof(WithCards))]
    public async Task For_networkd_it_writes_all_that_a_model_of_single_cards_says(string name)
    {
        await ConvertAsync(name, "networkd");
        Assert.Equal(NetworkFacts.Expected(name), NetworkFacts.OfNetworkd(NetworkdFiles()));
    }

    [Theory]
    [MemberData(nameof(WithLinks))]
    public async Task For_networkd_it_writes_no_bond_bridge_or_VLAN(string name)
    {
        await ConvertAsync(name, "networkd");
        Assert.All(Directory.EnumerateFiles(Path.Combine(_directory, "out"), "*", SearchOption.AllDirectories), file => Assert.EndsWith(".network", file, StringComparison.Ordinal));
        Assert.All(NetworkdFiles(), text => Assert.DoesNotMatch("(?m)^(Bond|Bridge|VLAN)=", text));
    }

    [Fact]
    public async Task For_NetworkManager_it_leaves_out_the_LACP_rate_of_a_bond_and_its_MTU()
    {
        await ConvertAsync("bond of named cards, VLAN", "network-manager");
        var bond = Text("etc/NetworkManager/system-connections/cloud-init-bond0.nmconnection");
        Assert.Contains("mode=802.3ad", bond, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)lacp|mtu", bond);
    }

    // Debian's Python, whose module it is.
    [Fact]
    public async Task It_prefers_ifupdown_to_netplan_unless_it_is_told_otherwise() =>
        Assert.Equal("True cloudinit.net.netplan\n", await ProgramRun.OrFailAsync("/usr/bin/python3", "-c", """
            from cloudinit import distros
            from cloudinit.net.renderers import DEFAULT_PRIORITY as order
            system_info = {"network": {"renderers": ["netplan"]}}
            chosen = distros.fetch("debian")("debian", system_info, None)._get_renderer()
            print(order.index("eni") < order.index("netplan"), chosen.__module__)
            """));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static TheoryData<string> Where(Func<NicModel, bool> fits, bool all = true) =>
        [.. from entry in NetworkSnippetTests.Models
            let models = entry.Value.Extra.Select(nic => nic.Model).Prepend(entry.Value.Model)
            where all ? models.All(fits) : models.Any(fits)
            select entry.Key];

    private static bool IsCard(NicModel model) => model is { Kind: NicKind.Plain, VlanId: null };

    private static bool IsNamed(NicModel model) => IsCard(model) || (!model.Members.IsEmpty && model.Members.All(member => !member.Contains('*', StringComparison.Ordinal)));

    private async Task ConvertAsync(string name, string kind)
    {
        var (exitCode, output) = await RunAsync(name, kind);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("WARNING", output, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string name, string kind)
    {
        TestNetwork.NeedRoot();
        var (model, extra) = NetworkSnippetTests.Models[name];
        var provisioner = new Provisioner(new TemplateRenderer(new TemplateLibrary()), new ProvisioningSettings { Network = SampleMachine.Network(model), ExtraNics = extra, BootUrl = "http://10.0.0.1:4081" });
        var seed = provisioner.NoCloud(SampleMachine.Machine(extra), new Profile { Name = "core", Quantity = 1, Image = "os", Provisioning = ProvisioningKind.CloudInit, Template = "default" }, image: null);
        await File.WriteAllTextAsync(Path.Combine(_directory, "network-config"), seed.NetworkConfig, TestContext.Current.CancellationToken);
        return await ProgramRun.ToEndAsync("unshare", "--mount", "--net", "sh", "-c", $$"""
            mount --make-rprivate /
            mount -t sysfs -o ro sys /sys
            ip link add {{NetworkFacts.Card}} address {{SampleMachine.Mac}} type veth peer name p0
            exec cloud-init devel net-convert --network-data {{_directory}}/network-config --kind yaml --directory {{_directory}}/out --distro debian --output-kind {{kind}}
            """);
    }

    private string Text(string path) => File.ReadAllText(Path.Combine(_directory, "out", path));

    private IEnumerable<string> NetworkdFiles() => Directory.EnumerateFiles(Path.Combine(_directory, "out/etc/systemd/network")).Select(File.ReadAllText);
}
