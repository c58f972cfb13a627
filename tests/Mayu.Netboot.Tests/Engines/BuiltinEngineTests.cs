using System.Net;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;
using static Mayu.Netboot.Tests.Engines.WiredEngine;

namespace Mayu.Netboot.Tests.Engines;

/// <summary>The whole engine on a cable. What real clients make of it is tested by Mayu.Interop.Tests.</summary>
public sealed class BuiltinEngineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-engine-").FullName;
    private readonly WiredEngine _wired;

    public BuiltinEngineTests() => _wired = new WiredEngine(_folder);

    [Fact]
    public async Task A_client_on_the_cable_gets_an_address_and_its_lease_is_written_down()
    {
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(68);

        var offer = Ask(client, Discover(1, Pxe(7)));
        Assert.Equal(DhcpMessageType.Offer, TypeOf(offer));
        var address = AddressOf(offer);
        Assert.InRange(address.Value, First.Value, Second.Value);
        var ack = Ask(client, Request(1, DhcpMessageType.Request, Pxe(7), Option(54, Server), Option(50, address)));

        Assert.Equal((DhcpMessageType.Ack, address), (TypeOf(ack), AddressOf(ack)));
        Assert.Equal(address, Assert.Single(engine.Leases).Address);
        Assert.Equal((address, ServedNetwork.MacOf(1), false), (engine.PoolLeases.Single().Address, engine.PoolLeases.Single().Client, engine.PoolLeases.Single().HasEnded));
        Assert.Null(engine.UnknownLeases);
        Assert.Equal((1, 1), (engine.Pools.Single().Leased, engine.Pools.Single().Free));
        Assert.Contains(ServedNetwork.MacOf(1).ToString().Replace(":", "", StringComparison.Ordinal), File.ReadAllText(Path.Combine(_folder, "dhcp", "leases")).Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Null(engine.Trouble);
        Assert.Empty(engine.Remarks);
        Assert.Empty(engine.Occupied);
        Assert.Equal((0, 0), (engine.OtherDhcpServers, engine.UntrustedMacs));
        Assert.Null(engine.FindingOn(Nic));
    }

    [Fact]
    public async Task What_was_leased_is_known_after_a_restart()
    {
        Ipv4 address;
        await using (var engine = Open())
        {
            _wired.Start(engine);
            using var client = _wired.Client(68);
            address = AddressOf(Ask(client, Discover(1)));
            Ask(client, Request(1, DhcpMessageType.Request, Option(54, Server), Option(50, address)));
        }

        await using var next = Open();
        Assert.Equal((address, ServedNetwork.MacOf(1)), (next.Leases.Single().Address, next.Leases.Single().Client));
    }

    [Fact]
    public async Task An_address_that_somebody_on_the_cable_uses_is_not_offered_and_told_of()
    {
        _wired.Peers.Ip($"address add {First}/24 dev peer0");
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(68);

        foreach (byte number in new byte[] { 1, 2 })
        {
            var wish = number == 1 ? First : Second;
            client.SendTo(Discover(number, Option(50, wish)), new IPEndPoint(IPAddress.Broadcast, 67));
            if (number == 1)
            {
                Assert.Equal(Second, AddressOf(Hear(client, 67)));
            }
        }

        var occupied = Assert.Single(engine.Occupied);
        Assert.Equal((First, PeerMac), (occupied.Address, occupied.Mac));
    }

    [Fact]
    public async Task Where_the_wire_is_not_to_be_asked_it_is_not()
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Probes = false } };
        _wired.Peers.Ip($"address add {First}/24 dev peer0");
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(68);

        Assert.Equal(First, AddressOf(Ask(client, Discover(1, Option(50, First)))));
        Assert.Empty(engine.Occupied);
    }

    [Fact]
    public async Task A_file_comes_by_tftp_from_the_address_that_was_asked()
    {
        _wired.Peers.Ip("address add 10.0.0.77/24 dev peer0");
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(0);

        client.SendTo([0, 1, .. "a.efi\0octet\0"u8], new IPEndPoint(Server.ToIPAddress(), 69));
        var data = new byte[600];
        var length = client.Receive(data);

        Assert.Equal([0, 3, 0, 1, .. "a.efi of 10.0.0.77\n"u8], data[..length]);
    }

    [Fact]
    public async Task Without_tftp_its_port_is_free_and_its_root_does_not_matter()
    {
        _wired.Settings = _wired.Settings with { Tftp = new() { IsEnabled = false }, TftpRoot = "/nowhere" };
        await using var engine = Open();
        Assert.DoesNotContain(_wired.Lines.Texts, line => line.Contains("boot loader", StringComparison.Ordinal));

        _wired.Run(() =>
        {
            using var other = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
            other.Bind(new IPEndPoint(Server.ToIPAddress(), 69));
            return true;
        });
    }

    [Fact]
    public void A_tftp_root_that_is_not_there_is_named_and_nothing_is_left_open()
    {
        _wired.Settings = _wired.Settings with { TftpRoot = "/nowhere/root" };
        Assert.Equal("tftp_root is /nowhere/root, but there is no such folder; create it, or leave tftp_root out if Debian's boot loaders are enough", Assert.Throws<EngineException>(Open).Message);
    }

    [Fact]
    public async Task A_loader_that_machines_of_the_usual_kinds_lack_is_told_of_at_the_start()
    {
        await using var engine = Open();

        Assert.Contains(_wired.Lines.Texts, line => line.StartsWith("The boot loader undionly.kpxe is neither in the TFTP root (none) nor installed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(67, "DHCP cannot have port 67/udp")]
    [InlineData(4011, "The PXE boot server cannot have port 4011/udp")]
    [InlineData(69, "TFTP cannot have port 69/udp")]
    public async Task A_port_that_another_program_has_is_named_and_the_others_are_given_back(int port, string problem)
    {
        using (_wired.Run(() => BoundAt(port)))
        {
            Assert.StartsWith(problem, Assert.Throws<EngineException>(Open).Message, StringComparison.Ordinal);
        }

        await using var engine = Open();
    }

    [Fact]
    public async Task Beside_another_server_a_proxy_tells_what_to_load_and_gives_no_address()
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Mode = DhcpMode.Proxy } };
        await using var engine = Open();
        _wired.Start(engine);
        using var client = _wired.Client(68);

        var offer = Ask(client, Discover(1, Pxe(7)));

        Assert.Equal((DhcpMessageType.Offer, Ipv4.Any), (TypeOf(offer), AddressOf(offer)));
        Assert.Empty(engine.Pools);
        Assert.Empty(engine.Leases);
        Assert.Equal($"On {Nic} Mayu gives out no addresses (dhcp.mode), and does not know the leases of the DHCP server that does.", engine.UnknownLeases);
        await using var external = new ExternalEngine(_wired.Parts());
        Assert.Equal("Another DHCP server gives out the addresses (engine: external), and Mayu does not know its leases.", external.UnknownLeases);
    }

    [Fact]
    public async Task In_mode_auto_it_gives_no_addresses_before_it_asked_and_none_beside_a_server_that_answers()
    {
        _wired.Settings = _wired.Settings with { Dhcp = new DhcpSettings { Mode = DhcpMode.Auto, AutoInterval = TimeSpan.FromSeconds(1) } };
        _wired.Peers.Ip("address add 10.0.0.2/24 dev peer0");
        using var other = _wired.Client(67);
        await using var engine = Open();
        Assert.Equal(false, engine.FindingOn(Nic)?.GivesAddresses);
        Assert.Empty(engine.Pools);
        _wired.Start(engine);

        await Eventually.TrueAsync(() => engine.FindingOn(Nic)?.GivesAddresses == true);
        Assert.Single(engine.Pools);
        Assert.Equal(0, engine.OtherDhcpServers);
        Assert.Null(engine.FindingOn("lo"));

        await Task.Run(() => AnswerQuestion(other), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => engine.OtherDhcpServers == 1);

        Assert.Equal(false, engine.FindingOn(Nic)?.GivesAddresses);
        Assert.Empty(engine.Pools);
        Assert.Equal("dhcp: another DHCP server, 10.0.0.2, answers on mayu0: Mayu gives no addresses there (dhcp.mode auto)", Assert.Single(engine.Remarks));
    }

    public void Dispose()
    {
        _wired.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static System.Net.Sockets.Socket BoundAt(int port)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    private static void AnswerQuestion(System.Net.Sockets.Socket other)
    {
        var (question, answer) = (new byte[2000], new byte[600]);
        Assert.True(DhcpPacket.TryParse(question.AsSpan(0, other.Receive(question)), out var asked, out _));
        var writer = DhcpPacketWriter.Reply(answer, asked, DhcpMessageType.Offer);
        writer.YourAddress = Ipv4.Of(10, 0, 0, 200);
        writer.Add(DhcpOptionCode.ServerIdentifier, [10, 0, 0, 2]);
        other.SendTo(answer.AsSpan(0, writer.Finish()), new IPEndPoint(IPAddress.Broadcast, 68));
    }

    // The journal is opened without waiting, so that all of it happens on the network's own thread.
    private BuiltinEngine Open()
    {
        var (nic, parts) = (_wired.Interface, _wired.Parts());
        return _wired.Run(() => BuiltinEngine.OpenAsync(nic, parts).AsTask().GetAwaiter().GetResult());
    }
}
