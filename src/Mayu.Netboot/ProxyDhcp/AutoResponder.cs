using Mayu.Netboot.Dhcp;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>Answers as a server or as a proxy, whichever <see cref="AutoMode"/> says at the moment; never as both.</summary>
/// <param name="server">Gives addresses.</param>
/// <param name="proxy">Gives none.</param>
/// <param name="mode">The decision.</param>
/// <param name="discovery">Our own question, which is nobody's to answer here.</param>
internal sealed class AutoResponder(IDhcpResponder server, IDhcpResponder proxy, AutoMode mode, DhcpDiscovery discovery) : IDhcpResponder
{
    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> datagram, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        return !discovery.IsQuestion(datagram) && (mode.GivesAddresses ? server : proxy).TryAnswer(datagram, buffer, out reply);
    }
}
