using System.Text;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Writes what a boot server says beside a DHCP server: never an address, and option 60, by which a client tells this answer
/// from one that gives an address.
/// </summary>
internal sealed class ProxyReplyWriter(Ipv4 server)
{
    private const int BootItemSize = 4;

    private readonly byte[] _serverName = Encoding.ASCII.GetBytes($"{server}\0");

    /// <summary>The offer on port 67, or the ACK on port 4011.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="type">OFFER or ACK.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="file">What it is to load; for UEFI HTTP boot a URL.</param>
    /// <returns>The packet's length.</returns>
    public int Write(Span<byte> buffer, in DhcpPacket request, DhcpMessageType type, in PxeClientInfo client, BootFile file)
    {
        var writer = DhcpPacketWriter.Reply(buffer, request, type);
        if (type == DhcpMessageType.Ack)
        {
            writer.ClientAddress = request.ClientAddress;
        }

        // iPXE takes an offer as a proxy's if siaddr and the file are there, and asks port 4011 otherwise.
        writer.NextServer = server;
        writer.TrySetBootFile(file.Bytes);
        // Our own also by a relay that would have it otherwise (RFC 5107): no lease is renewed here, and port 4011 is not the relay's.
        writer.Add(DhcpOptionCode.ServerIdentifier, server);
        ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorClassIdentifier, file.IsHttpBoot ? "HTTPClient"u8 : "PXEClient"u8);
        ReplyOptions.AddName(ref writer, client, file);
        ReplyOptions.AddMachineIdentifier(ref writer, request, file);
        if (client.Kind == PxeClientKind.Pxe)
        {
            ReplyOptions.Add(ref writer, file, DhcpOptionCode.TftpServerName, _serverName);
            WriteVendorOptions(ref writer, request, file);
        }

        ReplyOptions.AddPxelinux(ref writer, request, file);
        ReplyOptions.AddEchoes(ref writer, request, file);
        return writer.Finish();
    }

    // A ROM that asked for one boot item (PXE specification 2.1 §2.2.3, sub-option 71) wants it back in the answer.
    private static void WriteVendorOptions(ref DhcpPacketWriter writer, in DhcpPacket request, BootFile file)
    {
        var plain = file.VendorOptions;
        if (!request.TryGetOption(DhcpOptionCode.VendorSpecific, out var asked) || !TryFindBootItem(asked, out var item))
        {
            ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorSpecific, plain);
            return;
        }

        Span<byte> withItem = stackalloc byte[plain.Length + 2 + BootItemSize];
        plain[..^1].CopyTo(withItem);
        withItem[plain.Length - 1] = PxeVendorOptions.BootItem;
        withItem[plain.Length] = BootItemSize;
        item.CopyTo(withItem[(plain.Length + 1)..]);
        withItem[^1] = plain[^1];
        ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorSpecific, withItem);
    }

    private static bool TryFindBootItem(ReadOnlySpan<byte> vendorOptions, out ReadOnlySpan<byte> item)
    {
        var reader = new DhcpOptionReader(vendorOptions);
        while (reader.MoveNext())
        {
            if ((byte)reader.Code == PxeVendorOptions.BootItem && reader.Value.Length == BootItemSize)
            {
                item = reader.Value;
                return true;
            }
        }

        item = default;
        return false;
    }
}
