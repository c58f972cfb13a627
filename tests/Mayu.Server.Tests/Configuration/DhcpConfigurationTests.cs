using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class DhcpConfigurationTests : IDisposable
{
    private const string Network = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
          router: 10.0.0.254
        defaults: {image: os-1}

        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("addresses", "10.0.0.3, 10.0.0.4", "0A0000030A000004")]
    [InlineData("text", "a b", "612062")]
    [InlineData("hex", "01:fF:20", "01FF20")]
    [InlineData("uint8", "255", "FF")]
    [InlineData("uint16", "9000", "2328")]
    [InlineData("uint32", "4294967295", "FFFFFFFF")]
    public void An_option_is_written_by_its_type(string type, string value, string hex)
    {
        var (configuration, problems) = Bind($$"""dhcp: {options: [{code: 150, type: {{type}}, value: "{{value}}", vendor_class: acme, always: true}]}""");

        Assert.Empty(problems);
        var option = Assert.Single(configuration!.Netboot.Dhcp.Options);
        Assert.Equal((150, hex, true), ((int)option.Code, Convert.ToHexString(option.Value.AsSpan()), option.Always));
        Assert.Equal("acme"u8, option.VendorClass.AsSpan());
    }

    [Theory]
    [InlineData("{code: 0, value: x}", "options[].code: \"0\" cannot be set: it is padding")]
    [InlineData("{code: 54, value: x}", "\"54\" cannot be set: DHCP itself uses it")]
    [InlineData("{code: 3, value: x}", "\"3\" cannot be set: network.router sets it")]
    [InlineData("{code: 256, value: x}", "\"256\" must be the number of an option, 1 to 254")]
    [InlineData("{code: 150, type: addresses, value: 10.1}", "\"10.1\" is not a list of addresses")]
    [InlineData("{code: 150, type: hex, value: abc}", "\"abc\" is not hex")]
    [InlineData("{code: 150, type: uint8, value: 256}", "\"256\" must be a number from 0 to 255")]
    [InlineData("{code: 150, type: uint16, value: 65536}", "must be a number from 0 to 65535")]
    [InlineData("{code: 150, type: uint32, value: -1}", "must be a number from 0 to 4294967295")]
    [InlineData("{code: 150, value: ä}", "is not a text for an option")]
    [InlineData("{code: 150, type: words, value: x}", "must be one of: addresses, text, hex, uint8, uint16, uint32")]
    public void A_wrong_option_is_told(string option, string problem) =>
        Assert.Contains(Bind($"dhcp: {{options: [{option}]}}").Problems, told => told.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("43", "", "boot loaders (vendor class PXEClient) get option 43 from Mayu: set its text with pxe.quirks[].boot_menu, or omit it with omit_options. For other clients, set the entry's vendor_class")]
    [InlineData("43", "PXEClient:Arch:00007", "boot loaders (vendor class PXEClient) get option 43")]
    [InlineData("43", "PXE", "boot loaders (vendor class PXEClient) get option 43")]
    [InlineData("60", "HTTPClient", "get option 60 from Mayu")]
    [InlineData("66", "U-Boot.armv8", "get option 66 from Mayu")]
    [InlineData("67", "", "get option 67 from Mayu: pxe.loader, and the `file` of pxe.architectures and pxe.quirks set it")]
    [InlineData("97", "PXEClient", "get option 97 from Mayu")]
    [InlineData("175", "PXEClient", "get option 175 from Mayu")]
    public void An_option_that_boot_loaders_are_told_by_mayu_is_refused_and_never_dropped(string code, string vendorClass, string problem)
    {
        var more = vendorClass.Length > 0 ? $", vendor_class: \"{vendorClass}\"" : "";
        var told = Assert.Single(Bind($"dhcp:\n  options:\n    - {{code: 150, value: x}}\n    - {{code: {code}, type: hex, value: \"0102\", always: true{more}}}\n").Problems);

        Assert.StartsWith($"{_file}:12: dhcp.options[].code: ", told, StringComparison.Ordinal);
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("43", "acme phone")]
    [InlineData("43", "HTTPClient")]
    [InlineData("66", "acme phone")]
    [InlineData("209", "PXEClient")]
    [InlineData("210", "")]
    public void The_same_option_is_other_clients_to_have(string code, string vendorClass)
    {
        var more = vendorClass.Length > 0 ? $", vendor_class: \"{vendorClass}\"" : "";

        Assert.Empty(Bind($"dhcp: {{options: [{{code: {code}, type: hex, value: \"0102\"{more}}}]}}").Problems);
    }

    [Theory]
    [InlineData("pxe: {loader: pxelinux}", "209", "Mayu sets option 209 itself when PXELINUX is loaded")]
    [InlineData("pxe: {architectures: [{architecture: bios, loader: pxelinux, file: lpxelinux.0}]}", "210", "Mayu sets option 210 itself when lpxelinux.0 is loaded")]
    public void What_pxelinux_is_told_by_mayu_is_refused_where_it_is_loaded(string pxe, string code, string problem)
    {
        Assert.Contains(problem, Assert.Single(Bind($"dhcp: {{options: [{{code: {code}, value: x}}]}}\n{pxe}").Problems), StringComparison.Ordinal);
        Assert.Empty(Bind($"dhcp: {{options: [{{code: {code}, value: x, vendor_class: acme}}]}}\n{pxe}").Problems);
    }

    [Theory]
    [InlineData("dhcp: {options: [{code: 150, value: x}, {code: 150, value: b}]}", "there are 2 entries of option 150 for all clients, which would only get the first one")]
    [InlineData("dhcp: {options: [{code: 150, value: x, vendor_class: acme}, {code: 150, value: b, vendor_class: acme}]}", "option 150 for the class \"acme\"")]
    [InlineData("dhcp: {mtu: 9000, options: [{code: 26, type: uint16, value: 1400}]}", "`options` has an entry for option 26 for all clients")]
    [InlineData("dhcp: {mode: proxy, options: [{code: 150, value: x}]}", "dhcp.options: no client would get them: with dhcp.mode: proxy")]
    [InlineData("dhcp: {mode: proxy, mtu: 9000}", "dhcp.mtu: no client would get it")]
    [InlineData("engine: external\ndhcp: {options: [{code: 150, value: x}]}", "no client would get them: another program answers DHCP (engine: external)")]
    public void An_option_that_nobody_would_be_told_is_refused(string section, string problem) =>
        Assert.Contains(problem, Assert.Single(Bind(section).Problems), StringComparison.Ordinal);

    [Fact]
    public void An_option_has_at_most_255_bytes() => Assert.Contains(
        Bind($"dhcp: {{options: [{{code: 150, value: {new string('x', 256)}}}]}}").Problems,
        told => told.Contains("has 256 bytes; an option can have at most 255", StringComparison.Ordinal));

    [Fact]
    public void The_mtu_is_option_26()
    {
        var option = Assert.Single(Bind("dhcp: {mtu: 9000}").Configuration!.Netboot.Dhcp.Options);

        Assert.Equal((26, "2328"), ((int)option.Code, Convert.ToHexString(option.Value.AsSpan())));
        Assert.NotEmpty(Bind("dhcp: {mtu: 67}").Problems);
    }

    [Theory]
    [InlineData("10.0.1.5", "is not a host address of a served subnet: 10.0.0.0/24")]
    [InlineData("10.0.0.255", "is not a host address of a served subnet")]
    [InlineData("10.0.0.1", "belongs to this server or the router")]
    [InlineData("10.0.0.254", "belongs to this server or the router")]
    [InlineData("10.0.0.20", "is in network.internal_range")]
    public void A_reservation_is_a_free_address_of_the_subnet(string address, string problem) => Assert.Contains(
        Bind($"dhcp: {{reservations: [{{mac: \"02:00:00:00:00:01\", address: {address}}}]}}").Problems,
        told => told.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Reservations_do_not_contradict_each_other()
    {
        var problems = Bind("""
            dhcp:
              ignore: ["02:00:00:00:00:03"]
              reservations:
                - {mac: "02:00:00:00:00:01", address: 10.0.0.100}
                - {mac: "02:00:00:00:00:02", address: 10.0.0.100}
                - {mac: "02:00:00:00:00:02", address: 10.0.0.101}
                - {mac: "02:00:00:00:00:03", address: 10.0.0.200}
            """).Problems;

        Assert.Contains(problems, told => told.Contains("10.0.0.100 is reserved 2 times", StringComparison.Ordinal));
        Assert.Contains(problems, told => told.Contains("02:00:00:00:00:02 has 2 reservations", StringComparison.Ordinal));
        Assert.Contains(problems, told => told.Contains("02:00:00:00:00:03 has a reservation, so it cannot be ignored", StringComparison.Ordinal));
    }

    private (MayuConfiguration? Configuration, IReadOnlyList<string> Problems) Bind(string yaml)
    {
        File.WriteAllText(_file, Network + yaml + "\n");
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        return (ConfigurationSchema.Bind(reader), [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}
