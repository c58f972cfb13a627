using Mayu.Netboot.Dhcp;
using Mayu.Netboot.DhcpSockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.DhcpSockets;

/// <summary>Answers that wait for the disk.</summary>
public class DelayedRepliesTests
{
    private readonly DelayedReplies _delayed = new();

    [Fact]
    public void An_answer_leaves_once_its_record_is_durable_and_in_its_order()
    {
        Add(1, 10);
        Add(2, 11);

        Assert.Null(Take(9));
        Assert.Equal(1, Take(10));
        Assert.Null(Take(10));
        Assert.Equal(2, Take(20));
        Assert.Null(Take(20));
    }

    [Fact]
    public void There_is_an_end_to_what_waits_and_what_left_makes_room()
    {
        for (var i = 0; i < DelayedReplies.Capacity; i++)
        {
            Assert.True(Add(i % 200, i));
        }

        Assert.False(Add(201, 9000));
        Assert.Equal(0, Take(0));
        Assert.True(Add(202, 9000));
        Assert.False(Add(203, 9000));
        for (var i = 1; i < DelayedReplies.Capacity; i++)
        {
            Assert.Equal(i % 200, Take(9000));
        }

        Assert.Equal(202, Take(9000));
        Assert.Null(Take(9000));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(576)]
    [InlineData(577)]
    [InlineData(DhcpReply.MaximumLength)]
    public void An_answer_of_any_length_leaves_as_it_came_and_so_does_the_next_in_its_place(int length)
    {
        var longest = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
        for (var round = 0; round < 2 * DelayedReplies.Capacity; round++)
        {
            var packet = round % DelayedReplies.Capacity == 1 ? longest : [(byte)round, 1, 2];
            Assert.True(_delayed.TryAdd(packet, new DhcpReply(packet.Length, Ipv4.Broadcast, 68)));
            var buffer = new byte[DhcpReply.MaximumLength];
            Assert.True(_delayed.TryTake(0, buffer, out var reply));
            Assert.Equal((packet.Length, Ipv4.Broadcast, (ushort)68), (reply.Length, reply.Address, reply.Port));
            Assert.True(buffer.AsSpan(0, reply.Length).SequenceEqual(packet));
        }
    }

    [Fact]
    public void A_short_answer_after_a_long_one_in_the_same_place_is_the_short_one()
    {
        var longest = new byte[1000];
        longest.AsSpan().Fill(9);
        Assert.True(_delayed.TryAdd(longest, new DhcpReply(longest.Length, Ipv4.Broadcast, 68)));
        Assert.Equal(9, Take(0));
        for (var i = 1; i <= DelayedReplies.Capacity; i++)
        {
            Add(5, 0);
            Assert.Equal(5, Take(0));
        }
    }

    private bool Add(int mark, long record) => _delayed.TryAdd([(byte)mark], new DhcpReply(1, Ipv4.Broadcast, 68) { AfterRecord = record });

    private int? Take(long durable)
    {
        var buffer = new byte[DhcpReply.MaximumLength];
        return _delayed.TryTake(durable, buffer, out _) ? buffer[0] : null;
    }
}
