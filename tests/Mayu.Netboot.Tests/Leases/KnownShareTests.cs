using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Leases;

/// <summary>What is kept of a pool for known machines is not used up by addresses at which somebody answers.</summary>
public sealed class KnownShareTests
{
    private const int Pool = 100;
    private const int Strangers = 75;
    private const int Machines = 25;
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);

    private readonly FakeProbe _probe = new();
    private readonly ServedNetwork _network;

    public KnownShareTests()
    {
        _network = NetworkOf(Pool);
        for (byte machine = 1; machine <= Machines; machine++)
        {
            _network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_answers_for_every_address_keeps_no_known_machine_from_one_when_strangers_have_the_rest(bool withNewMacs)
    {
        for (var i = 0; i < Strangers; i++)
        {
            Assert.True(_network.Send(Stranger(Request(1, DhcpMessageType.Request, Option(50, new Ipv4(First.Value + (uint)i))), i)));
        }

        _probe.Everybody = ServedNetwork.MacOf(200);
        _probe.IsForgedAnew = withNewMacs;
        var offered = new HashSet<Ipv4>();
        for (byte machine = 1; machine <= 18; machine++)
        {
            // Sixteen addresses are tried for one question; a client asks four times.
            for (var i = 0; i < 4; i++)
            {
                if (_network.Send(Discover(machine)) || await _network.TryReceiveAsync())
                {
                    offered.Add(_network.Answer.YourAddress);
                    break;
                }
            }
        }

        Assert.Equal(18, offered.Count);
        Assert.False(_network.Send(Stranger(Discover(1), Strangers)));
    }

    [Fact]
    public async Task An_address_at_which_somebody_answered_is_a_known_machines_last_resort()
    {
        var network = NetworkOf(3);
        var device = new Ipv4(First.Value + 1);
        _probe.Answer(First, null);
        _probe.Answer(device, "02:aa:00:00:00:01");
        _probe.Answer(new Ipv4(First.Value + 2), null);
        var offered = new List<Ipv4>();
        for (byte machine = 1; machine <= 3; machine++)
        {
            network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
            if (!network.Send(Discover(machine)))
            {
                await network.ReceiveAsync();
            }

            offered.Add(network.Answer.YourAddress);
        }

        Assert.Equal(3, offered.Distinct().Count());
        Assert.Equal(device, offered[2]);
        Assert.False(network.Send(Stranger(Discover(1), 1)));
    }

    [Fact]
    public async Task What_known_machines_decline_counts_against_strangers()
    {
        var network = NetworkOf(10);
        for (byte machine = 1; machine <= 4; machine++)
        {
            network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
            _probe.Everybody = ServedNetwork.MacOf(machine);
            if (!network.Send(Discover(machine)))
            {
                await network.ReceiveAsync();
            }

            Assert.False(network.Send(Request(machine, DhcpMessageType.Decline, Option(54, Server), Option(50, network.Answer.YourAddress))));
        }

        var use = Assert.Single(network.Responder.Decider.Pools);
        // Ten, of which a quarter is kept: strangers may have eight, and four of these rest.
        Assert.Equal((0, 4, 2, 4), (use.Leased, use.Occupied, use.Kept, use.Free));
    }

    [Fact]
    public void A_full_pool_is_an_alarm_that_says_for_whom()
    {
        var network = NetworkOf(4);
        network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        var unused = Assert.Single(network.Responder.Decider.Pools);
        Assert.Null(unused.Alarm);
        // A pool of reservations alone is not full, but as it was meant.
        Assert.Null((unused with { Kept = 0, Free = 0 }).Alarm);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(network.Send(Stranger(Request(1, DhcpMessageType.Request, Option(50, new Ipv4(First.Value + (uint)i))), i)));
        }

        Assert.StartsWith(
            "alarm: the DHCP pool 10.0.0.50-10.0.0.53 of 10.0.0.0/24 has no address left for unknown machines, 3 addresses are leased, 0 in use by unknown devices, 1 reserved",
            Assert.Single(network.Responder.Decider.Pools).Alarm, StringComparison.Ordinal);
        Assert.True(network.Send(Request(1, DhcpMessageType.Request, Option(50, new Ipv4(First.Value + 3)))));
        Assert.StartsWith(
            "alarm: the DHCP pool 10.0.0.50-10.0.0.53 of 10.0.0.0/24 is full, 4 addresses are leased, 0 in use by unknown devices: machines get no address.",
            Assert.Single(network.Responder.Decider.Pools).Alarm, StringComparison.Ordinal);

        // What ended is free, even before somebody takes it.
        network.Clock.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal((1, 3), Assert.Single(network.Responder.Decider.Pools) is var use ? (use.Leased, use.Free) : default);
    }

    private ServedNetwork NetworkOf(int size) =>
        new(log: null, restored: [], _probe, DhcpResponderTests.SettingsOf(Server, First, new Ipv4(First.Value + (uint)size - 1)));

    private static byte[] Stranger(byte[] packet, int number)
    {
        (packet[30], packet[31], packet[32], packet[33]) = (0x99, (byte)(number >> 16), (byte)(number >> 8), (byte)number);
        return packet;
    }
}
