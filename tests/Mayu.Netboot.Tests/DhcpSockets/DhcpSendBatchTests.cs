using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.DhcpSockets;

/// <summary>What leaves by the UDP socket; frames need a segment, and are tested on one (Mayu.Interop.Tests).</summary>
public sealed class DhcpSendBatchTests : IDisposable
{
    private const int InvalidArgument = 22;
    private static readonly Ipv4 Source = Ipv4.Of(127, 0, 0, 5);
    private static readonly Ipv4 Client = Ipv4.Of(127, 0, 0, 9);

    private readonly Socket _server = Bound(IPAddress.Any);
    private readonly Socket _client = Bound(Client.ToIPAddress());
    private readonly DhcpSendBatch _batch = new(Source, port: 67, frames: null);

    [Fact]
    public void Answers_leave_in_their_order_from_the_address_that_they_name()
    {
        Add(1, 2, 3);
        Add(4);

        Assert.Equal(2, _batch.Count);
        Assert.Equal(0, Send());
        Assert.Equal([1, 2, 3], Receive());
        Assert.Equal([4], Receive());
        Assert.Equal(0, _batch.Count);
    }

    [Fact]
    public void Once_sent_they_are_not_sent_again()
    {
        Add(1);
        Send();
        Receive();

        Assert.Equal(0, Send());
        Add(2);
        Send();
        Assert.Equal([2], Receive());
        Assert.Equal(0, _client.Available);
    }

    [Fact]
    public void As_many_as_it_holds_leave_with_one_call()
    {
        for (var i = 0; i < DhcpSendBatch.Capacity; i++)
        {
            Add((byte)i, 0xEE);
        }

        Assert.Equal(0, Send());
        for (var i = 0; i < DhcpSendBatch.Capacity; i++)
        {
            Assert.Equal([(byte)i, 0xEE], Receive());
        }
    }

    // No packet goes to port 0.
    [Fact]
    public void One_that_cannot_be_sent_is_told_of_and_keeps_none_of_the_others_back()
    {
        Add(1);
        _batch.Next[0] = 2;
        _batch.Add(new DhcpReply(1, Client, Port: 0));
        Add(3);

        Assert.Equal(InvalidArgument, Send());
        Assert.Equal([1], Receive());
        Assert.Equal([3], Receive());
        Assert.Equal((0, 0), (_batch.Count, Send()));
    }

    [Fact]
    public void The_longest_answer_leaves_whole()
    {
        var longest = Enumerable.Range(0, DhcpReply.MaximumLength).Select(i => (byte)i).ToArray();
        Add(0);
        Add(longest);

        Assert.Equal(0, Send());
        Receive();
        Assert.Equal(longest, Receive());
    }

    public void Dispose()
    {
        _batch.Dispose();
        _server.Dispose();
        _client.Dispose();
    }

    private static Socket Bound(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private void Add(params byte[] answer)
    {
        answer.CopyTo(_batch.Next);
        _batch.Add(new DhcpReply(answer.Length, Client, (ushort)((IPEndPoint)_client.LocalEndPoint!).Port));
    }

    private int Send() => _batch.Send((int)_server.SafeHandle.DangerousGetHandle());

    private byte[] Receive()
    {
        var packet = new byte[2000];
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        var length = _client.ReceiveFrom(packet, ref sender);
        Assert.Equal(new IPEndPoint(Source.ToIPAddress(), ((IPEndPoint)_server.LocalEndPoint!).Port), sender);
        return packet[..length];
    }
}
