using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>A host that nobody knows has an address of the pool, and its kernel answers ARP for it.</summary>
public sealed class AddressProbeTests
{
    private const string Facts =
        """{"Serial":"probe-1","NetDevs":[{"Name":"eth0","MacAddress":"02:00:00:00:07:01"}],"ConnectedNIC":"eth0"}""";

    [Fact]
    public async Task An_address_that_somebody_uses_is_skipped_and_the_history_says_who()
    {
        TestNetwork.NeedRoot();
        // A server of its own: which address comes next depends on who registered before.
        await using var wire = new WireFixture();
        await wire.InitializeAsync();
        await wire.ClientAsync("ip", "address", "add", "10.77.0.101/24", "dev", "eth0");
        var listed = "";
        try
        {
            // No image is installed here, so it gets no config in the end; what it was given before is what counts.
            var script = await wire.ClientAsync("curl", "--silent", "--max-time", "20", "http://10.77.0.1:4081/ipxebootscript?serial=probe-1&mac=02-00-00-00-07-01");
            var token = script.Split("/boot/")[1].Split('/')[0];
            await wire.TryClientAsync("curl", "--silent", "--max-time", "20", "--header", $"Authorization: Bearer {token}", "--data", Facts, "http://10.77.0.1:4081/provisioning-config");
            listed = await wire.Mayu.ApiAsync("/api/v1/addresses");
        }
        finally
        {
            await wire.ClientAsync("ip", "address", "del", "10.77.0.101/24", "dev", "eth0");
        }

        var cluster = Path.Combine(wire.Mayu.Data, "cluster");
        Assert.Contains("\"InternalAddr\": \"10.77.0.102\"", await File.ReadAllTextAsync(Path.Combine(cluster, "probe-1", "conf.json"), TestContext.Current.CancellationToken));
        var stranger = (await wire.ClientAsync("cat", "/sys/class/net/eth0/address")).Trim();
        var history = await ProgramRun.OrFailAsync("git", "-c", "safe.directory=*", "-C", cluster, "log", "--format=%s");
        Assert.Contains($$"""{"address":"10.77.0.101","mac":"{{stranger}}",""", listed, StringComparison.Ordinal);
        Assert.Contains($"probe-1: changed the address from 10.77.0.101 to 10.77.0.102: {stranger} answers ARP for 10.77.0.101", history);
    }
}
