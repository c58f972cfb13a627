using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Server.Dhcp;
using Microsoft.Extensions.Logging.Abstractions;
using static Mayu.Server.Tests.Dhcp.ClientPackets;

namespace Mayu.Server.Tests.Dhcp;

/// <summary>A DHCP server without a socket, and what it said last.</summary>
internal sealed class ServedNetwork
{
    private readonly byte[] _answer = new byte[1472];
    private readonly DhcpResponder _responder;
    private DhcpReply _reply;

    public ServedNetwork(params DhcpSettings[] subnets)
    {
        Trace = new BootTrace(Clock);
        _responder = new DhcpResponder(subnets, Cluster, Trace, Clock, NullLogger<DhcpResponder>.Instance);
    }

    public StoppedClock Clock { get; } = new();

    public FakeCluster Cluster { get; } = new();

    public BootTrace Trace { get; }

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

    /// <summary>Sends a client's packet, by a relay where one is named.</summary>
    public bool Send(byte[] packet, InAddr relay = default)
    {
        if (!relay.IsAny)
        {
            relay.Write(packet.AsSpan(24));
        }

        return _responder.TryAnswer(packet, _answer, out _reply);
    }

    /// <summary>DISCOVER and REQUEST.</summary>
    public InAddr Bind(byte client, InAddr relay = default, params (DhcpOptionCode Code, byte[] Value)[] options)
    {
        Assert.True(Send(Discover(client, options), relay));
        var (address, server) = (Answer.YourAddress, Server);
        Assert.True(Send(Request(client, DhcpMessageType.Request, [.. options, Option(54, server), Option(50, address)]), relay));
        Assert.Equal(DhcpMessageType.Ack, Answer.MessageType);
        return address;
    }

    public InAddr Server => Answer.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) ? server : InAddr.Any;

    public string Hex(byte code) => Answer.TryGetOption((DhcpOptionCode)code, out var value) ? Convert.ToHexString(value) : "";

    public string LastMark(byte client)
    {
        var hop = Trace.Find(MacOf(client))!.Hops[^1];
        return $"{hop.Name}: {hop.Detail}";
    }

    public static MacAddress MacOf(byte client) => MacAddress.FromOctets([2, 0, 0, 0, 0, client]);
}
