using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>A DHCP server without a socket, and what it said last.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its responder holds no socket.")]
internal sealed class ServedNetwork : IDhcpOutlet
{
    private readonly byte[] _answer = new byte[1472];
    private readonly Channel<(byte[] Packet, DhcpReply Reply)> _late = Channel.CreateUnbounded<(byte[], DhcpReply)>();
    private readonly DhcpResponder _responder;
    private DhcpReply _reply;

    public ServedNetwork(params DhcpSubnet[] subnets)
        : this(log: null, restored: [], probe: null, subnets)
    {
    }

    public ServedNetwork(ILeaseLog? log, IEnumerable<LeaseRecord> restored, IAddressProbe? probe, params DhcpSubnet[] subnets)
    {
        Trace = new BootTrace(Clock);
        Clients = new ClientTable(Cluster, Clock);
        var scopes = subnets.Select(subnet => new DhcpScope(subnet, Cluster, log, Clients, Clock) { Probe = probe }).ToList();
        scopes.ForEach(scope => scope.Restore(restored));
        var reader = new DhcpClientReader(subnets, NullLogger.Instance);
        var decider = new DhcpDecider(new DhcpScopes(scopes), Cluster, log);
        var marks = new DhcpMarks(Trace, Clients, NullLogger.Instance);
        _responder = new DhcpResponder(reader, Cluster, decider, marks, new ParkedDiscovers(reader, decider, marks, this, NullLogger.Instance));
    }

    public StoppedClock Clock { get; } = new();

    public FakeCluster Cluster { get; } = new();

    public BootTrace Trace { get; }

    public ClientTable Clients { get; }

    public DhcpResponder Responder => _responder;

    public DhcpReply Reply => _reply;

    public DhcpPacket Answer
    {
        get
        {
            Assert.True(DhcpPacket.TryParse(_answer.AsSpan(0, _reply.Length), out var packet, out _));
            return packet;
        }
    }

    public Ipv4 Server => Answer.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) ? server : Ipv4.Any;

    /// <summary>Sends a client's packet, by a relay where one is named.</summary>
    public bool Send(byte[] packet, Ipv4 relay = default)
    {
        if (!relay.IsAny)
        {
            relay.Write(packet.AsSpan(24));
        }

        return _responder.TryAnswer(packet, _answer, out _reply);
    }

    /// <summary>Waits a second for an answer that did not come at once; there may be none.</summary>
    public async Task<bool> TryReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            var (packet, reply) = await _late.Reader.ReadAsync(patience.Token);
            packet.CopyTo(_answer, 0);
            _reply = reply;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits for an answer that did not come at once.</summary>
    public async Task ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (packet, reply) = await _late.Reader.ReadAsync(patience.Token);
        packet.CopyTo(_answer, 0);
        _reply = reply;
    }

    /// <summary>DISCOVER and REQUEST.</summary>
    public Ipv4 Bind(byte client, Ipv4 relay = default, params (DhcpOptionCode Code, byte[] Value)[] options)
    {
        Assert.True(Send(Discover(client, options), relay));
        var (address, server) = (Answer.YourAddress, Server);
        Assert.True(Send(Request(client, DhcpMessageType.Request, [.. options, Option(54, server), Option(50, address)]), relay));
        Assert.Equal(DhcpMessageType.Ack, Answer.MessageType);
        return address;
    }

    public string Hex(byte code) => Answer.TryGetOption((DhcpOptionCode)code, out var value) ? Convert.ToHexString(value) : "";

    public uint LeaseSeconds => Answer.TryGetUInt32(DhcpOptionCode.LeaseTime, out var seconds) ? seconds : 0;

    public string LastMark(byte client)
    {
        var hop = Trace.Find(MacOf(client))!.Hops[^1];
        return $"{hop.Name}: {hop.Detail}";
    }

    /// <summary>A server of one subnet, none of whose addresses has to be asked for.</summary>
    public static DhcpResponder ResponderOf(DhcpSubnet subnet, FakeCluster cluster, BootTrace trace, ClientTable clients, TimeProvider clock, ILogger? logger = null)
    {
        var reader = new DhcpClientReader([subnet], logger ?? NullLogger.Instance);
        var decider = new DhcpDecider(new DhcpScopes([new DhcpScope(subnet, cluster, log: null, clients, clock)]), cluster, log: null);
        var marks = new DhcpMarks(trace, clients, logger ?? NullLogger.Instance);
        return new DhcpResponder(reader, cluster, decider, marks, new ParkedDiscovers(reader, decider, marks, NoOutlet.Instance, NullLogger.Instance));
    }

    /// <summary>A proxy beside another server.</summary>
    public static ProxyResponder ProxyOf(IReadOnlyList<DhcpSubnet> subnets, FakeCluster cluster, BootTrace trace, ClientTable clients, ILogger? logger = null) => new(
        new DhcpClientReader(subnets, logger ?? NullLogger.Instance), subnets[0], cluster, clients, new DhcpMarks(trace, clients, logger ?? NullLogger.Instance));

    public static MacAddress MacOf(byte client) => MacAddress.FromOctets([2, 0, 0, 0, 0, client]);

    void IDhcpOutlet.Send(ReadOnlySpan<byte> packet, in DhcpReply reply) => Assert.True(_late.Writer.TryWrite((packet.ToArray(), reply)));

    private sealed class NoOutlet : IDhcpOutlet
    {
        public static NoOutlet Instance { get; } = new();

        public void Send(ReadOnlySpan<byte> packet, in DhcpReply reply) => Assert.Fail("no answer is to come late");
    }
}
