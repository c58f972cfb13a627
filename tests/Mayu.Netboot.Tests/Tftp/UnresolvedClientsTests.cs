using Mayu.Linux.Sockets;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>How many addresses that answer no ARP something is sent to.</summary>
public sealed class UnresolvedClientsTests
{
    private const int Most = 10;

    private readonly StoppedClock _clock = new();
    private readonly HashSet<SocketName> _resolved = [];
    private readonly UnresolvedClients _clients;

    public UnresolvedClientsTests() => _clients = new UnresolvedClients(Most, _resolved.Contains, _clock);

    [Fact]
    public void No_more_are_answered_than_are_allowed_and_who_is_known_always_is()
    {
        Assert.Equal(Most, Enumerable.Range(0, 1000).Count(i => _clients.MaySendTo(Client(i))));
        Assert.True(_clients.MaySendTo(Client(0)));

        _resolved.Add(Client(2000));
        Assert.True(_clients.MaySendTo(Client(2000)));
    }

    [Fact]
    public void After_a_while_there_is_room_for_others_but_not_where_more_was_sent()
    {
        Assert.Equal(Most, Enumerable.Range(0, 1000).Count(i => _clients.MaySendTo(Client(i))));
        _clock.Pass(UnresolvedClients.Memory / 2);
        Assert.True(_clients.MaySendTo(Client(0)));
        Assert.False(_clients.MaySendTo(Client(2000)));

        _clock.Pass(UnresolvedClients.Memory / 2);
        Assert.Equal(Most - 1, Enumerable.Range(3000, 1000).Count(i => _clients.MaySendTo(Client(i))));
    }

    private static SocketName Client(int number) => new(new Ipv4(0x0A4D0000u + (uint)number), 2000);
}
