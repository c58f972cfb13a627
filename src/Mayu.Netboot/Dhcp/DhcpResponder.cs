namespace Mayu.Netboot.Dhcp;

/// <summary>Answers as a DHCP server: reads the client, has it decided, leaves the marks, writes the reply. It knows no socket.</summary>
/// <param name="reader">Reads the client.</param>
/// <param name="answers">Is told what clients say of themselves.</param>
/// <param name="decider">The decisions.</param>
/// <param name="marks">Where each packet leaves its mark, with the reason where there is no answer.</param>
/// <param name="parked">Where a client waits whose address has to be asked for on the wire.</param>
internal sealed class DhcpResponder(DhcpClientReader reader, IBootAnswers answers, DhcpDecider decider, DhcpMarks marks, ParkedDiscovers parked)
    : IDhcpResponder, IAsyncDisposable
{
    /// <summary>The decisions.</summary>
    public DhcpDecider Decider => decider;

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (!reader.TryRead(datagram, out var client))
        {
            return false;
        }

        answers.Note(client.Mac, client.Loader.Uuid);
        var decision = decider.Decide(client);
        if (decision.Kind == DhcpDecisionKind.Probe)
        {
            decision = parked.Park(decision, datagram);
        }

        marks.Leave(decision);
        reply = decision.Scope?.Replies.Write(buffer, client, decision) ?? default;
        return reply.Length > 0;
    }

    /// <inheritdoc/>
    /// <remarks>Ends what waits for the wire.</remarks>
    public ValueTask DisposeAsync() => parked.DisposeAsync();
}
