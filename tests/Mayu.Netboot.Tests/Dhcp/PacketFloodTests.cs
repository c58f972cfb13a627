using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Packets without end, to each engine: what their log says is limited, and a client that asks and asks is one round in the trace.</summary>
public sealed class PacketFloodTests : IDisposable
{
    private const int Packets = 3_000;
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);
    private static readonly Ipv4 Last = Ipv4.Of(10, 0, 0, 51);

    private readonly StoppedClock _clock = new();
    private readonly FakeCluster _cluster = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _factory;
    private readonly LimitedLoggers _loggers;
    private readonly BootTrace _trace;

    public PacketFloodTests()
    {
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_lines));
        _loggers = new LimitedLoggers(_factory, _clock);
        _trace = new BootTrace(_clock);
    }

    public static TheoryData<string> Kinds => ["offers", "a full pool", "another server's offer", "not a DHCP packet", "no MAC", "declines"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void However_many_packets_come_the_builtin_server_writes_a_hundred_lines_a_second(string kind)
    {
        var settings = DhcpResponderTests.SettingsOf(Server, First, Last);
        var responder = ServedNetwork.ResponderOf(settings, _cluster, _trace, new ClientTable(_cluster, _clock), _clock, _loggers.CreateLogger<DhcpResponder>());
        Flood(responder, kind);
        AssertLimited();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void However_many_packets_come_the_proxy_writes_a_hundred_lines_a_second(string kind)
    {
        var proxy = ServedNetwork.ProxyOf([DhcpResponderTests.SettingsOf(Server, First, Last)], _cluster, _trace, new ClientTable(_cluster, _clock), _loggers.CreateLogger<DhcpResponder>());
        Flood(proxy, kind);
        AssertLimited();
    }

    [Fact]
    public void However_much_dnsmasq_says_a_hundred_lines_a_second_are_made_of_it()
    {
        var log = new DnsmasqLog("/nowhere/tftp", _cluster, _trace, new ClientTable(_cluster, _clock), _loggers.CreateLogger<DnsmasqLog>());
        for (var i = 0; i < Packets; i++)
        {
            log.Read(DnsmasqLogLine.Parse($"dnsmasq-dhcp[7]: {i} DHCPDISCOVER(br0) 02:00:00:00:00:02 no address available"));
        }

        AssertLimited();
        Assert.NotEmpty(_lines.All);
    }

    [Fact]
    public void A_client_that_asks_for_hours_is_one_round_in_the_trace_behind_how_it_came_to_that()
    {
        var network = new ServedNetwork(DhcpResponderTests.SettingsOf(Server, First, Last));
        network.Bind(1, options: Ipxe);
        for (var i = 0; i < 1000; i++)
        {
            _clock.Pass(TimeSpan.FromSeconds(4));
            network.Send(Discover(1, Pxe(7)));
        }

        var hops = network.Trace.Find(ServedNetwork.MacOf(1))!.Hops;
        Assert.Equal(
            [("discover", 1), ("offer", 1), ("request", 1), ("ack", 1), ("discover", 1000), ("offer", 1000)], hops.Select(hop => (hop.Name, hop.Count)));
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _factory.Dispose();
        _lines.Dispose();
    }

    private static void Flood(IDhcpResponder responder, string kind)
    {
        var answer = new byte[DhcpReply.MaximumLength];
        for (var i = 0; i < Packets; i++)
        {
            responder.TryAnswer(PacketOf(kind, i), answer, out _);
        }
    }

    private static byte[] PacketOf(string kind, int number) => kind switch
    {
        "offers" => Discover(1, Ipxe),
        "a full pool" => Discover((byte)(1 + (number % 200)), Ipxe),
        "another server's offer" => Request(3, DhcpMessageType.Request, [.. Ipxe, Option(54, Ipv4.Of(10, 0, 0, 9)), Option(50, First)]),
        "not a DHCP packet" => [.. Enumerable.Repeat((byte)0xFF, 300)],
        "no MAC" => WithoutMac(Discover(1, Ipxe)),
        _ => Request(1, DhcpMessageType.Decline, [Option(54, Server), Option(50, First)]),
    };

    private static byte[] WithoutMac(byte[] packet)
    {
        packet[1] = 6;
        return packet;
    }

    private void AssertLimited()
    {
        var parts = _lines.All.Where(line => !line.TellsOfOthers).CountBy(line => line.Level).ToList();
        Assert.All(parts, part => Assert.InRange(part.Value, 1, part.Key == LogLevel.Debug ? 10 * LimitedLog.Lines : LimitedLog.Lines));
    }
}
