using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

public class EngineTests
{
    [Fact]
    public async Task Uefi_firmware_boots_with_dnsmasq_and_what_dnsmasq_did_stands_in_the_trace()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Engine = LabEngine.Dnsmasq });
        var machine = await rack.BootAsync(MachineSpec.Numbered(1) with { Firmware = Lab.Rack.Firmware.Uefi });

        var known = await rack.WaitAsync(machine, "send its facts", machine => machine.InternalAddress is { Length: > 0 });

        Assert.NotEmpty(known.MacAddresses);
        Assert.True((await rack.Api.GetTraceAsync(machine.Serial)).TryGet(out var trace, out _));
        Assert.Contains(trace.Items, hop => hop.Name == HopNames.Offer && DetailEnds(hop, "boot file snponly.efi"));
        Assert.Contains(trace.Items, hop => hop is { Name: HopNames.File, Bytes: > 0, Detail: "snponly.efi by TFTP" });
        Assert.Contains(trace.Items, hop => hop.Name == HopNames.Ack && DetailEnds(hop, "/ipxebootscript"));
    }

    [Fact]
    public async Task Beside_another_dhcp_server_dnsmasq_is_a_proxy_and_uefi_firmware_asks_its_port_4011()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Engine = LabEngine.Dnsmasq, Settings = ["dhcp.mode=proxy"] });
        await using var other = await OtherHost.PlugInAsync(rack);
        await other.StartDnsmasqAsync(OtherServersTests.PlainDnsmasq);
        var machine = await rack.BootAsync(MachineSpec.Numbered(1) with { Firmware = Lab.Rack.Firmware.Uefi });

        await rack.WaitAsync(machine, "send its facts", machine => machine.InternalAddress is { Length: > 0 });

        Assert.True((await rack.Api.GetTraceAsync(machine.Serial)).TryGet(out var trace, out _));
        Assert.DoesNotContain(trace.Items, hop => hop.Name is HopNames.Offer or HopNames.Ack);
        Assert.Contains(trace.Items, hop => hop.Name == HopNames.Proxy && hop.Detail == "boot file snponly.efi");
        Assert.Contains(trace.Items, hop => hop.Name == HopNames.Proxy && DetailEnds(hop, "/ipxebootscript"));
    }

    private static bool DetailEnds(Hop hop, string end) => hop.Detail?.EndsWith(end, StringComparison.Ordinal) == true;
}
