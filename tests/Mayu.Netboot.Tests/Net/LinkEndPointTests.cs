using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Net;

namespace Mayu.Netboot.Tests.Net;

public class LinkEndPointTests
{
    [Fact]
    public void A_link_address_is_laid_out_as_the_kernel_reads_it()
    {
        EndPoint endPoint = new LinkEndPoint(0x0806, 3, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        var address = endPoint.Serialize();
        Assert.Equal((AddressFamily.Packet, 20), (address.Family, address.Size));
        Assert.Equal("08060300000000000006FFFFFFFFFFFF0000", Convert.ToHexString(address.Buffer.Span[2..20]));
    }
}
