using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Primitives;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class EngineConfigurationTests : IDisposable
{
    private const string Range = "bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}";

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Mayu_answers_dhcp_and_tftp_itself_unless_it_is_told_otherwise()
    {
        var (configuration, problems) = Bind(Network($"interface: eth1, {Range},"));

        Assert.Empty(problems);
        Assert.Equal(EngineKind.Builtin, configuration!.Netboot.Engine);
    }

    [Fact]
    public void An_external_engine_needs_neither_an_interface_nor_a_pool()
    {
        var (configuration, problems) = Bind($"engine: external\n{Network("")}");

        Assert.Empty(problems);
        Assert.Equal((EngineKind.External, null, null), (configuration!.Netboot.Engine, configuration.Netboot.Interface, configuration.Netboot.Network.BootstrapRange));
        Assert.Equal("http://10.0.0.1:4081", configuration.Netboot.BootUrl);
    }

    [Theory]
    [InlineData("external", 0)]
    [InlineData("builtin", 1)]
    [InlineData("dnsmasq", 1)]
    public void Behind_another_pxe_environment_mayus_address_may_be_in_another_subnet(string engine, int problems)
    {
        var text = $"engine: {engine}\n{Network($"interface: eth1, {Range},").Replace("address: 10.0.0.1,", "address: 192.0.2.1,", StringComparison.Ordinal)}";

        Assert.Equal(problems, Bind(text).Problems.Count(problem => problem.Contains("address 192.0.2.1 is not in subnet 10.0.0.0/24", StringComparison.Ordinal)));
        Assert.Equal(problems, Bind(text).Problems.Count);
    }

    [Fact]
    public void Further_subnets_of_an_external_engine_need_no_interface_and_may_share_mayus_address()
    {
        var (configuration, problems) = Bind($"engine: external\n{Network("segments: [{address: 10.0.0.1, subnet: 10.1.0.0/24}, {address: 192.0.2.9, subnet: 10.2.0.0/24}],")}");

        Assert.Empty(problems);
        Assert.Equal(["10.0.0.1", "192.0.2.9"], configuration!.Netboot.BootAddresses.Select(address => address.ToString()));
        Assert.Equal(["", ""], configuration.Netboot.Subnets.Select(subnet => subnet.Interface));
        Assert.Equal("192.0.2.9", configuration.Netboot.ServerAddressFor(new Ipv4(0x0A020007)).ToString());
    }

    [Fact]
    public void What_an_external_engine_does_not_need_is_still_judged_when_it_is_given()
    {
        var (_, problems) = Bind($"engine: external\n{Network("bootstrap_range: {start: 10.0.0.199, end: 10.0.0.100},")}");

        Assert.Equal($"{_file}:2: network.bootstrap_range.end: 10.0.0.100 is below the start 10.0.0.199", Assert.Single(problems));
    }

    [Fact]
    public void An_engine_of_ours_needs_both()
    {
        var (_, problems) = Bind($"engine: builtin\n{Network("")}");

        Assert.Equal(
            ["network.interface", "network.bootstrap_range.start", "network.bootstrap_range.end"],
            problems.Select(problem => problem.Split(' ')[1].TrimEnd(':')));
    }

    [Theory]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", omit_options: [67]}]}", "quirks[] (MAC 52:54:00:…): the engine dnsmasq cannot omit option 67")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", omit_options: [43]}]}\ndhcp: {mode: proxy}", "cannot omit option 43")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", max_block_size: 512}]}\ndhcp: {mode: auto}", "max_block_size needs the machine's address")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", delay: 1500ms}]}", "quirks[] (MAC 52:54:00:…): the engine dnsmasq can only delay by whole seconds, not by 1500 ms")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", boot_menu: x}]}\ndhcp: {mode: proxy}", "as a proxy (dhcp.mode), dnsmasq needs an architecture for boot_menu")]
    [InlineData("dhcp: {options: [{code: 81, type: hex, value: \"00\"}]}", "dnsmasq answers option 81 itself")]
    [InlineData("dhcp: {options: [{code: 119, type: hex, value: \"0161 00\"}]}", "dnsmasq builds option 119 from names")]
    public void What_dnsmasq_cannot_do_is_refused_by_name(string more, string expected)
    {
        var (_, problems) = Bind($"engine: dnsmasq\n{Network($"interface: eth1, {Range},")}\n{more}");
        var (configuration, _) = Bind($"engine: builtin\n{Network($"interface: eth1, {Range},")}\n{more}");

        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.NotNull(configuration);
    }

    [Theory]
    [InlineData("pxe: {loader: grub}")]
    [InlineData("dhcp: {own_addresses: true}")]
    [InlineData("pxe: {loader: shim}\ndhcp: {mode: auto}")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", boot_menu: x, delay: 2s}]}")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", architecture: bios, boot_menu: x}]}\ndhcp: {mode: proxy}")]
    [InlineData("pxe: {quirks: [{oui: \"52:54:00\", file: x, treat_as: uefi-x64, omit_options: [43, 60, 66, 97, 175, 209, 210], max_block_size: 512}]}")]
    [InlineData("pxe: {quirks: [{architecture: bios, file: x, omit_options: [175]}]}\ndhcp: {mode: proxy}")]
    public void The_rest_dnsmasq_does(string more) => Assert.Empty(Bind($"engine: dnsmasq\n{Network($"interface: eth1, {Range},")}\n{more}").Problems);

    [Fact]
    public void Dnsmasq_has_a_program_a_user_and_a_folder()
    {
        var (configuration, problems) = Bind($"engine: dnsmasq\n{Network($"interface: eth1, {Range},")}\ndnsmasq: {{user: nobody}}");

        Assert.Empty(problems);
        Assert.Equal(new DnsmasqSettings { Program = "dnsmasq", User = "nobody", Folder = "/var/lib/mayu/dnsmasq" }, configuration!.Netboot.Dnsmasq);
    }

    [Fact]
    public void An_engine_that_there_is_not_is_refused()
    {
        var (_, problems) = Bind($"engine: kea\n{Network($"interface: eth1, {Range},")}");

        Assert.Contains("engine: \"kea\" must be one of: builtin, ", Assert.Single(problems), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private static string Network(string more) =>
        $$"""
        network: { {{more}} address: 10.0.0.1, subnet: 10.0.0.0/24, internal_range: {start: 10.0.0.10, end: 10.0.0.99} }
        defaults: {image: os-1}
        """;

    private (MayuConfiguration? Configuration, List<string> Problems) Bind(string text)
    {
        File.WriteAllText(_file, text);
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        return (configuration, [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}
