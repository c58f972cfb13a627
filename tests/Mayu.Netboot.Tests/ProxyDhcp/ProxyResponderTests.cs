using System.Collections.Frozen;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.ProxyDhcp;

public class ProxyResponderTests
{
    private const ushort BootServerPort = 4011;
    private const string Script = "http://10.0.0.1:4081/ipxebootscript";
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 OtherServer = Ipv4.Of(10, 0, 0, 2);
    private static readonly Ipv4 Client = Ipv4.Of(10, 0, 0, 77);
    private static readonly MacAddress Mac = MacAddress.FromOctets([2, 0, 0, 0, 0, 1]);

    private readonly FakeCluster _cluster = new();
    private readonly BootTrace _trace = new(new StoppedClock());
    private readonly DhcpSubnet _settings = DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51));
    private readonly byte[] _answer = new byte[1472];
    private readonly ClientTable _clients;
    private ProxyResponder _responder;
    private DhcpReply _reply;

    public ProxyResponderTests()
    {
        _clients = new ClientTable(_cluster, new StoppedClock());
        _responder = NewResponder(_settings);
    }

    [Theory]
    [InlineData(0, "undionly.kpxe")]
    [InlineData(7, "snponly.efi")]
    [InlineData(9, "snponly.efi")]
    public void Firmware_is_offered_the_loader_of_its_architecture_and_no_address(byte architecture, string file)
    {
        Assert.True(Send(Discover(1, Pxe(architecture))));

        var offer = Answer();
        Assert.Equal((Ipv4.Broadcast, (ushort)68), (_reply.Address, _reply.Port));
        Assert.Equal(DhcpMessageType.Offer, offer.MessageType);
        Assert.True(offer.YourAddress.IsAny);
        Assert.Equal(Server, offer.NextServer);
        Assert.Equal(file, Text(offer.BootFile));
        Assert.Equal(file + "\0", Text(Bytes(offer, DhcpOptionCode.BootFileName)));
        Assert.Equal("10.0.0.1\0", Text(Bytes(offer, DhcpOptionCode.TftpServerName)));
        Assert.Equal("PXEClient", Text(Bytes(offer, DhcpOptionCode.VendorClassIdentifier)));
        Assert.Equal("060108FF", Hex(offer, DhcpOptionCode.VendorSpecific));
        Assert.Equal("00" + Convert.ToHexString([.. Enumerable.Range(1, 16).Select(i => (byte)i)]), Hex(offer, DhcpOptionCode.ClientMachineIdentifier));
        Assert.False(offer.TryGetOption(DhcpOptionCode.LeaseTime, out _));
        Assert.False(offer.TryGetOption(DhcpOptionCode.SubnetMask, out _));
        Assert.False(offer.TryGetOption(DhcpOptionCode.Router, out _));
    }

    [Fact]
    public void A_clients_identifier_comes_back()
    {
        Assert.True(Send(Discover(1, [.. Pxe(7), (DhcpOptionCode.ClientIdentifier, [1, 2, 0, 0, 0, 0, 1])])));
        Assert.Equal("01020000000001", Hex(Answer(), DhcpOptionCode.ClientIdentifier));
    }

    [Fact]
    public void Ipxe_is_offered_the_script_in_a_way_that_it_takes_for_a_proxys()
    {
        Assert.True(Send(Discover(1, Ipxe)));

        var offer = Answer();
        Assert.Equal("PXEClient", Text(Bytes(offer, DhcpOptionCode.VendorClassIdentifier)));
        Assert.Equal(Server, offer.NextServer);
        Assert.Equal(Script, Text(offer.BootFile));
        Assert.Equal(Script, Text(Bytes(offer, DhcpOptionCode.BootFileName)));
        Assert.True(offer.YourAddress.IsAny);
    }

    [Fact]
    public void Uefi_http_boot_is_offered_a_url_in_its_own_class_and_nothing_of_pxe()
    {
        Assert.True(Send(Discover(
            1, (DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016:UNDI:003001"u8]), (DhcpOptionCode.ClientSystemArchitecture, [0, 16]))));

        var offer = Answer();
        Assert.Equal("HTTPClient", Text(Bytes(offer, DhcpOptionCode.VendorClassIdentifier)));
        Assert.Equal("http://10.0.0.1:4081/loaders/snponly.efi", Text(Bytes(offer, DhcpOptionCode.BootFileName)));
        Assert.False(offer.TryGetOption(DhcpOptionCode.VendorSpecific, out _));
        Assert.True(offer.YourAddress.IsAny);
    }

    [Theory]
    [InlineData(BootAnswerKind.LocalDisk)]
    [InlineData(BootAnswerKind.Ignore)]
    public void A_machine_that_boots_its_own_disk_hears_nothing_on_either_port(BootAnswerKind kind)
    {
        _cluster.Kind = kind;

        Assert.False(Send(Discover(1, Pxe(7))));
        Assert.False(Send(Discover(1, Ipxe)));
        Assert.False(Send(Discover(1, (DhcpOptionCode.VendorClassIdentifier, [.. "HTTPClient:Arch:00016"u8]))));
        Assert.False(SendToBootServer(Request(1, DhcpMessageType.Request, Client, Pxe(7))));
        Assert.Equal("silent: the test says " + kind, Marks()[^1]);
    }

    [Fact]
    public void An_operating_system_is_not_answered_and_leaves_no_mark()
    {
        Assert.False(Send(Discover(1)));
        Assert.False(Send(Request(1, DhcpMessageType.Request, Option(54, OtherServer), Option(50, Client))));
        Assert.False(Send(Request(1, DhcpMessageType.Request, ciaddr: Client)));
        Assert.False(Send(Request(1, DhcpMessageType.Inform, ciaddr: Client)));
        Assert.False(Send(Request(1, DhcpMessageType.None)));
        Assert.False(SendToBootServer(Request(1, DhcpMessageType.Request, ciaddr: Client)));
        Assert.Null(_trace.Find(Mac));
    }

    [Fact]
    public void A_loader_that_takes_the_other_servers_offer_is_known_by_its_address_from_then_on()
    {
        Send(Discover(1, Pxe(7)));

        Assert.False(Send(Request(1, DhcpMessageType.Request, Pxe(7), Option(54, OtherServer), Option(50, Client))));

        Assert.Equal(
            ["discover: PXE firmware, uefi-x64", "proxy: boot file snponly.efi", "proxy: boot file sent; takes 10.0.0.77 from the DHCP server 10.0.0.2"],
            Marks());
        Assert.Equal(Mac, _clients.Find(Client));
    }

    [Fact]
    public void Nobody_is_acknowledged_or_refused_on_port_67()
    {
        Assert.False(Send(Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, Client))));
        Assert.False(Send(Request(1, DhcpMessageType.Request, Pxe(7), Option(50, Ipv4.Of(192, 168, 0, 9)))));
        Assert.Null(_clients.Find(Client));
    }

    [Theory]
    [InlineData(DhcpMessageType.Request)]
    [InlineData(DhcpMessageType.Inform)]
    public void Port_4011_acknowledges_with_the_boot_file_to_the_port_that_asked(DhcpMessageType type)
    {
        Assert.True(SendToBootServer(Request(1, type, Client, Pxe(7))));

        var ack = Answer();
        Assert.Equal((Client, BootServerPort), (_reply.Address, _reply.Port));
        Assert.Equal(DhcpMessageType.Ack, ack.MessageType);
        Assert.Equal(Client, ack.ClientAddress);
        Assert.True(ack.YourAddress.IsAny);
        Assert.Equal(Server, ack.NextServer);
        Assert.Equal("snponly.efi", Text(ack.BootFile));
        Assert.Equal("PXEClient", Text(Bytes(ack, DhcpOptionCode.VendorClassIdentifier)));
        Assert.Equal("060108FF", Hex(ack, DhcpOptionCode.VendorSpecific));
        Assert.Equal(17, Bytes(ack, DhcpOptionCode.ClientMachineIdentifier).Length);
        Assert.Equal(["proxy: boot file snponly.efi on port 4011; it has 10.0.0.77"], Marks());
        Assert.Equal(Mac, _clients.Find(Client));
    }

    [Fact]
    public void A_boot_item_that_was_asked_for_is_in_the_answer()
    {
        Assert.True(SendToBootServer(Request(1, DhcpMessageType.Request, Client, [.. Pxe(0), (DhcpOptionCode.VendorSpecific, [71, 4, 0, 5, 0, 0, 255])])));
        Assert.Equal("060108" + "470400050000" + "FF", Hex(Answer(), DhcpOptionCode.VendorSpecific));

        Assert.True(SendToBootServer(Request(1, DhcpMessageType.Request, Client, [.. Pxe(0), (DhcpOptionCode.VendorSpecific, [71, 200, 0])])));
        Assert.Equal("060108FF", Hex(Answer(), DhcpOptionCode.VendorSpecific));
    }

    [Fact]
    public void Port_4011_answers_no_discover_nobody_without_an_address_and_no_request_to_another_server()
    {
        Assert.False(SendToBootServer(Discover(1, Pxe(7))));
        Assert.False(SendToBootServer(Request(1, DhcpMessageType.Request, Client, Pxe(7)), sender: default(Ipv4)));
        Assert.False(SendToBootServer(Request(1, DhcpMessageType.Request, Client, [.. Pxe(7), Option(54, OtherServer)])));
        Assert.True(SendToBootServer(Request(1, DhcpMessageType.Request, Client, [.. Pxe(7), Option(54, Server)])));
    }

    [Fact]
    public void A_relay_is_answered_only_if_it_is_configured()
    {
        var relay = Ipv4.Of(10, 9, 0, 1);
        Assert.False(Send(Discover(1, Pxe(7)), relay));

        _responder = ServedNetwork.ProxyOf([_settings, _settings with { Relays = new[] { relay }.ToFrozenSet() }], _cluster, _trace, _clients);

        Assert.True(Send(Discover(1, Pxe(7)), relay));
        Assert.Equal((relay, (ushort)67), (_reply.Address, _reply.Port));
    }

    [Fact]
    public void Firmware_without_a_loader_is_left_alone_with_the_reason()
    {
        Assert.False(Send(Discover(1, Pxe(2))));
        Assert.StartsWith("silent: there is no boot loader for its architecture 2", Marks()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_is_to_be_ignored_is()
    {
        _responder = NewResponder(_settings with { Dhcp = _settings.Dhcp with { Ignored = new[] { Mac }.ToFrozenSet() } });

        Assert.False(Send(Discover(1, Pxe(7))));
        Assert.False(SendToBootServer(Request(1, DhcpMessageType.Request, Client, Pxe(7))));
        Assert.Null(_trace.Find(Mac));
    }

    [Fact]
    public void Garbage_answers_and_clients_without_a_mac_are_dropped()
    {
        Assert.False(_responder.TryAnswer([1, 2, 3], _answer, out _));
        Assert.False(_responder.TryAnswerBootServer([1, 2, 3], Client, BootServerPort, _answer, out _));
        var reply = Discover(1, Pxe(7));
        reply[0] = 2;
        Assert.False(Send(reply));
        var noMac = Discover(1, Pxe(7));
        noMac[2] = 0;
        Assert.False(Send(noMac));
    }

    private ProxyResponder NewResponder(DhcpSubnet settings) => ServedNetwork.ProxyOf([settings], _cluster, _trace, _clients);

    private bool Send(byte[] packet, Ipv4 relay = default)
    {
        relay.Write(packet.AsSpan(24));
        return _responder.TryAnswer(packet, _answer, out _reply);
    }

    private bool SendToBootServer(byte[] packet) => SendToBootServer(packet, Client);

    private bool SendToBootServer(byte[] packet, Ipv4 sender) =>
        _responder.TryAnswerBootServer(packet, sender, BootServerPort, _answer, out _reply);

    private DhcpPacket Answer()
    {
        Assert.True(DhcpPacket.TryParse(_answer.AsSpan(0, _reply.Length), out var packet, out _));
        return packet;
    }

    private string[] Marks() => [.. _trace.Find(Mac)!.Hops.Select(hop => $"{hop.Name}: {hop.Detail}")];

    private static byte[] Bytes(in DhcpPacket packet, DhcpOptionCode code) =>
        packet.TryGetOption(code, out var value) ? value.ToArray() : [];

    private static string Hex(in DhcpPacket packet, DhcpOptionCode code) => Convert.ToHexString(Bytes(packet, code));

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.ASCII.GetString(bytes);
}
