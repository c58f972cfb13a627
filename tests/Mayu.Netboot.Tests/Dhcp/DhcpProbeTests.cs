using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>An address is offered when nobody was found that uses it, and nobody but its client waits for that.</summary>
public class DhcpProbeTests
{
    private static readonly Ipv4 First = new(0x0A000032);
    private static readonly Ipv4 Second = new(0x0A000033);
    private static readonly MacAddress Forger = MacAddress.FromOctets([2, 0x99, 0, 0, 0, 0xFF]);

    private readonly FakeProbe _probe = new();
    private readonly ServedNetwork _network;

    public DhcpProbeTests() => _network = Network(Second);

    [Fact]
    public async Task A_discover_waits_until_it_is_known_that_nobody_uses_the_address()
    {
        Assert.False(_network.Send(Discover(1)));

        _probe.Answer(First, user: null);
        _probe.Answer(Second, user: null);
        await _network.ReceiveAsync();

        Assert.Equal(DhcpMessageType.Offer, _network.Answer.MessageType);
        Assert.StartsWith("offer: ", _network.LastMark(1), StringComparison.Ordinal);
        Assert.True(_network.Send(Discover(1)));
    }

    [Fact]
    public async Task A_machine_that_is_to_boot_its_own_disk_by_then_gets_no_loader()
    {
        Assert.False(_network.Send(Discover(1, Pxe(7))));
        Assert.StartsWith("discover: ", _network.LastMark(1), StringComparison.Ordinal);

        _network.Cluster.Kind = BootAnswerKind.LocalDisk;
        _probe.Answer(First, user: null);
        _probe.Answer(Second, user: null);
        await Eventually.TrueAsync(() => !_network.LastMark(1).StartsWith("discover: ", StringComparison.Ordinal));

        Assert.Equal("silent: the test says LocalDisk", _network.LastMark(1));
    }

    [Fact]
    public async Task Others_are_served_while_one_waits()
    {
        Assert.False(_network.Send(Discover(1)));
        var waiting = _network.Clients.Find(First) is null ? Second : First;
        var other = waiting == First ? Second : First;

        _probe.Answer(other, user: null);
        Assert.False(_network.Send(Discover(2)));
        await _network.ReceiveAsync();

        Assert.Equal(other.Value, _network.Answer.YourAddress.Value);
        Assert.True(_network.Send(Request(2, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 1)), Option(50, other))));
        Assert.True(_network.Send(Request(3, DhcpMessageType.Inform, Ipv4.Of(10, 0, 0, 9))));
    }

    [Fact]
    public async Task An_address_that_is_in_use_is_left_alone_and_told_of_and_the_client_gets_another()
    {
        Assert.False(_network.Send(Discover(1)));
        var used = _network.Clients.Find(First) is null ? Second : First;
        var free = used == First ? Second : First;

        _probe.Answer(free, user: null);
        _probe.Answer(used, "02:99:00:00:00:01");
        await _network.ReceiveAsync();

        Assert.Equal(free.Value, _network.Answer.YourAddress.Value);
        Assert.Contains(_network.Trace.Find(ServedNetwork.MacOf(1))!.Hops, hop => hop.Detail == $"{used} is in use (02:99:00:00:00:01): it is not offered for 10 minutes");
        Assert.Null(_network.Clients.Find(used));
        Assert.False(_network.Send(Discover(2)));
        Assert.Contains("is full", _network.LastMark(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machines_own_answer_under_its_own_address_is_no_conflict()
    {
        _probe.Everybody = ServedNetwork.MacOf(1);

        Assert.False(_network.Send(Discover(1)));
        await _network.ReceiveAsync();

        Assert.Equal(DhcpMessageType.Offer, _network.Answer.MessageType);
        Assert.All(_network.Responder.Decider.Occupants, pool => Assert.Empty(pool.All));
    }

    [Fact]
    public async Task Who_answers_for_every_address_keeps_nobody_from_one_and_is_named()
    {
        var network = Network(new Ipv4(First.Value + 20));
        _probe.Everybody = Forger;

        for (byte client = 1; client <= 20; client++)
        {
            Assert.False(network.Send(Discover(client)));
            await network.ReceiveAsync();
            Assert.Equal(DhcpMessageType.Offer, network.Answer.MessageType);
            Assert.True(network.Send(Request(client, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 1)), Option(50, network.Answer.YourAddress))));
        }

        var pool = Assert.Single(network.Responder.Decider.Occupants);
        Assert.Empty(pool.All);
        Assert.Contains($"{Forger} answers ARP for more than 4 addresses", Assert.Single(pool.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_half_of_a_pool_is_in_use_the_other_half_is_given_out_whatever_answers()
    {
        var network = Network(new Ipv4(First.Value + 19));
        network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        for (var i = 0u; i < 20; i++)
        {
            // Each with another MAC, as only a forger who knows this server would.
            _probe.Answer(new Ipv4(First.Value + i), $"02:99:00:00:00:{i:x2}");
        }

        Assert.False(network.Send(Discover(1)));
        await network.ReceiveAsync();

        Assert.Equal(DhcpMessageType.Offer, network.Answer.MessageType);
        var pool = Assert.Single(network.Responder.Decider.Occupants);
        Assert.Equal(10, pool.All.Length);
        Assert.Contains("10 of 10.0.0.50-10.0.0.69 are in use by unknown devices", Assert.Single(pool.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_again_while_it_waits_is_answered_once_and_by_its_newest_packet()
    {
        Assert.False(_network.Send(Discover(1)));
        var again = Discover(1);
        again[7] = 77;
        Assert.False(_network.Send(again));

        _probe.Answer(First, user: null);
        _probe.Answer(Second, user: null);
        await _network.ReceiveAsync();

        Assert.Equal((77u, 1), (_network.Answer.TransactionId, _probe.Count));
    }

    [Fact]
    public async Task A_client_with_a_lease_does_not_wait()
    {
        _probe.Answer(First, user: null);
        _probe.Answer(Second, user: null);
        Assert.False(_network.Send(Discover(1)));
        await _network.ReceiveAsync();
        var address = _network.Answer.YourAddress;
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 1)), Option(50, address))));

        _network.Clock.Pass(TimeSpan.FromMinutes(5));
        Assert.True(_network.Send(Discover(1)));
        Assert.Equal(address, _network.Answer.YourAddress);
    }

    [Fact]
    public async Task An_address_whose_lease_ended_is_asked_for_again()
    {
        _probe.Answer(First, user: null);
        _probe.Answer(Second, user: null);
        Assert.False(_network.Send(Discover(1)));
        await _network.ReceiveAsync();
        var address = _network.Answer.YourAddress;
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 1)), Option(50, address))));

        _network.Clock.Pass(TimeSpan.FromDays(30));
        Assert.False(_network.Send(Discover(1)));
        await _network.ReceiveAsync();
        Assert.Equal(address, _network.Answer.YourAddress);
    }

    [Fact]
    public void A_reserved_address_is_its_clients_for_good_and_not_asked_for()
    {
        var network = new ServedNetwork(
            log: null,
            restored: [],
            _probe,
            DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), First, Second) with
            {
                Network = Wide(Second),
                Dhcp = new DhcpSettings { Reservations = [new DhcpReservation(ServedNetwork.MacOf(1), First, Hostname: null)] },
            });

        Assert.True(network.Send(Discover(1)));
        Assert.Equal((First, 0), (network.Answer.YourAddress, _probe.Count));
    }

    [Fact]
    public async Task When_too_many_wait_strangers_have_to_ask_again_and_known_machines_do_not()
    {
        var network = Network(new Ipv4(First.Value + 2000));
        network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        for (var i = 0; i < 1024; i++)
        {
            Assert.False(network.Send(FromMac(i)));
        }

        Assert.False(network.Send(FromMac(5000)));
        Assert.True(network.Send(Discover(1)));
        Assert.True(_probe.Count <= 1024);
        await network.Responder.DisposeAsync();
    }

    private static byte[] FromMac(int number)
    {
        var packet = Discover(1);
        (packet[31], packet[32]) = ((byte)(1 + (number >> 8)), (byte)number);
        return packet;
    }

    private ServedNetwork Network(Ipv4 last) => new(
        log: null,
        restored: [],
        _probe,
        DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), First, last) with { Network = Wide(last) });

    private static NetworkPlan Wide(Ipv4 last) => new()
    {
        Subnet = Ipv4Subnet.TryParse("10.0.0.0/16", out var subnet) ? subnet! : throw new InvalidOperationException(),
        ServerAddress = new Ipv4(0x0A000001),
        BootstrapRange = new Ipv4Range(First, last),
    };
}
