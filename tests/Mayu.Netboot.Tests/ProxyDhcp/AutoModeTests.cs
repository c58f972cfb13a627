using System.Collections.Frozen;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Tests.ProxyDhcp;

public class AutoModeTests
{
    private static readonly Ipv4 Ours = new(0x0A000001);
    private static readonly Ipv4 Other = new(0x0A000002);
    private static readonly HardwareAddress Nic = new(HardwareAddress.Ethernet, [2, 0, 0, 0, 0, 0xFE]);

    private readonly AutoMode _mode = new(TimeSpan.FromSeconds(30));
    private readonly DhcpDiscovery _discovery = new(Nic, 0x4D617975, new[] { Ours }.ToFrozenSet());
    private readonly byte[] _buffer = new byte[600];

    [Fact]
    public void Nobody_gets_an_address_before_the_segment_was_asked_three_times()
    {
        Assert.False(_mode.GivesAddresses);
        Assert.False(_mode.Unanswered());
        Assert.False(_mode.Unanswered());
        Assert.False(_mode.GivesAddresses);
        Assert.True(_mode.Unanswered());
        Assert.True(_mode.GivesAddresses);
        Assert.False(_mode.Unanswered());
    }

    [Fact]
    public void A_server_that_answers_ends_it_at_once_and_is_news_once()
    {
        Serve();

        Assert.True(_mode.Heard(Other));
        Assert.False(_mode.GivesAddresses);
        Assert.False(_mode.Heard(Other));
        Assert.Equal([Other], _mode.Others);
    }

    [Fact]
    public void A_server_that_was_heard_first_is_waited_for_as_long_as_one_that_was_heard_later()
    {
        _mode.Heard(Other);

        Assert.Equal(AutoMode.QuestionsUntilGone, CountUntilServing());
        Assert.Empty(_mode.Others);
        Assert.True(_mode.Heard(Other));
    }

    [Fact]
    public void Each_answer_begins_the_waiting_anew()
    {
        _mode.Heard(Other);
        for (var i = 1; i < AutoMode.QuestionsUntilGone; i++)
        {
            _mode.Unanswered();
        }

        _mode.Heard(Other);

        Assert.Equal(AutoMode.QuestionsUntilGone, CountUntilServing());
    }

    [Fact]
    public void Names_that_somebody_makes_up_fill_neither_memory_nor_log()
    {
        var news = Enumerable.Range(0, 1000).Count(i => _mode.Heard(new Ipv4(0x0A000100 + (uint)i)));

        Assert.Equal(16, news);
        Assert.Equal(16, _mode.Others.Count);
        Assert.False(_mode.GivesAddresses);
    }

    [Fact]
    public void The_question_is_a_discover_that_wants_its_answer_by_broadcast_and_is_known_again()
    {
        var length = _discovery.Write(_buffer);

        Assert.True(DhcpPacket.TryParse(_buffer.AsSpan(0, length), out var packet, out _));
        Assert.Equal(DhcpMessageType.Discover, packet.MessageType);
        Assert.True(packet.WantsBroadcast);
        Assert.True(_discovery.IsQuestion(_buffer.AsSpan(0, length)));
        Assert.False(_discovery.IsQuestion(ClientPackets.Discover(1)));
        Assert.False(_discovery.IsQuestion([1, 2, 3]));
    }

    [Theory]
    [InlineData(DhcpMessageType.Offer, true, true)]
    [InlineData(DhcpMessageType.Ack, true, true)]
    [InlineData(DhcpMessageType.Nak, false, true)]
    [InlineData(DhcpMessageType.Offer, false, false)]
    [InlineData(DhcpMessageType.Ack, false, false)]
    public void Who_gives_or_refuses_an_address_is_a_dhcp_server_and_a_proxy_is_none(DhcpMessageType type, bool hasAddress, bool counts)
    {
        Assert.Equal(counts, _discovery.TryReadServer(AnswerOf(Other, type, hasAddress), out var server));
        Assert.True(!counts || server == Other);
    }

    [Fact]
    public void What_we_say_ourselves_and_what_clients_say_is_no_server()
    {
        Assert.False(_discovery.TryReadServer(AnswerOf(Ours, DhcpMessageType.Offer, hasAddress: true), out _));
        Assert.False(_discovery.TryReadServer(AnswerOf(new Ipv4(0), DhcpMessageType.Offer, hasAddress: true), out _));
        Assert.False(_discovery.TryReadServer(AnswerOf(new Ipv4(uint.MaxValue), DhcpMessageType.Offer, hasAddress: true), out _));
        Assert.False(_discovery.TryReadServer(ClientPackets.Request(1, DhcpMessageType.Request, ClientPackets.Option(54, Other)), out _));
        Assert.False(_discovery.TryReadServer([1, 2, 3], out _));
    }

    [Fact]
    public void One_of_server_and_proxy_answers_and_neither_answers_our_own_question()
    {
        var (server, proxy) = (new Counter(), new Counter());
        var responder = new AutoResponder(server, proxy, _mode, _discovery);

        responder.TryAnswer(ClientPackets.Discover(1), _buffer, out _);
        Assert.Equal((0, 1), (server.Asked, proxy.Asked));
        Serve();
        responder.TryAnswer(ClientPackets.Discover(1), _buffer, out _);
        Assert.Equal((1, 1), (server.Asked, proxy.Asked));
        _mode.Heard(Other);
        responder.TryAnswer(ClientPackets.Discover(1), _buffer, out _);
        Assert.Equal((1, 2), (server.Asked, proxy.Asked));

        var length = _discovery.Write(_buffer);
        Assert.False(responder.TryAnswer(_buffer.AsSpan(0, length), new byte[600], out _));
        Assert.Equal((1, 2), (server.Asked, proxy.Asked));
    }

    private void Serve()
    {
        while (!_mode.GivesAddresses)
        {
            _mode.Unanswered();
        }
    }

    private int CountUntilServing()
    {
        var count = 1;
        while (!_mode.Unanswered())
        {
            count++;
        }

        return count;
    }

    private static byte[] AnswerOf(Ipv4 server, DhcpMessageType type, bool hasAddress)
    {
        Assert.True(DhcpPacket.TryParse(ClientPackets.Discover(1), out var request, out _));
        var buffer = new byte[600];
        var writer = DhcpPacketWriter.Reply(buffer, request, type);
        writer.YourAddress = hasAddress ? Ipv4.Of(10, 0, 0, 77) : Ipv4.Any;
        writer.Add(DhcpOptionCode.ServerIdentifier, server);
        return buffer[..writer.Finish()];
    }

    private sealed class Counter : IDhcpResponder
    {
        public int Asked { get; private set; }

        public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
        {
            Asked++;
            reply = default;
            return true;
        }
    }
}
