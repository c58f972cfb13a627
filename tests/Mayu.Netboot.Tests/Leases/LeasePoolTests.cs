using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Leases;

public class LeasePoolTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);

    private readonly StoppedClock _clock = new();
    private readonly FakeCluster _cluster = new();
    private readonly ClientTable _clients;

    public LeasePoolTests() => _clients = new ClientTable(_cluster, _clock);

    [Fact]
    public void A_client_gets_the_same_address_at_every_offer()
    {
        var pool = Pool(1, 200);

        var first = Offer(pool, 7);
        Offer(pool, 8);

        Assert.Equal(first, Offer(pool, 7));
        _clock.Pass(TimeSpan.FromDays(1));
        Assert.Equal(first, Offer(pool, 7));
    }

    [Fact]
    public void A_client_gets_the_same_address_after_a_restart()
    {
        Assert.Equal(Offer(Pool(1, 200), 7), Offer(Pool(1, 200), 7));
    }

    [Fact]
    public void No_address_is_given_twice_and_a_full_pool_gives_none()
    {
        var pool = Pool(1, 50);
        var given = Enumerable.Range(0, 50).Select(i => Offer(pool, i)!.Value).ToHashSet();

        Assert.Equal(50, given.Count);
        Assert.All(given, address => Assert.True(pool.Range.Contains(address)));
        Assert.Null(Offer(pool, 99));
        Assert.NotNull(Offer(pool, 0));
    }

    [Fact]
    public void Excluded_addresses_are_never_given()
    {
        var pool = Pool(1, 3, Address(2));

        Assert.Equal(2, pool.Size);
        Assert.Equal([Address(1), Address(3)], new[] { Offer(pool, 0)!.Value, Offer(pool, 1)!.Value }.Order());
        Assert.Null(Offer(pool, 2, wish: Address(2)));
        Assert.Equal(LeaseVerdict.NotOurs, Bind(pool, 3, Address(2)));
    }

    [Fact]
    public void A_machines_own_address_is_never_leased_even_when_it_becomes_its_own_later()
    {
        var pool = Pool(1, 2);
        var first = Offer(pool, 0)!.Value;
        Bind(pool, 0, first);
        _cluster.Taken.Add(first);

        Assert.NotEqual(first, Offer(pool, 0));
        Assert.NotEqual(LeaseVerdict.Bound, Bind(pool, 0, first));
        Assert.Null(Offer(pool, 1));
    }

    [Fact]
    public void A_wish_is_granted_where_it_is_free()
    {
        var pool = Pool(1, 50);

        Assert.Equal(Address(33), Offer(pool, 0, wish: Address(33)));
        Assert.NotEqual(Address(33), Offer(pool, 1, wish: Address(33)));
        Assert.True(pool.Range.Contains(Offer(pool, 2, wish: new Ipv4(0x0B000001))!.Value));
    }

    [Fact]
    public void An_offer_is_held_until_it_runs_out()
    {
        var pool = Pool(1, 1);
        Offer(pool, 0);

        Assert.Null(Offer(pool, 1));
        _clock.Pass(LeasePool.OfferTime);
        Assert.Equal(Address(1), Offer(pool, 1));
        Assert.Equal(LeaseVerdict.Taken, Bind(pool, 0, Address(1)));
    }

    [Fact]
    public void A_lease_is_held_for_its_time_and_a_renewal_begins_it_anew()
    {
        var pool = Pool(1, 1);
        Offer(pool, 0);
        Assert.Equal(LeaseVerdict.Bound, Bind(pool, 0, Address(1)));

        _clock.Pass(LeaseTime - TimeSpan.FromSeconds(1));
        Assert.Null(Offer(pool, 1));
        Assert.Equal(LeaseVerdict.Bound, Bind(pool, 0, Address(1)));
        _clock.Pass(LeaseTime - TimeSpan.FromSeconds(1));
        Assert.Null(Offer(pool, 1));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Address(1), Offer(pool, 1));
    }

    [Fact]
    public void Asking_anew_does_not_turn_a_lease_into_an_offer_that_runs_out_sooner()
    {
        var pool = Pool(1, 1);
        Offer(pool, 0);
        Bind(pool, 0, Address(1));
        Offer(pool, 0);

        _clock.Pass(LeasePool.OfferTime);
        Assert.Null(Offer(pool, 1));
    }

    [Fact]
    public void Of_ended_leases_the_oldest_is_given_first()
    {
        var pool = Pool(1, 2);
        var first = Offer(pool, 0)!.Value;
        Bind(pool, 0, first);
        _clock.Pass(TimeSpan.FromMinutes(1));
        Bind(pool, 1, Offer(pool, 1)!.Value);
        _clock.Pass(LeaseTime);

        Assert.Equal(first, Offer(pool, 2));
    }

    [Fact]
    public void A_released_address_is_free_at_once_but_its_clients_if_nobody_needs_it()
    {
        var pool = Pool(1, 2);
        var address = Offer(pool, 0)!.Value;
        Bind(pool, 0, address);

        Assert.False(pool.TryRelease(Mac(1), address));
        Assert.True(pool.TryRelease(Mac(0), address));
        Assert.Null(_clients.Find(address));
        Assert.Equal(address, Offer(pool, 0));
    }

    [Fact]
    public void A_declined_address_rests()
    {
        var pool = Pool(1, 1);
        Offer(pool, 0);
        Bind(pool, 0, Address(1));

        Assert.False(pool.TryHold(Mac(1), Address(1)));
        Assert.True(pool.TryHold(Mac(0), Address(1)));
        Assert.Null(Offer(pool, 0));
        Assert.Equal(LeaseVerdict.Taken, Bind(pool, 0, Address(1)));
        _clock.Pass(LeasePool.HoldTime);
        Assert.Equal(Address(1), Offer(pool, 0));
    }

    [Fact]
    public void A_client_that_took_another_servers_offer_frees_ours()
    {
        var pool = Pool(1, 1);
        Offer(pool, 0);
        pool.Withdraw(Mac(0));

        Assert.Equal(Address(1), Offer(pool, 1));
    }

    [Fact]
    public void A_free_address_is_bound_without_an_offer_since_the_pool_may_have_forgotten_it()
    {
        var pool = Pool(1, 50);

        Assert.Equal(LeaseVerdict.Bound, Bind(pool, 0, Address(9)));
        Assert.Equal(LeaseVerdict.HasAnother, Bind(pool, 0, Address(10)));
        Assert.Equal(LeaseVerdict.Taken, Bind(pool, 1, Address(9)));
        Assert.Equal(LeaseVerdict.NotOurs, Bind(pool, 1, Address(51)));
    }

    [Fact]
    public void The_owner_of_an_address_is_found_while_it_has_it()
    {
        var pool = Pool(1, 50);
        var address = Offer(pool, 0)!.Value;

        Assert.Equal(Mac(0), _clients.Find(address));
        _clock.Pass(LeasePool.OfferTime);
        Assert.Null(_clients.Find(address));
    }

    /// <summary>Whatever clients do, no address has two owners that both hold it, and none is outside the pool.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_traffic_keeps_each_address_with_one_client(int seed)
    {
        var random = new Random(seed);
        var pool = Pool(1, 20, Address(5));
        var bound = new Dictionary<Ipv4, (int Client, TimeSpan Until)>();
        var now = TimeSpan.Zero;
        for (var i = 0; i < 20_000; i++)
        {
            var client = random.Next(30);
            var address = Address((uint)random.Next(1, 23));
            switch (random.Next(6))
            {
                case 0:
                    var step = TimeSpan.FromSeconds(random.Next(90));
                    now += step;
                    _clock.Pass(step);
                    break;
                case 1:
                    if (Offer(pool, client, address) is { } offered)
                    {
                        Assert.True(pool.Range.Contains(offered) && offered != Address(5));
                        AssertNobodyElse(bound, offered, client, now);
                    }

                    break;
                case 2 or 3:
                    if (Bind(pool, client, address) == LeaseVerdict.Bound)
                    {
                        AssertNobodyElse(bound, address, client, now);
                        bound[address] = (client, now + LeaseTime);
                    }

                    break;
                case 4:
                    if (pool.TryRelease(Mac(client), address) || pool.TryHold(Mac(client), address))
                    {
                        bound.Remove(address);
                    }

                    break;
                default:
                    pool.Withdraw(Mac(client));
                    break;
            }
        }
    }

    [Fact]
    public void What_is_listed_is_what_counts_as_leased_and_what_ended()
    {
        var start = _clock.GetUtcNow();
        var pool = new LeasePool(
            new LeaseRules { Range = new Ipv4Range(Address(1), Address(9)), LeaseTime = LeaseTime, TrialTime = TimeSpan.FromMinutes(2), KnownShare = 0 },
            _cluster, log: null, _clients, _clock);
        foreach (var (client, isTrusted) in new[] { (1, true), (2, false), (3, false), (4, true), (5, true) })
        {
            Assert.Equal(LeaseVerdict.Bound, pool.TryBind(new LeaseClient(Mac(client), IsTrusted: isTrusted), Address((uint)client)));
        }

        Offer(pool, 6, Address(6));
        _cluster.Booted.Add(Mac(2));
        pool.TryRelease(Mac(4), Address(4));
        pool.TryHold(Mac(5), Address(5));
        _clock.Pass(TimeSpan.FromMinutes(5));
        Offer(pool, 7, Address(7));

        // Client 2 went on to boot: its short lease became a long one. Nobody has 5, and 6 never asked for what it was offered.
        Assert.Equal(
            [(1, LeaseState.Bound, false, 10), (2, LeaseState.Trial, false, 10), (3, LeaseState.Trial, true, 2), (4, LeaseState.Released, true, 0), (7, LeaseState.Offered, false, 6)],
            pool.All().OrderBy(lease => lease.Address).Select(lease =>
                ((int)(lease.Address.Value & 0xFF), lease.State, lease.HasEnded, (int)(lease.EndsAt!.Value - start).TotalMinutes)));
        Assert.Equal(pool.All().Count(lease => !lease.HasEnded), pool.UseOf(TestSubnet).Leased);
    }

    private static Ipv4Subnet TestSubnet => Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException();

    private static void AssertNobodyElse(Dictionary<Ipv4, (int Client, TimeSpan Until)> bound, Ipv4 address, int client, TimeSpan now) =>
        Assert.False(bound.TryGetValue(address, out var owner) && owner.Client != client && owner.Until > now);

    private static Ipv4? Offer(LeasePool pool, int client, Ipv4? wish = null) =>
        pool.TryOffer(new LeaseClient(Mac(client), IsKnown: false, IsTrusted: true), wish, out var address, out _) ? address : null;

    private static LeaseVerdict Bind(LeasePool pool, int client, Ipv4 address) =>
        pool.TryBind(new LeaseClient(Mac(client), IsKnown: false, IsTrusted: true), address);

    private static MacAddress Mac(int number) => MacAddress.FromOctets([2, 0, 0, 0, (byte)(number >> 8), (byte)number]);

    private static Ipv4 Address(uint host) => new(0x0A000000 + host);

    private LeasePool Pool(uint first, uint last, params Ipv4[] excluded) =>
        new(
            new LeaseRules
            {
                Range = new Ipv4Range(Address(first), Address(last)),
                Excluded = [.. excluded],
                LeaseTime = LeaseTime,
                TrialTime = LeaseTime,
                KnownShare = 0,
            },
            _cluster,
            log: null,
            _clients,
            _clock);
}
