using System.Net;
using Mayu.Netboot.Tests;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests.Http;

/// <summary>Who gives way when all connections are taken, and who gets none.</summary>
public sealed class ListenerConnectionsTests : IDisposable
{
    private static readonly IPAddress Known = new([10, 0, 0, 1]);

    private readonly SteppedClock _clock = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _loggers;
    private readonly ListenerConnections _table;

    public ListenerConnectionsTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        _table = new ListenerConnections(new ConnectionLimits("boot", "boot.max_connections_per_client", All: 4, OfOneClient: 3), Known.Equals, _clock, _loggers);
    }

    [Fact]
    public void The_oldest_silent_connection_of_whoever_has_most_gives_way()
    {
        var one = Open(6);
        var (first, second, third) = (Open(2), Open(2), Open(2));
        var newcomer = Open(3);
        Assert.Equal([first], Closed(one, first, second, third, newcomer));
        Assert.Contains("All 4 connections to the boot listener are in use: one of 10.0.0.2, which has 2 others, was closed for 10.0.0.3", _lines.Texts);

        // Two of them are of one host now; who has one each stays.
        _ = Open(4);
        Assert.Equal([first, second], Closed(one, first, second, third, newcomer));
    }

    [Fact]
    public void What_is_silent_goes_before_what_was_answered_and_that_before_what_is_answered()
    {
        var (busy, idle, silent, other) = (Open(6).Begin(), Open(6).Begin().End(), Open(2), Open(3).Begin());
        _ = Open(4).Begin();
        Assert.Equal([silent], Closed(busy, idle, silent, other));
        _ = Open(5).Begin();
        Assert.Equal([idle, silent], Closed(busy, idle, silent, other));
    }

    [Fact]
    public void Of_downloads_a_newcomer_gets_one_of_whoever_keeps_more_than_he_has_then()
    {
        var all = new[] { Open(6).Begin(), Open(6).Begin(), Open(6).Begin(), Open(2).Begin() };
        Assert.False(Open(3).Begin().IsClosed);
        Assert.Equal([all[0]], Closed(all));
        // A line a second is written.
        _clock.Pass(TimeSpan.FromSeconds(1));
        var second = Open(3);
        Assert.True(second.IsClosed);
        Assert.Equal([all[0]], Closed(all));
        Assert.Contains(
            "10.0.0.3 already has 1 busy connections to the boot listener; further ones are refused: boot.max_connections_per_client", _lines.Texts);
    }

    [Fact]
    public void A_known_machine_gets_one_of_strangers_who_have_one_each_and_loses_none_to_them()
    {
        var all = new[] { Open(2).Begin(), Open(3).Begin(), Open(4).Begin(), Open(5).Begin() };
        var machine = Open(1);
        Assert.Equal([all[0]], Closed(all));
        Assert.False(machine.IsClosed);
        Assert.True(Open(6).IsClosed);
        Assert.False(machine.IsClosed);
    }

    [Fact]
    public void A_client_with_its_share_loses_what_is_not_being_answered_or_gets_no_more()
    {
        var (busy, idle, silent) = (Open(2).Begin(), Open(2).Begin().End(), Open(2));
        Assert.False(Open(2).Begin().IsClosed);
        Assert.Equal([silent], Closed(busy, idle, silent));
        Assert.False(Open(2).Begin().IsClosed);
        Assert.Equal([idle, silent], Closed(busy, idle, silent));
        Assert.True(Open(2).IsClosed);
        Assert.False(Open(3).IsClosed);
    }

    [Fact]
    public void Of_an_operator_nothing_gives_way_to_strangers_while_it_is_answered()
    {
        var operators = Enumerable.Range(0, 3).Select(_ => Open(2).Begin(isOperator: true)).ToList();
        var stranger = Open(3);
        Assert.False(Open(4).IsClosed);
        Assert.True(stranger.IsClosed);
        Assert.DoesNotContain(operators, one => one.IsClosed);
        // What an operator does not use may go.
        operators[0].End();
        Open(5).Begin();
        Open(6).Begin();
        Assert.Equal([operators[0]], Closed([.. operators]));
    }

    [Fact]
    public void A_connection_that_asks_for_nothing_is_closed_after_15_seconds()
    {
        var (silent, asked, machine) = (Open(2), Open(3).Begin().End(), Open(1));
        _clock.Pass(TimeSpan.FromSeconds(14));
        var late = Open(4);
        Assert.False(silent.IsClosed);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([silent, machine], Closed(silent, asked, machine, late));
    }

    [Fact]
    public void Connections_that_end_are_counted_no_more()
    {
        var first = Open(2);
        for (var i = 0; i < 10; i++)
        {
            Open(2).Leave();
            Open(3).Leave();
        }

        _ = (Open(2), Open(2), Open(3));
        Assert.False(first.IsClosed);
    }

    public void Dispose()
    {
        _table.Dispose();
        _loggers.Dispose();
        _lines.Dispose();
    }

    private static IEnumerable<Peer> Closed(params Peer[] peers) => peers.Where(one => one.IsClosed);

    // Each a moment after the other.
    private Peer Open(byte host)
    {
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        return new Peer(_table, new IPAddress([10, 0, 0, host]));
    }

    private sealed class Peer : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _left = new();
        private readonly Queue<TaskCompletionSource> _answers = [];

        public Peer(ListenerConnections table, IPAddress address)
        {
            RemoteEndPoint = new IPEndPoint(address, 1024);
            _ = table.RunAsync(this, _ => _left.Task);
        }

        public bool IsClosed { get; private set; }

        public Peer Begin(bool isOperator = false)
        {
            var answer = new TaskCompletionSource();
            _answers.Enqueue(answer);
            _ = Features.Get<ClientConnection>()!.AnswerAsync(() => answer.Task, isOperator);
            return this;
        }

        public Peer End()
        {
            _answers.Dequeue().SetResult();
            return this;
        }

        public void Leave() => _left.SetResult();

        public override void Abort(ConnectionAbortedException abortReason)
        {
            IsClosed = true;
            _left.TrySetResult();
        }
    }

    /// <summary>Time that passes when a test says so, and its timers with it, a second at a time.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _elapsed;
        private TimeSpan _due = TimeSpan.FromSeconds(1);
        private Action? _tick;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return new NoTimer();
        }

        public void Pass(TimeSpan time)
        {
            for (_elapsed += time; _elapsed >= _due; _due += TimeSpan.FromSeconds(1))
            {
                _tick?.Invoke();
            }
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
