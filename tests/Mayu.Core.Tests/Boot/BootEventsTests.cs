using Mayu.Core.Boot;

namespace Mayu.Core.Tests.Boot;

public class BootEventsTests
{
    [Fact]
    public void Marks_are_events_with_the_serial_and_the_mac_that_they_came_from()
    {
        var trace = new BootTrace(TimeProvider.System);
        trace.Mark(Sample.Mac(1), HopKind.Discover, "x");
        trace.Link(Sample.Mac(1), Sample.Serial("a"));
        trace.Mark(Sample.Serial("a"), HopKind.Script, "y");

        var events = trace.Events.Read(0, 10, out var missed);
        Assert.Equal(0, missed);
        Assert.Equal([1, 2], events.Select(it => it.Number));
        Assert.Equal([null, "a"], events.Select(it => it.Event.Serial?.Text));
        Assert.All(events, it => Assert.Equal(Sample.Mac(1), it.Event.Mac));
        Assert.Equal("y", events[1].Event.Hop!.Detail);
    }

    [Fact]
    public void A_reader_that_is_too_slow_is_told_how_many_events_it_missed()
    {
        var events = new BootEvents(capacity: 8);
        for (var i = 0; i < 20; i++)
        {
            events.Add(Moving());
        }

        var read = events.Read(5, 100, out var missed);
        Assert.Equal(7, missed);
        Assert.Equal(Enumerable.Range(13, 8).Select(i => (long)i), read.Select(it => it.Number));
        Assert.Equal([18, 19], events.Read(17, 2, out missed).Select(it => it.Number));
        Assert.Empty(events.Read(20, 100, out missed));
        Assert.Equal(0, missed);
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_next_event()
    {
        var events = new BootEvents();
        var waiting = events.WaitAsync(0, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        events.Add(Moving());
        await waiting;
        await events.WaitAsync(0, TestContext.Current.CancellationToken);
        Assert.Equal(1, events.Newest);
    }

    private static BootEvent Moving() => new(BootEventKind.Moving, Sample.Now, Sample.Serial("a"), null);
}
