using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Server.Tests;

public class ListenerPortTests
{
    private static readonly ListenerPort Port = new("boot.port", 4081, [new Ipv4(0x0A000001), new Ipv4(0x0A010001)]);

    [Fact]
    public void A_port_that_another_program_has_is_named_with_the_address()
    {
        var failure = new IOException("Failed to bind to address http://10.1.0.1:4081: address already in use.", new IOException("", new SocketException((int)SocketError.AddressAlreadyInUse)));

        Assert.Equal("boot.port: another program has port 4081/tcp on 10.1.0.1. Find it with: ss -lntp sport = :4081", Port.WhyNot(failure));
    }

    [Theory]
    [InlineData(SocketError.AccessDenied, "boot.port: permission denied for port 4081/tcp. Run mayu as root")]
    [InlineData(SocketError.AddressNotAvailable, "boot.port: port 4081/tcp cannot be opened on 10.0.0.1, 10.1.0.1: this host no longer has the address")]
    [InlineData(SocketError.NetworkDown, "boot.port: port 4081/tcp on 10.0.0.1, 10.1.0.1 cannot be opened: ")]
    public void Each_reason_has_its_own_sentence(SocketError error, string sentence) =>
        Assert.StartsWith(sentence, Port.WhyNot(new SocketException((int)error)), StringComparison.Ordinal);
}
