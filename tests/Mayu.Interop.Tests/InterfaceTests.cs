using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>A network manager deletes the boot interface under the server, and makes it anew.</summary>
public sealed class InterfaceTests
{
    [Fact]
    public async Task An_interface_that_was_made_anew_is_served_again_and_readiness_tells_of_the_time_between()
    {
        TestNetwork.NeedRoot();
        // A server of its own: the others' interface must stay.
        await using var wire = new WireFixture();
        await wire.InitializeAsync();
        await File.WriteAllTextAsync(Path.Combine(wire.TftpRoot, "file"), "hello", TestContext.Current.CancellationToken);
        await wire.Udhcpc.LeaseAsync("eth0", "02:00:00:00:08:01");

        await TestNetwork.IpAsync(wire.Server, "link", "del", "br0");
        await wire.Mayu.PrintsAsync("The interface br0 is gone");
        // Its address went with it: the API answers on the other one.
        var ready = await TestNetwork.RunAsync(wire.Server, "curl", "-sk", "--max-time", "20", "https://10.78.0.1:4080/readyz");
        Assert.StartsWith("not ready: the interface br0 is gone", ready, StringComparison.Ordinal);

        await TestNetwork.AddBridgeAsync(wire.Server, "br0", "10.77.0.1/24");
        await TestNetwork.IpAsync(wire.Server, "link", "set", "c-eth0", "master", "br0");
        await wire.Mayu.PrintsAsync("The interface br0 was recreated");

        await wire.Udhcpc.LeaseAsync("eth0", "02:00:00:00:08:02");
        await wire.ClientAsync("tftp", "-m", "binary", "10.77.0.1", "-c", "get", "file", Path.Combine(wire.Folder, "got"));
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(wire.Folder, "got"), TestContext.Current.CancellationToken));

        // The question on the wire goes through the new one too: an address that another device has is not given out.
        await TestNetwork.IpAsync(wire.Server, "link", "set", "c-eth1", "master", "br0");
        await wire.ClientAsync("ip", "address", "add", "10.77.0.58/24", "dev", "eth1");
        Assert.NotEqual("10.77.0.58", Udhcpc.AddressIn(await wire.Udhcpc.LeaseAsync("eth0", "02:00:00:00:08:03", "-r", "10.77.0.58")));
        await wire.Mayu.PrintsAsync("10.77.0.58, meant for 02:00:00:00:08:03, is in use");
        Assert.StartsWith("ready", await wire.Mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
    }
}
