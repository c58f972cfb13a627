using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.Net;

/// <summary>ARP and ICMP on a cable between two interfaces of one network: the kernel answers for the addresses at its other end.</summary>
public sealed class AddressProbesTests : IDisposable
{
    private const string Neighbour = "02:00:00:00:00:77";
    private static readonly MacAddress NeighbourMac = MacAddress.FromOctets([2, 0, 0, 0, 0, 0x77]);
    private static readonly Ipv4 Used = Ipv4.Of(10, 1, 0, 2);
    private static readonly Ipv4 Free = Ipv4.Of(10, 1, 0, 3);

    private readonly OwnNetwork _network = new(
        $"link add mayu0 type veth peer name peer0 address {Neighbour}",
        "link set mayu0 up",
        "link set peer0 up",
        "address add 10.1.0.1/24 dev mayu0",
        "address add 10.1.0.2/24 dev peer0");

    [Fact]
    public async Task Who_has_an_address_on_the_wire_is_found_with_its_mac_and_where_nobody_has_it_nobody_is()
    {
        await using var probe = _network.Run(() => ArpProbe.Open("mayu0", TimeProvider.System, NullLogger<ArpProbe>.Instance));

        Assert.Equal(new AddressUser(NeighbourMac), await probe!.FindUserAsync(Used, _ => true, TestContext.Current.CancellationToken));
        Assert.Null(await probe.FindUserAsync(Used, mac => mac != NeighbourMac, TestContext.Current.CancellationToken));
        Assert.Null(await probe.FindUserAsync(Free, _ => true, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("lo")]
    [InlineData("eth77")]
    public void Where_there_is_no_ethernet_there_is_nobody_to_ask(string nic) =>
        Assert.Null(_network.Run(() => ArpProbe.Open(nic, TimeProvider.System, NullLogger<ArpProbe>.Instance)));

    [Fact]
    public async Task Who_answers_a_ping_uses_the_address_and_has_no_mac()
    {
        await using var probe = _network.Run(() => IcmpProbe.Open(Ipv4.Of(10, 1, 0, 1), TimeProvider.System, NullLogger<IcmpProbe>.Instance));

        var user = await probe!.FindUserAsync(Used, _ => false, TestContext.Current.CancellationToken);

        Assert.Equal(new AddressUser(null), user);
        Assert.Equal("it answers a ping", user.ToString());
        Assert.Null(await probe.FindUserAsync(Free, _ => true, TestContext.Current.CancellationToken));
        Assert.Null(await probe.FindUserAsync(Ipv4.Of(10, 99, 0, 1), _ => true, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _network.Dispose();
}
