using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Net;

public class ClientTableTests
{
    private static readonly Ipv4 Address = Ipv4.Of(10, 0, 0, 50);
    private static readonly MacAddress First = ServedNetwork.MacOf(1);
    private static readonly MacAddress Second = ServedNetwork.MacOf(2);

    private readonly StoppedClock _clock = new();
    private readonly FakeCluster _cluster = new();
    private readonly ClientTable _clients;

    public ClientTableTests() => _clients = new ClientTable(_cluster, _clock);

    [Fact]
    public void An_address_is_its_clients_until_the_lease_ends()
    {
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        _clock.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(First, _clients.Find(Address));
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(_clients.Find(Address));
    }

    [Fact]
    public void A_client_has_the_address_that_it_was_given_last()
    {
        var other = Ipv4.Of(10, 0, 0, 51);
        Assert.Null(_clients.AddressOf(First));
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        _clients.Hear(other, First, TimeSpan.FromHours(2));
        Assert.Equal(other, _clients.AddressOf(First));
        _clients.Hear(other, Second, TimeSpan.FromHours(2));
        Assert.Null(_clients.AddressOf(First));
        Assert.Equal(other, _clients.AddressOf(Second));
        _clients.Remove(other, Second);
        Assert.Null(_clients.AddressOf(Second));
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Null(_clients.AddressOf(First));
    }

    [Fact]
    public void A_trial_lease_lasts_for_who_went_on_to_boot()
    {
        _clients.Lease(Address, First, TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        _clock.Pass(TimeSpan.FromMinutes(10));
        Assert.Null(_clients.Find(Address));
        _cluster.Booted.Add(First);
        Assert.Equal(First, _clients.Find(Address));
        _clock.Pass(TimeSpan.FromMinutes(50));
        Assert.Null(_clients.Find(Address));
    }

    [Fact]
    public void An_address_that_went_to_another_client_is_not_the_formers_any_more_nor_his_to_take_away()
    {
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        _clients.Hear(Address, Second, time: null);
        _clients.Remove(Address, First);
        Assert.Equal(Second, _clients.Find(Address));
        _clients.Remove(Address, Second);
        Assert.Null(_clients.Find(Address));
    }

    [Fact]
    public void Of_what_is_heard_the_oldest_is_forgotten_and_of_what_is_leased_nothing()
    {
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        for (var i = 0u; i <= ClientTable.MaximumHeard; i++)
        {
            _clients.Hear(new Ipv4(0x0B000000 + i), Second, time: null);
        }

        Assert.Null(_clients.Find(new Ipv4(0x0B000000)));
        Assert.Equal(Second, _clients.Find(new Ipv4(0x0B000001)));
        Assert.Equal(First, _clients.Find(Address));
    }

    [Fact]
    public void A_limit_of_block_sizes_is_its_clients_whatever_address_it_has()
    {
        _clients.LimitBlockSize(First, 1024);
        Assert.Null(_clients.MaximumBlockSize(Address));
        _clients.Lease(Address, First, TimeSpan.FromHours(1));
        Assert.Equal(1024, _clients.MaximumBlockSize(Address));
        _clients.Lease(Address, Second, TimeSpan.FromHours(1));
        Assert.Null(_clients.MaximumBlockSize(Address));
    }
}
