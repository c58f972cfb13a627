using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>Real firmware where another DHCP server gives the addresses, as far as the facts: the rest of the way is the same.</summary>
public class OtherServersTests
{
    /// <summary>Addresses, and no word about booting.</summary>
    internal const string PlainDnsmasq = """
        interface=eth0
        bind-interfaces
        port=0
        no-ping
        dhcp-range=10.77.0.150,10.77.0.199,1h
        """;

    [Fact]
    public async Task Dnsmasq_as_the_page_has_it_boots_uefi_firmware_behind_which_mayu_is_http_alone()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Settings = ["engine=external"] });
        await using var other = await OtherHost.PlugInAsync(rack);
        await other.StartDnsmasqAsync(other.ExampleOf("dnsmasq"));

        await BootUntilFactsAsync(rack, MachineSpec.Numbered(1) with { Firmware = Lab.Rack.Firmware.Uefi });
    }

    [Fact]
    public async Task Kea_as_the_page_has_it_boots_an_ipxe_rom_behind_which_mayu_is_http_alone()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Settings = ["engine=external"] });
        await using var other = await OtherHost.PlugInAsync(rack);
        await other.StartKeaAsync(other.ExampleOf("kea"));

        await BootUntilFactsAsync(rack, MachineSpec.Numbered(1));
    }

    [Fact]
    public async Task Beside_a_dnsmasq_that_knows_nothing_of_it_a_proxy_boots_ipxe_and_uefi_firmware()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Settings = ["dhcp.mode=proxy"] });
        await using var other = await OtherHost.PlugInAsync(rack);
        await other.StartDnsmasqAsync(PlainDnsmasq);

        var ipxe = await BootUntilFactsAsync(rack, MachineSpec.Numbered(1));
        var uefi = await BootUntilFactsAsync(rack, MachineSpec.Numbered(2) with { Firmware = Lab.Rack.Firmware.Uefi });

        Assert.DoesNotContain(ipxe.Concat(uefi), hop => hop.Name is HopNames.Offer or HopNames.Ack);
        Assert.Contains(ipxe, hop => hop.Name == HopNames.Proxy && hop.Detail == "boot file http://10.77.0.1:4081/ipxebootscript");
        // Its firmware, and the iPXE that this loaded.
        Assert.Contains(uefi, hop => hop.Name == HopNames.Proxy && hop.Detail == "boot file snponly.efi");
        Assert.Contains(uefi, hop => hop.Name == HopNames.Proxy && hop.Detail == "boot file http://10.77.0.1:4081/ipxebootscript");
        Assert.Contains(uefi, hop => hop.Name == HopNames.File && hop.Bytes > 0 && hop.Bytes == hop.Total);
    }

    [Fact]
    public async Task Uefi_firmware_that_is_told_pxe_client_and_no_option_43_asks_port_4011()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Settings = ["dhcp.mode=proxy"] });
        await rack.Server.StopAsync();
        await File.AppendAllTextAsync(
            rack.Server.ConfigFile, "pxe: {quirks: [{architecture: uefi-x64, omit_options: [43]}]}\n", TestContext.Current.CancellationToken);
        await rack.Server.StartAsync(TestContext.Current.CancellationToken);
        await using var other = await OtherHost.PlugInAsync(rack);
        await other.StartDnsmasqAsync(PlainDnsmasq);

        // The boot script is asked for with the MAC, so from here on the marks of both are one trace.
        var trace = await BootUntilAsync(
            rack, MachineSpec.Numbered(1) with { Firmware = Lab.Rack.Firmware.Uefi }, HopNames.Script, HopNames.Kernel, HopNames.Initrd);

        Assert.Contains(trace, hop => hop.Name == HopNames.Proxy && hop.Detail!.StartsWith("boot file snponly.efi on port 4011", StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<Hop>> BootUntilFactsAsync(BootedRack rack, MachineSpec spec) => BootUntilAsync(rack, spec, HopNames.Facts, HopNames.Config);

    private static async Task<IReadOnlyList<Hop>> BootUntilAsync(BootedRack rack, MachineSpec spec, params string[] hops)
    {
        var machine = await rack.BootAsync(spec);
        await rack.WaitAsync(machine, $"come to {hops[0]}", known => hops.Contains(known.Hop?.Name));
        await machine.PowerOffAsync();
        return (await rack.Api.GetTraceAsync(spec.Serial, TestContext.Current.CancellationToken)).Value?.Items ?? [];
    }
}
