using System.Collections.Frozen;
using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Once a client has its lease and its ring of marks is full, its packets allocate nothing, whether they are answered, refused or dropped.</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class DhcpAllocationTests
{
    private const int Rounds = 2_000;
    private const int Parts = 8;
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);
    private static readonly Ipv4 Last = Ipv4.Of(10, 0, 0, 51);
    private static readonly Ipv4 Relay = Ipv4.Of(10, 2, 0, 1);
    private static readonly (DhcpOptionCode, byte[]) Identifier = (DhcpOptionCode.ClientIdentifier, [0xff, 1, 2, 3, 4, 0, 1]);

    private static readonly Dictionary<string, byte[][]> Packets = new()
    {
        ["a loader's DISCOVER and REQUEST"] = [Discover(1, Ipxe), Take(1, First)],
        ["an operating system's"] = [Discover(2, System), Take(2, Last, System)],
        ["a renewal"] = [Request(1, DhcpMessageType.Request, First)],
        ["INFORM"] = [Request(1, DhcpMessageType.Inform, First)],
        ["BOOTP"] = [Request(1, DhcpMessageType.None)],
        ["NAK: another client has it"] = [Take(1, Last)],
        ["NAK: not in this subnet"] = [Take(1, Ipv4.Of(10, 9, 9, 9))],
        ["the pool is full"] = [Discover(3, Ipxe)],
        ["it took another server's offer"] = [Request(3, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 9)), Option(50, First))],
        ["not in the pool"] = [Request(3, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 77)))],
        ["no loader for the architecture"] = [Discover(1, Pxe(0x20))],
        ["a DECLINE of what it was not given"] = [Request(3, DhcpMessageType.Decline, Option(54, Server), Option(50, First))],
        ["a client with an identifier"] = [Discover(1, [.. Ipxe, Identifier]), Take(1, First, Identifier)],
        ["a client that chooses its own subnet"] = [Discover(1, Option(118, Server))],
        ["a client that chooses another subnet"] = [Discover(1, Option(118, Relay))],
        ["a relay's link selection"] = [Relayed(Discover(4, RelayInformation(5, [10, 2, 0, 0])), Relay), Relayed(Discover(4, [.. Ipxe, Option(118, Relay)]), Relay)],
        ["a relay's server identifier"] = [Relayed(Discover(4, RelayInformation(11, [10, 2, 0, 9])), Relay)],
        ["a link that no subnet has"] = [Relayed(Discover(1, RelayInformation(5, [10, 7, 0, 0])), Relay), Relayed(Discover(1, RelayInformation(5, [10, 7])), Relay)],
        ["a subnet that is none"] = [Relayed(Discover(1, Option(118, Ipv4.Of(10, 7, 0, 0))), Relay)],
        ["a relay that is not configured"] = [Relayed(Discover(1, Ipxe), Ipv4.Of(10, 5, 5, 5))],
        ["no DHCP packet at all"] = [[.. Enumerable.Repeat((byte)0xFF, 300)]],
    };

    private static (DhcpOptionCode Code, byte[] Value)[] System => [(DhcpOptionCode.VendorClassIdentifier, [.. "udhcp 1.35"u8])];

    public static TheoryData<string> Cases => [.. Packets.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_servers_packets_cost_no_memory(string packets)
    {
        var link = DhcpResponderTests.SettingsOf(Server, First, Last);
        var network = new ServedNetwork(link, link with
        {
            Network = link.Network with
            {
                Subnet = Ipv4Subnet.TryParse("10.2.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
                BootstrapRange = new Ipv4Range(new Ipv4(Ipv4.Of(10, 2, 0, 50).Value), new Ipv4(Ipv4.Of(10, 2, 0, 51).Value)),
            },
            Relays = new[] { Relay }.ToFrozenSet(),
        });
        network.Bind(1, options: Ipxe);
        network.Bind(2, options: System);
        network.Bind(4, Relay);

        AllocatesNothing(network.Responder, Packets[packets]);
    }

    [Fact]
    public void A_proxys_packets_cost_no_memory()
    {
        var clock = new StoppedClock();
        var cluster = new FakeCluster();
        var proxy = ServedNetwork.ProxyOf([DhcpResponderTests.SettingsOf(Server, First, Last)], cluster, new BootTrace(clock), new ClientTable(cluster, clock));

        AllocatesNothing(proxy, [Discover(1, Ipxe), Take(1, First, Ipxe), Discover(2, Pxe(0x20)), Discover(3, System)]);
    }

    [Fact]
    public void Ever_new_vendor_classes_and_architectures_make_no_more_words_than_are_kept()
    {
        var network = new ServedNetwork(DhcpResponderTests.SettingsOf(Server, First, Last));
        network.Bind(1, options: Ipxe);
        byte[][] packets = [.. Enumerable.Range(0, 4_000).Select(i => i % 2 == 0
            ? Discover(1, (DhcpOptionCode.VendorClassIdentifier, Encoding.ASCII.GetBytes($"made up {i}")))
            : Discover(1, (DhcpOptionCode.VendorClassIdentifier, [.. "PXEClient"u8]), (DhcpOptionCode.ClientSystemArchitecture, [(byte)(0x40 + (i >> 8)), (byte)i])))];

        AllocatesNothing(network.Responder, packets);
    }

    // The runtime allocates when it compiles anew, which it does once and at a time of its own: a packet's allocations are in each part.
    private static void AllocatesNothing(IDhcpResponder responder, byte[][] packets)
    {
        var answer = new byte[1472];
        var allocated = new long[Parts];
        Serve();
        for (var part = 0; part < Parts; part++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Serve();
            allocated[part] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(allocated.Contains(0), $"each part of {Rounds} packets allocated: {string.Join(", ", allocated)} bytes");

        void Serve()
        {
            for (var i = 0; i < Math.Max(Rounds, packets.Length); i++)
            {
                responder.TryAnswer(packets[i % packets.Length], answer, out _);
            }
        }
    }

    private static byte[] Take(byte client, Ipv4 address, params (DhcpOptionCode Code, byte[] Value)[] options) =>
        Request(client, DhcpMessageType.Request, [.. options, Option(54, Server), Option(50, address)]);

    private static (DhcpOptionCode, byte[]) RelayInformation(byte code, byte[] value) => (DhcpOptionCode.RelayAgentInformation, [code, (byte)value.Length, .. value]);

    private static byte[] Relayed(byte[] packet, Ipv4 relay)
    {
        relay.Write(packet.AsSpan(24));
        return packet;
    }
}
