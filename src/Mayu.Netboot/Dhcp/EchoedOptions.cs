using Mayu.Netboot.Loaders;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

/// <summary>What a client sent and wants back unchanged, in every answer to it.</summary>
internal static class EchoedOptions
{
    /// <summary>
    /// Adds option 61 (RFC 6842 §3), which tells clients apart that share a hardware address, and option 118, without which a client that
    /// sent it drops the answer (RFC 3011 §2); one that is no address was not looked at, and does not come back.
    /// </summary>
    /// <param name="writer">The answer.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="file">The boot file that the client is told, whose quirk may omit option 61; null: none.</param>
    public static void Add(ref DhcpPacketWriter writer, in DhcpPacket request, BootFile? file = null)
    {
        if (file?.Sends(DhcpOptionCode.ClientIdentifier) != false && request.TryGetOption(DhcpOptionCode.ClientIdentifier, out var client))
        {
            writer.Add(DhcpOptionCode.ClientIdentifier, client);
        }

        if (request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var subnet))
        {
            writer.Add(DhcpOptionCode.SubnetSelection, subnet);
        }
    }
}
