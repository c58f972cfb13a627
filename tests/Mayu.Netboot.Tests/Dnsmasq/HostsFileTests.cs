using System.Collections.Frozen;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dnsmasq;

public class HostsFileTests
{
    [Fact]
    public void A_client_has_a_line_for_each_thing_that_is_known_of_it()
    {
        DhcpReservation[] reservations = [new(Mac(1), Address(1), "host-1"), new(Mac(2), Address(2), null), new(Mac(3), Address(3), "host-3")];

        var text = HostsFile.Render([Mac(2), Mac(3), Mac(4)], [(Mac(1), Address(9)), (Mac(4), Address(4)), (Mac(5), Address(5))], reservations, new[] { Mac(3), Mac(5) }.ToFrozenSet());

        Assert.Equal(
            """
            02:00:00:00:00:03,ignore
            02:00:00:00:00:05,ignore
            02:00:00:00:00:02,tag:loader,ignore
            02:00:00:00:00:04,tag:loader,ignore
            02:00:00:00:00:04,tag:!loader,10.0.0.4
            02:00:00:00:00:01,10.0.0.1,host-1
            02:00:00:00:00:02,10.0.0.2

            """,
            text);
    }

    // dnsmasq 2.90 crashes when it reads such a file for the third time.
    [Fact]
    public void No_line_sets_a_tag() =>
        Assert.DoesNotContain("set:", HostsFile.Render([Mac(1)], [], [new(Mac(1), Address(1), "set")], FrozenSet<MacAddress>.Empty), StringComparison.Ordinal);

    [Fact]
    public void A_proxy_is_told_whom_to_ignore_by_their_being_there() =>
        Assert.Equal("02:00:00:00:00:01\n02:00:00:00:00:02\n", HostsFile.RenderForProxy([Mac(2), Mac(1)], new[] { Mac(1) }.ToFrozenSet()));

    // dnsmasq would take them for an order, a lease time, or an address.
    [Theory]
    [InlineData("ignore")]
    [InlineData("infinite")]
    [InlineData("12h")]
    [InlineData("10.0.0.9")]
    public void A_host_name_that_means_something_else_to_dnsmasq_is_left_out(string hostname) =>
        Assert.Equal("02:00:00:00:00:01,10.0.0.1\n", HostsFile.Render([], [], [new(Mac(1), Address(1), hostname)], FrozenSet<MacAddress>.Empty));

    private static MacAddress Mac(byte number) => MacAddress.FromOctets([2, 0, 0, 0, 0, number]);

    private static Ipv4 Address(byte number) => new(0x0A000000u + number);
}
