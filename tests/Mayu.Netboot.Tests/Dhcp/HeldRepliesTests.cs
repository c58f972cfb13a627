using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dhcp;

public class HeldRepliesTests
{
    private readonly StoppedClock _clock = new();
    private readonly HeldReplies _held;

    public HeldRepliesTests() => _held = new HeldReplies(_clock);

    [Fact]
    public void An_offer_waits_for_its_own_time_and_the_earliest_goes_first()
    {
        Assert.True(Add(1, 2000));
        Assert.True(Add(2, 500));

        Assert.Null(Take());
        Assert.Equal(200, _held.WaitMilliseconds(200));
        _clock.Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal(100, _held.WaitMilliseconds(200));
        _clock.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, _held.WaitMilliseconds(200));
        Assert.Equal(2, Take());
        Assert.Null(Take());
        _clock.Pass(TimeSpan.FromMilliseconds(1500));
        Assert.Equal(1, Take());
        Assert.Equal((0, 200), (_held.Count, _held.WaitMilliseconds(200)));
    }

    [Fact]
    public void There_is_an_end_to_what_waits()
    {
        for (var i = 0; i < HeldReplies.Capacity; i++)
        {
            Assert.True(Add(1, 100));
        }

        Assert.False(Add(2, 100));
        _clock.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, Take());
        Assert.True(Add(2, 100));
    }

    private bool Add(byte mark, int milliseconds) => _held.TryAdd([mark, 0, 0, 0], new DhcpReply(1, Ipv4.Broadcast, 68) { DelayMilliseconds = milliseconds });

    private int? Take()
    {
        var buffer = new byte[16];
        if (!_held.TryTake(buffer, out var reply))
        {
            return null;
        }

        Assert.Equal((1, 0), (reply.Length, reply.DelayMilliseconds));
        return buffer[0];
    }
}
