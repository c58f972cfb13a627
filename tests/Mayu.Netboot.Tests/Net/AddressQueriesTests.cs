using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Net;

/// <summary>How an address is asked for, whatever the packets look like: here four bytes of address, and six of MAC where there is one.</summary>
public sealed class AddressQueriesTests : IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly Ipv4 Asked = Ipv4.Of(10, 0, 0, 7);
    private static readonly MacAddress Client = MacAddress.FromOctets([2, 0, 0, 0, 0, 1]);
    private static readonly MacAddress Stranger = MacAddress.FromOctets([2, 0, 0, 0, 0, 2]);

    private readonly Socket _neighbour = Bound();
    private readonly Socket _own = Bound();
    private AddressQueries? _queries;

    [Fact]
    public async Task The_first_answer_that_counts_ends_the_question()
    {
        var asking = AskAsync(Long);
        Assert.Equal(0, await HearAsync());
        await SayAsync(Asked, Stranger);

        Assert.Equal(new AddressUser(Stranger), await asking);
        Assert.Equal(0, _neighbour.Available);
    }

    [Fact]
    public async Task Where_nobody_answers_it_is_asked_as_often_as_was_set_and_nobody_is_there()
    {
        Assert.Null(await AskAsync(Short));

        for (var i = 0; i < Tries; i++)
        {
            Assert.Equal(i, await HearAsync());
        }

        Assert.Equal(0, _neighbour.Available);
    }

    [Fact]
    public async Task An_answer_to_a_later_try_counts_too()
    {
        var asking = AskAsync(TimeSpan.FromMilliseconds(500));
        await HearAsync();
        Assert.Equal(1, await HearAsync());
        await SayAsync(Asked, Stranger);

        Assert.Equal(new AddressUser(Stranger), await asking);
    }

    [Fact]
    public async Task Who_does_not_count_has_not_answered_and_the_next_one_may()
    {
        var asking = AskAsync(Long);
        await HearAsync();
        await SayAsync(Asked, Client);
        await SayAsync(Asked, Stranger);

        Assert.Equal(new AddressUser(Stranger), await asking);
    }

    [Fact]
    public async Task Where_the_client_alone_answers_nobody_else_is_there()
    {
        var asking = AskAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < Tries; i++)
        {
            await HearAsync();
            await SayAsync(Asked, Client);
        }

        Assert.Null(await asking);
    }

    [Fact]
    public async Task An_answer_from_behind_a_router_counts_without_a_mac()
    {
        var asking = AskAsync(Long);
        await HearAsync();
        await SayAsync(Asked, mac: null);

        Assert.Equal(new AddressUser(null), await asking);
    }

    [Fact]
    public async Task What_is_no_answer_or_about_another_address_is_passed_over()
    {
        var asking = AskAsync(Long);
        await HearAsync();
        await _neighbour.SendToAsync(new byte[] { 1, 2 }, _own.LocalEndPoint!);
        await SayAsync(Ipv4.Of(10, 0, 0, 8), Client);
        await SayAsync(Asked, Stranger);

        Assert.Equal(new AddressUser(Stranger), await asking);
    }

    [Fact]
    public async Task Two_who_ask_for_one_address_hear_the_same_answer_and_each_judges_it()
    {
        var first = AskAsync(Long);
        var second = AskAsync(Long, counts: _ => true);
        await HearAsync();
        await HearAsync();

        await SayAsync(Asked, Client);
        Assert.Equal(new AddressUser(Client), await second);
        Assert.False(first.IsCompleted);
        await SayAsync(Asked, Stranger);
        Assert.Equal(new AddressUser(Stranger), await first);
    }

    [Fact]
    public async Task An_address_can_be_asked_for_again()
    {
        Assert.Null(await AskAsync(Short));
        for (var i = 0; i < Tries; i++)
        {
            await HearAsync();
        }

        var asking = AskAsync(Short);
        await HearAsync();
        await SayAsync(Asked, Stranger);
        Assert.Equal(new AddressUser(Stranger), await asking);
    }

    [Fact]
    public async Task Where_nothing_can_be_sent_nobody_is_met()
    {
        _own.EnableBroadcast = false;

        Assert.Null(await AskAsync(Long, to: new IPEndPoint(IPAddress.Broadcast, 9)));
    }

    [Fact]
    public async Task A_question_can_be_given_up()
    {
        using var stop = new CancellationTokenSource();
        var asking = AskAsync(Long, cancellation: stop.Token);
        await HearAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Once_it_is_closed_nobody_is_met()
    {
        var queries = Queries(Long);
        _queries = null;
        await queries.DisposeAsync();

        Assert.Null(await queries.AskAsync(Asked, _neighbour.LocalEndPoint!, _ => [0], _ => true, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_queries is not null)
        {
            await _queries.DisposeAsync();
        }

        _own.Dispose();
        _neighbour.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, out Ipv4 address, out AddressUser user)
    {
        (address, user) = (default, default);
        if (packet.Length is not (4 or 10))
        {
            return false;
        }

        (address, user) = (Ipv4.Read(packet), new AddressUser(packet.Length == 4 ? null : MacAddress.FromOctets(packet[4..])));
        return true;
    }

    private AddressQueries Queries(TimeSpan pause) => _queries ??= new AddressQueries(_own, TryRead, Tries, pause, TimeProvider.System);

    private Task<AddressUser?> AskAsync(TimeSpan pause, Func<MacAddress, bool>? counts = null, EndPoint? to = null, CancellationToken? cancellation = null) =>
        Queries(pause).AskAsync(
            Asked, to ?? _neighbour.LocalEndPoint!, number => [(byte)number], counts ?? (mac => mac != Client), cancellation ?? TestContext.Current.CancellationToken);

    /// <returns>The number of the try.</returns>
    private async Task<int> HearAsync()
    {
        using var patience = new CancellationTokenSource(Long);
        var packet = new byte[16];
        Assert.Equal(1, await _neighbour.ReceiveAsync(packet, patience.Token));
        return packet[0];
    }

    private async Task SayAsync(Ipv4 address, MacAddress? mac)
    {
        var packet = new byte[mac is null ? 4 : 10];
        address.Write(packet);
        mac?.CopyTo(packet.AsSpan(4));
        await _neighbour.SendToAsync(packet, _own.LocalEndPoint!);
    }
}
