using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Protocols.Dhcp;

/// <summary>
/// What a server goes by of what a relay wrote into option 82 (RFC 3046): code, length and value of each sub-option, without filler and
/// end. Of two with one code the first counts; what is cut off ends the list. It says nothing of who wrote it: the reader has to
/// know the relay.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RelayAgentInformation
{
    private const byte LinkSelectionCode = 5;
    private const byte ServerOverrideCode = 11;
    private const byte LoopbackNetwork = 127;
    private const byte FirstMulticastNetwork = 224;

    /// <summary>Whether sub-option 5 is there, whatever is in it.</summary>
    public bool HasLinkSelection { get; private init; }

    /// <summary>
    /// Sub-option 5 (RFC 3527): an address in the subnet that the client is in. Null where it is absent, or has not four bytes.
    /// </summary>
    public Ipv4? LinkSelection { get; private init; }

    /// <summary>
    /// Sub-option 11 (RFC 5107): what the server is to call itself in option 54, so that the client renews by the relay. Null where it is
    /// absent, has not four bytes, or is no host's address: 0.0.0.0/8, loopback, multicast, or above.
    /// </summary>
    public Ipv4? ServerOverride { get; private init; }

    /// <summary>Reads option 82 of a packet. Allocates only where the option was split (RFC 3396).</summary>
    /// <param name="packet">The packet; one without option 82 says nothing.</param>
    public static RelayAgentInformation Read(scoped in DhcpPacket packet)
    {
        packet.TryGetOption(DhcpOptionCode.RelayAgentInformation, out var rest);
        var (hasLink, hasOverride) = (false, false);
        Ipv4? link = null;
        Ipv4? server = null;
        while (rest.Length >= 2 && rest[1] <= rest.Length - 2)
        {
            var value = rest.Slice(2, rest[1]);
            if (rest[0] == LinkSelectionCode && !hasLink)
            {
                hasLink = true;
                link = AddressIn(value);
            }
            else if (rest[0] == ServerOverrideCode && !hasOverride)
            {
                hasOverride = true;
                server = AddressIn(value) is { } address && IsHost(address) ? address : null;
            }

            rest = rest[(2 + value.Length)..];
        }

        return new RelayAgentInformation { HasLinkSelection = hasLink, LinkSelection = link, ServerOverride = server };
    }

    private static Ipv4? AddressIn(ReadOnlySpan<byte> value) => value.Length == Ipv4.Size ? Ipv4.Read(value) : null;

    private static bool IsHost(Ipv4 address) => (address.Value >> 24) is > 0 and not LoopbackNetwork and < FirstMulticastNetwork;
}
