namespace Mayu.Netboot.Dhcp;

/// <summary>What answers on port 67: packet in, packet out, no socket.</summary>
internal interface IDhcpResponder
{
    /// <summary>Answers one datagram, or does not. Safe from any thread.</summary>
    /// <param name="datagram">What came to port 67.</param>
    /// <param name="buffer">Where the answer goes, 548 bytes or more.</param>
    /// <param name="reply">Its length and destination.</param>
    /// <returns>False where nothing is to be sent.</returns>
    bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply);
}
