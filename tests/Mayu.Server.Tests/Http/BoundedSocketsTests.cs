using System.Net;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Connections;

namespace Mayu.Server.Tests.Http;

/// <summary>Places for connections, which all listeners share.</summary>
public sealed class BoundedSocketsTests : IDisposable
{
    private readonly FakeSockets _fake = new();
    private readonly BoundedSockets _sockets;

    public BoundedSocketsTests() => _sockets = new BoundedSockets(_fake, most: 2);

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public async Task No_more_are_accepted_than_there_are_places_and_each_that_ends_makes_room_for_one()
    {
        var (one, other) = (await BindAsync(), await BindAsync());
        var first = await one.AcceptAsync(TestContext.Current.CancellationToken);
        await using var second = await other.AcceptAsync(TestContext.Current.CancellationToken);
        var third = one.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(2, _fake.Accepted);

        await first!.DisposeAsync();
        await using var accepted = await third;
        Assert.NotNull(accepted);

        // It has made room once.
        await first.DisposeAsync();
        var fourth = other.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(3, _fake.Accepted);
        await accepted.DisposeAsync();
        await using var last = await fourth;
        Assert.NotNull(last);
    }

    [Fact]
    public async Task A_listener_that_accepts_nothing_more_gives_its_place_back()
    {
        var (one, other) = (await BindAsync(), await BindAsync());
        _fake.IsClosed = true;
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await one.AcceptAsync(TestContext.Current.CancellationToken));
        }

        _fake.IsClosed = false;
        await using var accepted = await other.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(accepted);
    }

    [Fact]
    public async Task A_listener_that_cannot_accept_is_told_of()
    {
        var one = await BindAsync();
        Assert.False(_sockets.HasFailed);
        _fake.Failure = new InvalidOperationException();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await one.AcceptAsync(TestContext.Current.CancellationToken));
        Assert.True(_sockets.HasFailed);
    }

    [Fact]
    public async Task Who_waits_for_a_place_when_the_listener_ends_waits_no_longer()
    {
        var listener = await BindAsync();
        await using var first = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using var second = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        var third = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();

        await listener.UnbindAsync(TestContext.Current.CancellationToken);

        Assert.Null(await third.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, _fake.Unbound);
        await listener.DisposeAsync();
        Assert.Equal(1, _fake.Disposed);
    }

    private async Task<IConnectionListener> BindAsync() => await _sockets.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);

    private sealed class FakeSockets : IConnectionListenerFactory
    {
        public int Accepted { get; private set; }

        public int Unbound { get; private set; }

        public int Disposed { get; private set; }

        public bool IsClosed { get; set; }

        public Exception? Failure { get; set; }

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new Listener(this, endpoint));

        private sealed class Listener(FakeSockets all, EndPoint endpoint) : IConnectionListener
        {
            public EndPoint EndPoint => endpoint;

            public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
            {
                all.Accepted++;
                return all.Failure is { } failure ? throw failure : ValueTask.FromResult<ConnectionContext?>(all.IsClosed ? null : new DefaultConnectionContext());
            }

            public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
            {
                all.Unbound++;
                return default;
            }

            public ValueTask DisposeAsync()
            {
                all.Disposed++;
                return default;
            }
        }
    }
}
