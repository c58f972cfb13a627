using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>What of the host keeps the server from starting is told by a sentence of its own, which names the key of the configuration.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly TestNetwork _network = new();
    private string _host = "";
    private MayuServer? _mayu;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        TestNetwork.NeedRoot();
        _host = await _network.AddHostAsync("s");
        await TestNetwork.AddBridgeAsync(_host, "br0", "10.77.0.1/24");
        await TestNetwork.AddBridgeAsync(_host, "br1", "10.78.0.1/24");
        _mayu = new MayuServer(_host, "10.77.0.1");
    }

    [Theory]
    [InlineData("builtin", "br0", "10.77.0.1", "br7", "10.78.0.1", "network.segments[].interface: there is no interface \"br7\"; the interfaces are: br0, br1, lo.")]
    [InlineData("dnsmasq", "br0", "10.77.0.1", "br7", "10.78.0.1", "network.segments[].interface: there is no interface \"br7\"; the interfaces are: br0, br1, lo.")]
    [InlineData("external", "br0", "10.77.0.1", "br7", "10.78.0.1", "network.segments[].interface: there is no interface \"br7\"; the interfaces are: br0, br1, lo.")]
    [InlineData("builtin", "br7", "10.77.0.1", "br1", "10.78.0.1", "network.interface: there is no interface \"br7\"; the interfaces are: br0, br1, lo.")]
    [InlineData("builtin", "br0", "10.77.0.1", "br1", "10.78.0.7", "network.segments[].address: interface \"br1\" does not have the address 10.78.0.7; it has 10.78.0.1.")]
    [InlineData("builtin", "br0", "10.77.0.7", "br1", "10.78.0.1", "network.address: interface \"br0\" does not have the address 10.77.0.7; it has 10.77.0.1.")]
    public async Task An_interface_or_an_address_that_is_not_there_is_told_before_any_port_is_taken(
        string engine, string nic, string address, string segmentNic, string segmentAddress, string sentence)
    {
        var (code, output) = await StartAsync(engine, nic, address, segmentNic, segmentAddress);

        Assert.Equal(1, code);
        Assert.Contains($"mayu: {sentence}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("assign requested address", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br0", "network.interface: the interface \"br0\" is down. Bring it up: ip link set br0 up")]
    [InlineData("br1", "network.segments[].interface: the interface \"br1\" is down. Bring it up: ip link set br1 up")]
    public async Task An_interface_that_is_down_is_said_to_be_down(string nic, string sentence)
    {
        await TestNetwork.IpAsync(_host, "link", "set", nic, "down");

        var (code, output) = await StartAsync("builtin", "br0", "10.77.0.1", "br1", "10.78.0.1");

        Assert.Equal(1, code);
        Assert.Contains($"mayu: {sentence}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_the_api_that_is_not_there_is_told()
    {
        var (code, output) = await StartAsync("builtin", "br0", "10.77.0.1", "br1", "10.78.0.1", "--set", "api.address=10.79.0.1");

        Assert.Equal(1, code);
        Assert.Contains("mayu: api.address: no interface of this host has the address 10.79.0.1; its addresses: 10.77.0.1 on br0, 10.78.0.1 on br1, 127.0.0.1 on lo.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mayuctl_finds_its_server_at_any_address_of_the_api()
    {
        await _mayu!.ConfigureAsync("""
            engine: external
            network: { address: 10.77.0.1, subnet: 10.77.0.0/24, internal_range: { start: 10.77.0.100, end: 10.77.0.150 } }
            api: { address: 10.78.0.1, port: 5080 }
            defaults: { image: none }
            """);
        await _mayu.StartAsync();

        Assert.Equal((0, "There is no machine yet. Power one on in the boot network, and let it boot from the network.\n"), await _mayu.CtlAsync("list"));
    }

    [Theory]
    [InlineData("api.port=5080", "boot.port: another program has port 4081/tcp on 10.78.0.1. Find it with: ss -lntp sport = :4081")]
    [InlineData("boot.port=5081", "api.port: another program has port 4080/tcp on 0.0.0.0. Find it with: ss -lntp sport = :4080")]
    public async Task A_port_that_another_program_has_is_told_with_the_address(string otherPort, string sentence)
    {
        // Any program would do; one that is there is a second mayu, which is HTTP alone.
        await using var other = new MayuServer(_host, "10.78.0.1");
        await other.ConfigureAsync("""
            engine: external
            network: { address: 10.78.0.1, subnet: 10.78.0.0/24, internal_range: { start: 10.78.0.100, end: 10.78.0.150 } }
            defaults: { image: none }
            """);
        await other.StartAsync("--set", otherPort);

        var (code, output) = await StartAsync("builtin", "br0", "10.77.0.1", "br1", "10.78.0.1");

        Assert.Equal(1, code);
        Assert.Contains($"mayu: {sentence}", output, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            await _mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    private async Task<(int ExitCode, string Output)> StartAsync(
        string engine, string nic, string address, string segmentNic, string segmentAddress, params string[] more)
    {
        await _mayu!.ConfigureAsync($$"""
            engine: {{engine}}
            network:
              interface: {{nic}}
              address: {{address}}
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.60 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
              segments:
                - { interface: {{segmentNic}}, address: {{segmentAddress}}, subnet: 10.78.0.0/24, bootstrap_range: { start: 10.78.0.50, end: 10.78.0.60 } }
            defaults: { image: none }
            """);
        return await _mayu.SecondAsync(more);
    }
}
