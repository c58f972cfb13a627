using System.Collections.Frozen;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Netboot.Tests.ProxyDhcp;

public class OtherServerWatchTests
{
    [Theory]
    [InlineData("000000000000")]
    [InlineData("")]
    [InlineData("0200000000")]
    [InlineData("FFFFFFFFFFFF")]
    public void Where_there_is_no_ethernet_nobody_can_be_asked_for_and_the_key_is_named(string hardware)
    {
        var nic = new BootInterface("lo", Ipv4.Of(127, 0, 0, 1), 65536) { Hardware = [.. Convert.FromHexString(hardware)] };

        Assert.False(OtherServerWatch.TryOpen(
            nic, FrozenSet<Ipv4>.Empty, new AutoMode(TimeSpan.FromSeconds(30)), TimeProvider.System, NullLogger<OtherServerWatch>.Instance, out var watch, out var problem));
        Assert.Null(watch);
        Assert.Equal("dhcp.mode auto: \"lo\" is not an Ethernet interface, so Mayu cannot look for other DHCP servers there. Set it to server or proxy.", problem);
    }
}
