using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

public class DhcpResponderTests
{
    private const string BootUrl = "http://10.0.0.1:4081";
    private const string ScriptUrl = BootUrl + "/ipxebootscript";
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);

    private readonly StoppedClock _clock = new();
    private readonly FakeCluster _cluster = new();
    private readonly BootTrace _trace;
    private readonly ClientTable _clients;
    private readonly DhcpSubnet _settings;
    private readonly byte[] _answer = new byte[1472];
    private DhcpResponder _responder;
    private DhcpReply _reply;

    public DhcpResponderTests()
    {
        _trace = new BootTrace(_clock);
        _clients = new ClientTable(_cluster, _clock);
        _settings = SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51));
        _responder = NewResponder(_settings);
    }

    /// <summary>A server in 10.0.0.0/24.</summary>
    internal static DhcpSubnet SettingsOf(Ipv4 server, Ipv4 first, Ipv4 last) => new()
    {
        Interface = "eth0",
        BootUrl = BootUrl,
        Network = new NetworkPlan
        {
            Subnet = Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
            ServerAddress = server,
            BootstrapRange = new Ipv4Range(first, last),
            Router = new Ipv4(0x0A0000FE),
            Dns = [new Ipv4(0x0A000003), new Ipv4(0x0A000004)],
            Domain = "rack.test",
            LeaseTime = TimeSpan.FromHours(1),
        },
        Dhcp = new DhcpSettings { Authoritative = true },
    };

    [Fact]
    public void A_discover_is_offered_an_address_of_the_pool_with_the_network_it_is_in()
    {
        Assert.True(Send(Discover(1)));

        var offer = Answer();
        Assert.Equal(DhcpMessageType.Offer, offer.MessageType);
        Assert.InRange(offer.YourAddress.Value, 0x0A000032u, 0x0A000033u);
        Assert.Equal(Server, Address(offer, DhcpOptionCode.ServerIdentifier));
        Assert.Equal(Ipv4.Of(255, 255, 255, 0), Address(offer, DhcpOptionCode.SubnetMask));
        Assert.Equal(Ipv4.Of(10, 0, 0, 254), Address(offer, DhcpOptionCode.Router));
        Assert.Equal("0A0000030A000004", Hex(offer, DhcpOptionCode.DomainNameServer));
        Assert.Equal("rack.test"u8.ToArray(), Bytes(offer, DhcpOptionCode.DomainName));
        Assert.True(offer.TryGetUInt32(DhcpOptionCode.LeaseTime, out var lease));
        Assert.Equal(600u, lease);
        Assert.False(offer.TryGetOption(DhcpOptionCode.BootFileName, out _));
        Assert.True(offer.BootFile.IsEmpty);
    }

    [Theory]
    [InlineData(0, "undionly.kpxe")]
    [InlineData(7, "snponly.efi")]
    [InlineData(9, "snponly.efi")]
    public void Firmware_is_given_the_loader_of_its_architecture_and_no_reason_to_ask_port_4011(byte architecture, string file)
    {
        Assert.True(Send(Discover(1, Pxe(architecture))));

        var offer = Answer();
        Assert.Equal(file, Text(offer.BootFile));
        Assert.Equal(file + "\0", Text(Bytes(offer, DhcpOptionCode.BootFileName)));
        Assert.Equal(Server, offer.NextServer);
        Assert.Equal("10.0.0.1\0", Text(Bytes(offer, DhcpOptionCode.TftpServerName)));
        Assert.Equal("PXEClient", Text(Bytes(offer, DhcpOptionCode.VendorClassIdentifier)));
        Assert.Equal("060108FF", Hex(offer, DhcpOptionCode.VendorSpecific));
        Assert.Equal(17, Bytes(offer, DhcpOptionCode.ClientMachineIdentifier).Length);
        Assert.False(offer.TryGetOption(DhcpOptionCode.Etherboot, out _));
    }

    [Fact]
    public void Ipxe_is_given_the_script_and_no_mark_of_a_proxy()
    {
        Assert.True(Send(Discover(1, Ipxe)));

        var offer = Answer();
        Assert.Equal(ScriptUrl, Text(offer.BootFile));
        Assert.Equal(ScriptUrl, Text(Bytes(offer, DhcpOptionCode.BootFileName)));
        Assert.Equal("B00101", Hex(offer, DhcpOptionCode.Etherboot));
        Assert.False(offer.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out _));
    }

    [Fact]
    public void An_ipxe_that_cannot_run_the_script_is_given_the_full_ipxe()
    {
        Assert.True(Send(Discover(1, [.. Pxe(0), (DhcpOptionCode.UserClass, [.. "iPXE"u8]), (DhcpOptionCode.Etherboot, [0x18, 1, 1])])));

        Assert.Equal("undionly.kpxe", Text(Answer().BootFile));
    }

    [Theory]
    [InlineData(BootAnswerKind.LocalDisk)]
    [InlineData(BootAnswerKind.Ignore)]
    public void A_machine_that_boots_its_own_disk_hears_nothing_while_its_system_gets_a_lease(BootAnswerKind kind)
    {
        _cluster.Kind = kind;

        Assert.False(Send(Discover(1, Pxe(7))));
        Assert.False(Send(Discover(1, Ipxe)));
        Assert.False(Send(Discover(1, (DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016"u8]))));
        Assert.False(Send(Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.Equal("silent: the test says " + kind, LastMark(1));
        Assert.True(Send(Discover(1)));
        Assert.Equal(DhcpMessageType.Offer, Answer().MessageType);
    }

    [Theory]
    [InlineData(BootAnswerKind.Discover)]
    [InlineData(BootAnswerKind.Install)]
    [InlineData(BootAnswerKind.LocalDiskByScript)]
    public void Every_other_answer_needs_the_script(BootAnswerKind kind)
    {
        _cluster.Kind = kind;

        Assert.True(Send(Discover(1, Ipxe)));
    }

    [Fact]
    public void Firmware_without_a_loader_is_left_alone_with_the_reason()
    {
        Assert.False(Send(Discover(1, Pxe(33))));
        Assert.Equal("silent: there is no boot loader for its architecture 33 (33)", LastMark(1));
    }

    [Fact]
    public void Selecting_is_acknowledged_with_what_was_offered()
    {
        Send(Discover(1, Pxe(7)));
        var offered = Answer().YourAddress;

        Assert.True(Send(Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, offered))));

        Assert.Equal(DhcpMessageType.Ack, Answer().MessageType);
        Assert.Equal(offered, Answer().YourAddress);
        Assert.Equal("snponly.efi", Text(Answer().BootFile));
        Assert.Equal($"ack: {offered}, boot file snponly.efi", LastMark(1));
        // By this the stall detector knows what is to follow.
        Assert.Equal("snponly.efi", _trace.Find(MacAddress.FromOctets([2, 0, 0, 0, 0, 1]))!.Hops[^1].BootFile);
        Assert.NotNull(_clients.Find(offered));
    }

    [Fact]
    public void Selecting_another_server_frees_our_offer_and_is_not_answered()
    {
        Send(Discover(1));
        Send(Discover(2));
        Assert.False(Send(Discover(3)));

        Assert.False(Send(Request(1, DhcpMessageType.Request, Option(54, Ipv4.Of(10, 0, 0, 2)), Option(50, Ipv4.Of(10, 0, 0, 77)))));
        Assert.True(Send(Discover(3)));
    }

    [Fact]
    public void Selecting_something_else_than_what_was_offered_is_refused()
    {
        Send(Discover(1));
        var other = Answer().YourAddress == Ipv4.Of(10, 0, 0, 50) ? Ipv4.Of(10, 0, 0, 51) : Ipv4.Of(10, 0, 0, 50);

        Assert.True(Send(Request(1, DhcpMessageType.Request, Option(54, Server), Option(50, other))));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
        Assert.True(Answer().YourAddress.IsAny);
        Assert.Equal(Ipv4.Broadcast, _reply.Address);
        Assert.Equal($"nak: {other} was refused: it has another one", LastMark(1));
    }

    [Fact]
    public void Init_reboot_is_acknowledged_refused_or_left_alone()
    {
        Assert.True(Send(Request(1, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.Equal(DhcpMessageType.Ack, Answer().MessageType);
        Assert.True(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
        Assert.True(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(192, 168, 0, 9)))));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
        Assert.True(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 99)))));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
    }

    [Fact]
    public void Where_another_server_may_be_an_address_that_is_not_ours_is_left_to_it()
    {
        _responder = NewResponder(_settings with { Dhcp = _settings.Dhcp with { Authoritative = false } });

        // The lease may be another server's, so RFC 2131 §4.3.2 wants silence.
        Assert.False(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 99)))));
        Assert.False(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(192, 168, 0, 9)))));
        Assert.Contains("may belong to another DHCP server", LastMark(2), StringComparison.Ordinal);
        Assert.True(Send(Request(1, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.True(Send(Request(2, DhcpMessageType.Request, Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
    }

    [Fact]
    public void A_renewal_is_acknowledged_by_unicast_and_leaves_no_mark()
    {
        var address = Bind(1);
        var before = Marks(1).Length;

        Assert.True(Send(Request(1, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal(DhcpMessageType.Ack, Answer().MessageType);
        Assert.Equal((address, (ushort)68), (_reply.Address, _reply.Port));
        Assert.Equal(address, Answer().ClientAddress);
        Assert.Equal(before, Marks(1).Length);
    }

    [Fact]
    public void A_renewal_of_somebody_elses_address_is_refused_and_one_from_elsewhere_ignored()
    {
        var address = Bind(1);

        Assert.True(Send(Request(2, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal(DhcpMessageType.Nak, Answer().MessageType);
        Assert.False(Send(Request(2, DhcpMessageType.Request, ciaddr: Ipv4.Of(8, 8, 8, 8))));
    }

    [Fact]
    public void A_lease_that_ended_is_somebody_elses_to_have()
    {
        Bind(1);
        Bind(2);
        _clock.Pass(TimeSpan.FromHours(1));

        Assert.True(Send(Discover(3)));
    }

    [Fact]
    public void A_full_pool_is_told_and_nothing_outside_is_given()
    {
        Bind(1);
        Bind(2);

        Assert.False(Send(Discover(3)));
        Assert.Equal("failed: the address pool 10.0.0.50-10.0.0.51 is full: all 2 addresses are leased or reserved for known machines", LastMark(3));
    }

    [Fact]
    public void A_declined_address_is_not_offered_again()
    {
        var address = Bind(1);

        Assert.False(Send(Request(1, DhcpMessageType.Decline, Option(54, Server), Option(50, address))));
        Assert.Equal($"decline: it declined {address}: another device on the network has that address", LastMark(1));
        Send(Discover(1));
        Assert.NotEqual(address, Answer().YourAddress);
    }

    [Fact]
    public void A_released_address_is_free()
    {
        var address = Bind(1);
        Bind(2);

        Assert.False(Send(Request(1, DhcpMessageType.Release, address, Option(54, Server))));
        Assert.Equal($"release: it released {address}", LastMark(1));
        Send(Discover(3));
        Assert.Equal(address, Answer().YourAddress);
    }

    [Fact]
    public void Inform_is_told_everything_but_an_address()
    {
        Assert.True(Send(Request(1, DhcpMessageType.Inform, ciaddr: Ipv4.Of(10, 0, 0, 200))));

        Assert.Equal(DhcpMessageType.Ack, Answer().MessageType);
        Assert.True(Answer().YourAddress.IsAny);
        Assert.False(Answer().TryGetOption(DhcpOptionCode.LeaseTime, out _));
        Assert.Equal(Ipv4.Of(10, 0, 0, 200), _reply.Address);
        Assert.False(Send(Request(1, DhcpMessageType.Inform, ciaddr: Ipv4.Of(8, 8, 8, 8))));
        Assert.False(Send(Request(1, DhcpMessageType.Inform, ciaddr: Ipv4.Of(10, 0, 0, 255))));
    }

    [Fact]
    public void Bootp_is_answered_without_a_message_type_and_with_a_boot_file()
    {
        Assert.True(Send(Request(1, DhcpMessageType.None)));

        Assert.Equal(DhcpMessageType.None, Answer().MessageType);
        Assert.Equal(300, _reply.Length);
        Assert.Equal("undionly.kpxe", Text(Answer().BootFile));
        Assert.Equal(Server, Answer().NextServer);
    }

    [Fact]
    public void Garbage_answers_and_clients_without_a_mac_are_dropped()
    {
        Assert.False(_responder.TryAnswer([1, 2, 3], _answer, out _));
        var reply = Discover(1);
        reply[0] = 2;
        Assert.False(Send(reply));
        var noMac = Discover(1);
        noMac[2] = 0;
        Assert.False(Send(noMac));
        var group = Discover(1);
        group[28] = 0x01;
        Assert.False(Send(group));
    }

    [Fact]
    public void A_known_machines_marks_are_under_its_serial()
    {
        Assert.True(Serial.TryParse("box-1", out var serial, out _));
        _cluster.Serial = serial;
        Send(Discover(1));

        Assert.Equal(2, _trace.Find(serial)!.Hops.Length);
    }

    private DhcpResponder NewResponder(DhcpSubnet settings) => ServedNetwork.ResponderOf(settings, _cluster, _trace, _clients, _clock);

    private Ipv4 Bind(byte client)
    {
        Send(Discover(client));
        var address = Answer().YourAddress;
        Assert.True(Send(Request(client, DhcpMessageType.Request, Option(54, Server), Option(50, address))));
        Assert.Equal(DhcpMessageType.Ack, Answer().MessageType);
        return address;
    }

    private bool Send(byte[] packet, Ipv4 relay = default)
    {
        relay.Write(packet.AsSpan(24));
        return _responder.TryAnswer(packet, _answer, out _reply);
    }

    private DhcpPacket Answer()
    {
        Assert.True(DhcpPacket.TryParse(_answer.AsSpan(0, _reply.Length), out var packet, out _));
        return packet;
    }

    private string[] Marks(byte client) => [.. _trace.Find(MacAddress.FromOctets([2, 0, 0, 0, 0, client]))!
        .Hops.Select(hop => $"{hop.Name}: {hop.Detail}")];

    private string LastMark(byte client) => Marks(client)[^1];

    private static Ipv4 Address(in DhcpPacket packet, DhcpOptionCode code) =>
        packet.TryGetAddress(code, out var address) ? address : Ipv4.Any;

    private static byte[] Bytes(in DhcpPacket packet, DhcpOptionCode code) =>
        packet.TryGetOption(code, out var value) ? value.ToArray() : [];

    private static string Hex(in DhcpPacket packet, DhcpOptionCode code) => Convert.ToHexString(Bytes(packet, code));

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.ASCII.GetString(bytes);
}
