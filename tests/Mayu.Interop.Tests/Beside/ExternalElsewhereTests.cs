using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Beside;

/// <summary>Mayu as an HTTP service whose address is in another subnet than the machines, which reach it through a router.</summary>
public sealed class ExternalElsewhereTests
{
    private const string Url = "http://10.77.0.1:4081";

    // Mayu is in 10.77.0.0/24; the machine is in 10.78.0.0/24, behind a host that routes.
    private const string Configuration = """
        engine: external
        network:
          address: 10.77.0.1
          subnet: 10.78.0.0/24
          internal_range: { start: 10.78.0.10, end: 10.78.0.99 }
          router: 10.78.0.1
        defaults: { image: none }
        """;

    [Fact]
    public async Task A_machine_behind_a_router_is_told_urls_that_it_reaches_and_its_facts_arrive()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Configuration, isRelayed: true);
        await wire.StartMayuAsync();
        await wire.Segment.ClientAsync("ip", "address", "add", "10.78.0.50/24", "dev", "eth0");
        await wire.Segment.ClientAsync("ip", "route", "add", "default", "via", "10.78.0.1");

        var whoAreYou = await CurlAsync($"{Url}/ipxebootscript");
        var script = await CurlAsync($"{Url}/ipxebootscript?serial=far-1&mac=02-00-00-00-00-01&platform=pcbios");
        var running = await CurlAsync($"{Url}/ipxebootscript?serial=running-1&mac=02-00-00-00-00-99&platform=pcbios");
        var token = script.Split("/boot/")[1].Split('/')[0];
        await CurlAsync("--header", $"Authorization: Bearer {token}", "--data", """{"Serial":"far-1","NetDevs":[{"Name":"eth0","MacAddress":"02:00:00:00:00:01"}],"ConnectedNIC":"eth0"}""", $"{Url}/provisioning-config");

        Assert.StartsWith($"#!ipxe\nchain --replace {Url}/ipxebootscript?", whoAreYou, StringComparison.Ordinal);
        Assert.Contains($"kernel {Url}/images/far-1/vmlinuz initrd=mayu.cpio initrd=initrd.cpio.gz mayu.url={Url} ", script, StringComparison.Ordinal);
        Assert.Contains("sanboot --no-describe --drive 0x80", running, StringComparison.Ordinal);
        // No image is installed here, so it gets no config in the end; that it has an address of its subnet is what counts.
        Assert.Contains("\"10.78.0.10\"", await wire.Mayu.ApiAsync("/api/v1/machines/far-1"), StringComparison.Ordinal);

        Task<string> CurlAsync(params string[] arguments) => wire.Segment.ClientAsync(["curl", "-sS", "--max-time", "20", .. arguments]);
    }

    [Fact]
    public async Task An_address_that_this_host_does_not_have_is_told_with_those_that_it_has()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Configuration.Replace("address: 10.77.0.1", "address: 10.79.0.1", StringComparison.Ordinal));

        var (code, output) = await wire.Mayu.SecondAsync();

        Assert.Equal(1, code);
        Assert.Contains("mayu: network.address: no interface of this host has the address 10.79.0.1; its addresses: 10.77.0.1 on br0, 127.0.0.1 on lo.", output, StringComparison.Ordinal);
    }
}
