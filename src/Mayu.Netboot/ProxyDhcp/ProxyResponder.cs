using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Answers beside another DHCP server: offers with a boot file and no address on port 67, and the ACK of port 4011 for a client that asks there.
/// Packet in, packet out; it knows no socket.
/// </summary>
/// <param name="reader">Reads the client.</param>
/// <param name="subnet">The interface's own subnet.</param>
/// <param name="answers">The planner.</param>
/// <param name="clients">Is told which address a loader has, as far as it is heard.</param>
/// <param name="marks">Where each packet leaves its mark.</param>
internal sealed class ProxyResponder(DhcpClientReader reader, DhcpSubnet subnet, IBootAnswers answers, ClientTable clients, DhcpMarks marks) : IDhcpResponder
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;

    private readonly ProxyDecider _decider = new(subnet, answers);
    private readonly ProxyReplyWriter _replies = new(subnet.Network.ServerAddress);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (!reader.TryRead(datagram, out var client) || !ProxyDecider.Serves(client))
        {
            return false;
        }

        answers.Note(client.Mac, client.Loader.Uuid);
        var decision = _decider.Decide(client);
        Leave(decision);
        if (decision.Kind != DhcpDecisionKind.Proxy)
        {
            return false;
        }

        var length = _replies.Write(buffer, client.Request, DhcpMessageType.Offer, client.Loader, decision.File!);
        // A client that waits for offers has no address yet.
        reply = client.Request.RelayAddress.IsAny ? new DhcpReply(length, Ipv4.Broadcast, ClientPort) : new DhcpReply(length, client.Request.RelayAddress, ServerPort);
        reply = reply with { DelayMilliseconds = decision.File!.DelayMilliseconds };
        return true;
    }

    /// <summary>Answers what came to port 4011.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="sender">From where, which is where the answer goes.</param>
    /// <param name="port">From which port.</param>
    /// <param name="buffer">Where the answer goes, 548 bytes or more.</param>
    /// <param name="reply">Its length and destination.</param>
    /// <returns>False where nothing is to be sent.</returns>
    public bool TryAnswerBootServer(ReadOnlySpan<byte> datagram, Ipv4 sender, ushort port, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (sender.IsAny || !reader.TryRead(datagram, out var client, byAnyRelay: true) || !ProxyDecider.Serves(client))
        {
            return false;
        }

        answers.Note(client.Mac, client.Loader.Uuid);
        var decision = _decider.DecideAsBootServer(client, sender);
        Leave(decision);
        if (decision.Kind != DhcpDecisionKind.Proxy)
        {
            return false;
        }

        reply = new DhcpReply(_replies.Write(buffer, client.Request, DhcpMessageType.Ack, client.Loader, decision.File!), sender, port)
        {
            Mac = subnet.Network.Subnet.Contains(sender) && client.Request.RelayAddress.IsAny ? client.Mac : null,
        };
        return true;
    }

    private void Leave(in DhcpDecision decision)
    {
        if (!decision.Address.IsAny)
        {
            clients.Hear(decision.Address, decision.Mac, time: null);
        }

        marks.Leave(decision);
    }
}
