using Mayu.Netboot.Net;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests.Net;

/// <summary>An interface that is there, and one that is not. One that is made anew needs root, and is tested on a network of its own (Mayu.Interop.Tests).</summary>
public sealed class InterfaceWatchTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _lines = new();
    private readonly HastyClock _clock = new();
    private int _madeAnew;

    [Fact]
    public async Task One_that_is_gone_is_told_of_once_and_shown_as_long_as_it_is_gone()
    {
        var watch = Watch("eth77");
        Assert.Null(watch.Trouble);
        var watching = watch.RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _clock.Ticks > 5);

        Assert.Equal("the interface eth77 is gone: Mayu does not answer there until it is back", watch.Trouble);
        Assert.Equal(["The interface eth77 is gone: Mayu does not answer there until it is back"], _lines.Texts);
        await EndAsync(watching);
        Assert.Equal(0, _madeAnew);
    }

    [Fact]
    public async Task One_that_stays_is_left_alone()
    {
        var watch = Watch("lo");
        var watching = watch.RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _clock.Ticks > 5);

        Assert.Null(watch.Trouble);
        Assert.Empty(_lines.All);
        await EndAsync(watching);
        Assert.Equal(0, _madeAnew);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _lines.Dispose();
    }

    private InterfaceWatch Watch(string name) => new(
        new BootInterface(name, Ipv4.Of(127, 0, 0, 1), 1500), _clock, new Logger<InterfaceWatch>(new LoggerFactory([_lines])), () => _madeAnew++);

    private async Task EndAsync(Task watching)
    {
        await _stop.CancelAsync();
        await watching.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>Its timers are due at once, and it counts how often.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private int _ticks;

        public int Ticks => Volatile.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
            given =>
            {
                callback(given);
                Interlocked.Increment(ref _ticks);
            },
            state,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(5));
    }
}
