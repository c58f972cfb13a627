using System.Net;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Net;

public class BootInterfaceTests
{
    private static readonly Ipv4 Loopback = new(0x7F000001);

    [Fact]
    public void An_interface_that_is_not_there_is_named_and_so_are_those_that_are()
    {
        Assert.False(BootInterface.TryFind("eth77", Loopback, "network", out _, out var problem));

        Assert.Contains("\"eth77\"", problem, StringComparison.Ordinal);
        Assert.Contains("lo", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_without_the_address_is_named_with_those_it_has()
    {
        Assert.False(BootInterface.TryFind("lo", new Ipv4(0x0A4D0001), "network", out _, out var problem));

        Assert.Contains("\"lo\"", problem, StringComparison.Ordinal);
        Assert.Contains("10.77.0.1", problem, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_no_interface_has_is_named_with_those_that_there_are()
    {
        Assert.True(BootInterface.IsOfThisHost(Loopback, "network.address", out _));
        Assert.False(BootInterface.IsOfThisHost(new Ipv4(0xC0000201), "network.address", out var problem));

        Assert.StartsWith("network.address: no interface of this host has the address 192.0.2.1; its addresses: ", problem, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 on lo", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loopback_is_up_and_what_is_not_there_is_not_said_to_be_down()
    {
        Assert.True(InterfaceState.IsUp("lo"));
        Assert.True(InterfaceState.IsUp("eth77"));
        Assert.True(InterfaceState.IsUp("a-name-that-is-too-long"));
    }

    [Fact]
    public void A_port_that_is_in_use_is_named()
    {
        Assert.True(BootInterface.TryFind("lo", Loopback, "network", out var nic, out _));
        Assert.True(UdpSocket.TryOpen(nic, IPAddress.Loopback, 0, "TFTP", out var first, out _));
        using (first)
        {
            var port = ((IPEndPoint)first.LocalEndPoint!).Port;

            Assert.False(UdpSocket.TryOpen(nic, IPAddress.Any, port, "TFTP", out _, out var problem));
            Assert.StartsWith($"TFTP cannot have port {port}/udp on \"lo\": another program has it", problem, StringComparison.Ordinal);
        }
    }
}
