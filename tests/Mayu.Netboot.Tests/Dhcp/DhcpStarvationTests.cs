using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Strangers in any number keep no known machine from its address, and what they take comes back soon.</summary>
public class DhcpStarvationTests
{
    private const int Pool = 200;
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);

    private readonly ServedNetwork _network = new(DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 50 + Pool - 1)));

    [Fact]
    public void A_hundred_thousand_strangers_keep_no_known_machine_from_its_lease()
    {
        for (byte machine = 1; machine <= 40; machine++)
        {
            _network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
        }

        for (var i = 0; i < 100_000; i++)
        {
            var stranger = Stranger(Discover(1), i);
            if (_network.Send(stranger) && i % 2 == 0)
            {
                Assert.True(_network.Send(Stranger(Request(1, DhcpMessageType.Request, Option(54, Server), Option(50, _network.Answer.YourAddress)), i)));
            }

            if (i % 1000 == 999)
            {
                _network.Clock.Pass(TimeSpan.FromSeconds(5));
                _network.Bind((byte)(1 + (i / 1000 % 40)), options: Pxe(7));
                Assert.Equal(3600u, _network.LeaseSeconds);
            }
        }
    }

    [Fact]
    public void Without_a_known_machine_strangers_get_the_whole_pool()
    {
        Assert.Equal(Pool, Enumerable.Range(0, Pool + 50).Count(i => _network.Send(Stranger(Discover(1), i))));
    }

    [Fact]
    public void No_more_is_kept_than_there_are_machines()
    {
        _network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        _network.Cluster.Known.Add(ServedNetwork.MacOf(2));

        Assert.Equal(Pool - 2, Enumerable.Range(0, Pool + 50).Count(i => _network.Send(Stranger(Discover(1), i))));
        Assert.True(_network.Send(Discover(1)));
        Assert.True(_network.Send(Discover(2)));
    }

    [Fact]
    public void A_stranger_that_does_not_boot_has_its_address_for_minutes_only()
    {
        FillWithStrangers();
        Assert.Equal(600u, _network.LeaseSeconds);
        Assert.False(_network.Send(Stranger(Discover(1), 9999)));

        _network.Clock.Pass(TimeSpan.FromMinutes(10));
        Assert.True(_network.Send(Stranger(Discover(1), 9999)));
    }

    [Fact]
    public void A_stranger_that_went_on_to_boot_keeps_its_address_for_the_whole_time()
    {
        FillWithStrangers();
        for (var i = 0; i < Pool; i++)
        {
            var mac = Stranger(Discover(1), i).AsSpan(28, 6);
            _network.Cluster.Booted.Add(MacAddress.FromOctets(mac));
        }

        _network.Clock.Pass(TimeSpan.FromMinutes(59));
        Assert.False(_network.Send(Stranger(Discover(1), 9999)));
        _network.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.True(_network.Send(Stranger(Discover(1), 9999)));
    }

    [Fact]
    public void Who_went_on_to_boot_is_told_the_whole_time_when_it_asks_again()
    {
        _network.Cluster.Booted.Add(ServedNetwork.MacOf(1));

        _network.Bind(1);
        Assert.Equal(3600u, _network.LeaseSeconds);
    }

    [Fact]
    public void Strangers_who_decline_what_they_get_keep_no_known_machine_from_its_lease()
    {
        for (byte machine = 1; machine <= 40; machine++)
        {
            _network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
        }

        for (var i = 0; i < 2 * Pool; i++)
        {
            if (_network.Send(Stranger(Discover(1), i)))
            {
                var address = Option(50, _network.Answer.YourAddress);
                Assert.True(_network.Send(Stranger(Request(1, DhcpMessageType.Request, Option(54, Server), address), i)));
                Assert.False(_network.Send(Stranger(Request(1, DhcpMessageType.Decline, Option(54, Server), address), i)));
            }
        }

        for (byte machine = 1; machine <= 40; machine++)
        {
            _network.Bind(machine);
        }
    }

    [Fact]
    public void Whoever_declines_in_the_name_of_known_machines_holds_half_of_the_pool_at_most()
    {
        for (byte machine = 1; machine <= 100; machine++)
        {
            _network.Cluster.Known.Add(ServedNetwork.MacOf(machine));
        }

        for (var i = 0; i < 20; i++)
        {
            for (byte machine = 1; machine <= 100; machine++)
            {
                Assert.True(_network.Send(Discover(machine)));
                var address = Option(50, _network.Answer.YourAddress);
                Assert.True(_network.Send(Request(machine, DhcpMessageType.Request, Option(54, Server), address)));
                Assert.False(_network.Send(Request(machine, DhcpMessageType.Decline, Option(54, Server), address)));
            }
        }

        Assert.InRange(Assert.Single(_network.Responder.Decider.Occupants).All.Length, 1, Pool / 2);
        for (byte machine = 1; machine <= 100; machine++)
        {
            _network.Bind(machine);
        }
    }

    [Fact]
    public void A_uuid_of_a_known_machine_opens_nothing()
    {
        _network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        _network.Cluster.Serial = Primitives.Serial.TryParse("box-1", out var serial, out _) ? serial : null;

        Assert.Equal(Pool - 1, Enumerable.Range(0, Pool + 50).Count(i => _network.Send(Stranger(Discover(1, Pxe(7)), i))));
    }

    private void FillWithStrangers()
    {
        for (var i = 0; i < Pool; i++)
        {
            Assert.True(_network.Send(Stranger(Discover(1), i)));
            Assert.True(_network.Send(Stranger(Request(1, DhcpMessageType.Request, Option(54, Server), Option(50, _network.Answer.YourAddress)), i)));
        }
    }

    private static byte[] Stranger(byte[] packet, int number)
    {
        (packet[30], packet[31], packet[32], packet[33]) = (0x99, (byte)(number >> 16), (byte)(number >> 8), (byte)number);
        return packet;
    }
}
