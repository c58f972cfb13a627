using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests.DhcpSockets;

/// <summary>Port 67 of a loopback interface: when an answer leaves. What it says is the responder's, here the number that was asked with.</summary>
public sealed class DhcpListenerTests : IDisposable
{
    // What a packet asks for, in its first byte; the second comes back.
    private const byte AtOnce = 0;
    private const byte AfterRecord = 1;
    private const byte Delayed = 2;
    private const byte Nothing = 3;
    private const byte Defect = 4;

    private const int LongDelay = 600_000;
    private static readonly Ipv4 Server = Ipv4.Of(127, 0, 0, 1);
    private static readonly Ipv4 Client = Ipv4.Of(127, 0, 0, 9);

    private readonly OwnNetwork _network = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _lines = new();
    private readonly FakeLog _log = new();
    private readonly FakeResponder _responder = new();
    private readonly DhcpSender _sender;
    private readonly DhcpListener _listener;
    private readonly Socket _client;
    private readonly Task _running;

    public DhcpListenerTests()
    {
        _sender = Open(out var problem) ?? throw new InvalidOperationException(problem);
        _listener = new DhcpListener(_sender, _responder, TimeProvider.System, LoggerOf<DhcpListener>());
        _client = _network.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
            socket.Bind(new IPEndPoint(Client.ToIPAddress(), 68));
            return socket;
        });
        _running = _listener.RunAsync(_stop.Token);
    }

    [Fact]
    public void An_answer_comes_from_the_port_and_the_address_that_was_asked()
    {
        Ask(AtOnce, 7);
        Assert.Equal(7, Hear());
    }

    [Fact]
    public void What_is_not_answered_and_what_brings_a_defect_to_light_keep_nobody_back()
    {
        Ask(Nothing, 1);
        Ask(Defect, 2);
        Ask(AtOnce, 3);

        Assert.Equal(3, Hear());
        Assert.Equal("A defect in Mayu: a DHCP packet was dropped that begins with 0402", Assert.Single(_lines.Texts, line => line.StartsWith("A defect", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_hundred_that_ask_at_once_are_all_answered()
    {
        for (byte i = 0; i < 100; i++)
        {
            Ask(AtOnce, i);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), Enumerable.Range(0, 100).Select(_ => Hear()).Order());
    }

    [Fact]
    public async Task An_answer_that_gives_a_lease_leaves_once_the_lease_is_durable_and_not_before()
    {
        _log.Durable = 4;
        Ask(AfterRecord, 5);
        Ask(AfterRecord, 6);
        await Eventually.TrueAsync(() => _responder.Asked == 2);
        Ask(AtOnce, 9);
        Assert.Equal(9, Hear());

        _sender.Release(5);
        Assert.Equal(5, Hear());
        _sender.Release(5);
        Assert.Equal(0, _client.Available);
        _sender.Release(6);
        Assert.Equal(6, Hear());
    }

    [Fact]
    public void An_answer_whose_lease_is_durable_by_then_leaves_at_once()
    {
        _log.Durable = 5;
        Ask(AfterRecord, 5);
        Assert.Equal(5, Hear());

        // The disk was quicker than the one who looked.
        Span<byte> packet = [8];
        _sender.Send(packet, Reply(1) with { AfterRecord = 5 });
        Assert.Equal(8, Hear());
    }

    [Fact]
    public void More_answers_than_leave_with_one_call_leave_together_once_their_leases_are_durable()
    {
        _log.Durable = 0;
        const byte Many = DhcpSendBatch.Capacity + 10;
        for (byte i = 1; i <= Many; i++)
        {
            _sender.Send([i], Reply(1) with { AfterRecord = i });
        }

        _sender.Release(Many);

        Assert.Equal(Enumerable.Range(1, Many).Select(i => (byte)i), Enumerable.Range(1, Many).Select(_ => Hear()));
    }

    [Fact]
    public void An_offer_that_a_quirk_delays_leaves_after_its_time_and_holds_up_nobody()
    {
        Ask(Delayed, 1);
        Ask(AtOnce, 2);

        Assert.Equal(2, Hear());
        Assert.Equal(1, Hear());
    }

    [Fact]
    public void Offers_whose_time_has_come_leave_together_and_no_sooner()
    {
        _sender.Send([1], Reply(1) with { DelayMilliseconds = LongDelay });
        Assert.InRange(_sender.WaitMilliseconds(LongDelay * 2), LongDelay - 30_000, LongDelay);
        Assert.Equal(200, _sender.WaitMilliseconds(200));
        _sender.SendHeld();

        Ask(AtOnce, 2);
        Assert.Equal(2, Hear());
    }

    [Fact]
    public void More_delayed_offers_than_can_wait_are_told_of()
    {
        for (var i = 0; i <= HeldReplies.Capacity; i++)
        {
            Assert.DoesNotContain(_lines.Texts, IsTrouble);
            _sender.Send([1], Reply(1) with { DelayMilliseconds = LongDelay });
        }

        Assert.StartsWith("DHCP on lo: 1024 offers wait for the delay of their quirk", Assert.Single(_lines.Texts, IsTrouble), StringComparison.Ordinal);
    }

    [Fact]
    public void More_answers_than_can_wait_for_the_disk_are_told_of()
    {
        _log.Durable = 0;
        for (var i = 0; i <= DelayedReplies.Capacity; i++)
        {
            Assert.DoesNotContain(_lines.Texts, IsTrouble);
            _sender.Send([1], Reply(1) with { AfterRecord = 1 });
        }

        Assert.StartsWith("DHCP on lo: 2048 answers wait for the disk", Assert.Single(_lines.Texts, IsTrouble), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 5, 5, true)]
    [InlineData(0, 6, 5, false)]
    [InlineData(1, 0, 5, false)]
    public void An_answer_is_due_where_it_waits_for_nothing(int delay, long afterRecord, long durable, bool isDue)
    {
        _log.Durable = durable;

        Assert.Equal(isDue, _sender.IsDue(Reply(1) with { DelayMilliseconds = delay, AfterRecord = afterRecord }));
    }

    [Fact]
    public void What_cannot_be_sent_is_told_of()
    {
        using var batch = _sender.NewBatch();
        batch.Add(new DhcpReply(1, Client, Port: 0));
        _sender.Send(batch);

        Assert.Equal("DHCP on lo: Invalid argument", Assert.Single(_lines.Texts, IsTrouble));
    }

    [Fact]
    public void A_port_that_another_program_has_is_named()
    {
        Assert.Null(Open(out var problem));
        Assert.StartsWith("DHCP cannot have port 67/udp on \"lo\": another program has it", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_it_is_told_to()
    {
        await Eventually.TrueAsync(() => _lines.Texts.Contains("DHCP answers on lo, 127.0.0.1 port 67/udp"));
        Assert.False(_running.IsCompleted);

        await _stop.CancelAsync();

        await _running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _stop.Cancel();
        Assert.True(_running.Wait(TimeSpan.FromSeconds(30), CancellationToken.None));
        _client.Dispose();
        _listener.Dispose();
        _sender.Dispose();
        _network.Dispose();
        _stop.Dispose();
        _lines.Dispose();
    }

    private static DhcpReply Reply(int length) => new(length, Client, 68);

    private static bool IsTrouble(string line) => line.StartsWith("DHCP on lo: ", StringComparison.Ordinal);

    private DhcpSender? Open(out string? problem)
    {
        (var opened, problem) = _network.Run(() =>
        {
            DhcpSender.TryOpen(new BootInterface("lo", Server, 65536), _log, TimeProvider.System, LoggerOf<DhcpSender>(), out var sender, out var why);
            return (sender, why);
        });
        return opened;
    }

    private Logger<T> LoggerOf<T>() => new(new LoggerFactory([_lines]));

    private void Ask(byte what, byte number) => _client.SendTo([what, number], new IPEndPoint(Server.ToIPAddress(), 67));

    private byte Hear()
    {
        var packet = new byte[2000];
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(1, _client.ReceiveFrom(packet, ref sender));
        Assert.Equal(new IPEndPoint(Server.ToIPAddress(), 67), sender);
        return packet[0];
    }

    private sealed class FakeLog : ILeaseLog
    {
        private long _durable = 100;

        public long Newest => 0;

        public long Durable
        {
            get => Volatile.Read(ref _durable);
            set => Volatile.Write(ref _durable, value);
        }

        public void Append(in LeaseRecord record)
        {
        }
    }

    private sealed class FakeResponder : IDhcpResponder
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
        {
            Interlocked.Increment(ref _asked);
            var (what, number) = (datagram[0], datagram[1]);
            buffer[0] = number;
            reply = Reply(1) with { AfterRecord = what == AfterRecord ? number : 0, DelayMilliseconds = what == Delayed ? 300 : 0 };
            return what switch
            {
                Defect => throw new InvalidOperationException("a defect"),
                Nothing => false,
                _ => true,
            };
        }
    }
}
