using System.Net;
using System.Net.Sockets;
using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.ProxyDhcp;

/// <summary>Port 4011 on loopback, at an address of this process alone.</summary>
public sealed class BootServerListenerTests : IDisposable
{
    private const int Port = 4011;
    private static readonly Ipv4 Server = Ipv4.Of(127, (byte)(Environment.ProcessId >> 16), (byte)(Environment.ProcessId >> 8), (byte)(Environment.ProcessId | 1));

    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _lines = new();
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };

    [Fact]
    public async Task A_client_is_answered_where_it_asked_from_by_the_address_that_it_asked_whatever_came_before()
    {
        Assert.True(TryOpen(out var listener, out _));
        using (listener)
        {
            var running = listener!.RunAsync(_stop.Token);
            _client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _client.SendTo([1, 2, 3], new IPEndPoint(Server.ToIPAddress(), Port));
            _client.SendTo(Request(1, DhcpMessageType.Request, Ipv4.Of(127, 0, 0, 1), Pxe(7)), new IPEndPoint(Server.ToIPAddress(), Port));

            var answer = new byte[2000];
            EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
            var length = _client.ReceiveFrom(answer, ref sender);
            Assert.Equal(new IPEndPoint(Server.ToIPAddress(), Port), sender);
            AssertIsAck(answer.AsSpan(0, length));

            await _stop.CancelAsync();
            await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Empty(_lines.All);
    }

    [Fact]
    public void A_port_that_another_program_has_is_named_and_once_it_is_free_it_is_taken()
    {
        Assert.True(TryOpen(out var first, out _));
        using (first)
        {
            Assert.False(TryOpen(out var second, out var problem));
            Assert.Null(second);
            Assert.StartsWith("The PXE boot server cannot have port 4011/udp on \"lo\": another program has it", problem, StringComparison.Ordinal);
        }

        Assert.True(TryOpen(out var third, out _));
        third!.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _stop.Dispose();
        _lines.Dispose();
    }

    private static void AssertIsAck(ReadOnlySpan<byte> answer)
    {
        Assert.True(DhcpPacket.TryParse(answer, out var packet, out _));
        Assert.Equal(DhcpMessageType.Ack, packet.MessageType);
        Assert.Equal("snponly.efi", System.Text.Encoding.ASCII.GetString(packet.BootFile));
    }

    private bool TryOpen(out BootServerListener? listener, out string? problem)
    {
        var cluster = new FakeCluster();
        var subnet = DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51));
        var responder = ServedNetwork.ProxyOf([subnet], cluster, new BootTrace(TimeProvider.System), new ClientTable(cluster, TimeProvider.System));
        return BootServerListener.TryOpen(
            new BootInterface("lo", Server, 65536), responder, new Logger<BootServerListener>(new LoggerFactory([_lines])), out listener, out problem);
    }
}
