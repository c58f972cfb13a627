using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Mayu.Primitives;
using Mayu.Protocols.Net;

namespace Mayu.Protocols.Dhcp;

/// <summary>What a server's packet says to a client, read once and kept.</summary>
public sealed record DhcpAnswer
{
    /// <summary>OFFER, ACK or NAK; none for BOOTP.</summary>
    public required DhcpMessageType Type { get; init; }

    /// <summary>The client's address; 0.0.0.0 in a proxy's offer.</summary>
    public Ipv4 Address { get; init; }

    /// <summary>Who answers: option 54, or 0.0.0.0.</summary>
    public Ipv4 Server { get; init; }

    /// <summary>Where the boot file is: <c>siaddr</c>, else the address that option 66 has, else 0.0.0.0.</summary>
    public Ipv4 NextServer { get; init; }

    /// <summary>Option 67, else <c>file</c>; empty where neither names one. Not printable characters are escaped.</summary>
    public string BootFile { get; init; } = "";

    /// <summary>The length of the subnet's prefix, 0 to 32; null where option 1 is absent or no mask.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>The first router; null where there is none.</summary>
    public Ipv4? Router { get; init; }

    /// <summary>The lease in seconds; null where none is told.</summary>
    public uint? LeaseSeconds { get; init; }

    /// <summary>Option 56: why a NAK; escaped.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether option 60 says PXEClient. Without option 43 the client then asks port 4011.</summary>
    public bool IsPxe { get; init; }

    /// <summary>Whether option 60 says HTTPClient, without which UEFI HTTP boot takes no URL.</summary>
    public bool IsHttp { get; init; }

    /// <summary>Whether it has option 43.</summary>
    public bool HasVendorOptions { get; init; }

    /// <summary>
    /// Whether this is a boot file beside another server's address: for PXE, or for UEFI HTTP boot, which takes such offers too (EDK2,
    /// <c>HttpOfferTypeProxyIpUri</c>).
    /// </summary>
    public bool IsProxy => Type == DhcpMessageType.Offer && Address.IsAny && (IsPxe || IsHttp);

    /// <summary>Reads an answer.</summary>
    /// <param name="bytes">One datagram.</param>
    /// <param name="transaction">The <c>xid</c> that it must have.</param>
    /// <param name="client">Whom it must be for.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False for what is malformed, no answer, or another client's.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint transaction, HardwareAddress client, [NotNullWhen(true)] out DhcpAnswer? answer)
    {
        answer = null;
        if (!DhcpPacket.TryParse(bytes, out var packet, out _) || packet.Operation != DhcpOperation.BootReply
            || packet.TransactionId != transaction || packet.HardwareAddress != client)
        {
            return false;
        }

        packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server);
        packet.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendor);
        packet.TryGetOption(DhcpOptionCode.Message, out var message);
        answer = new DhcpAnswer
        {
            Type = packet.MessageType,
            Address = packet.YourAddress,
            Server = server,
            NextServer = NextServerOf(packet),
            BootFile = WireText.Printable(packet.TryGetOption(DhcpOptionCode.BootFileName, out var file) ? file : packet.BootFile, 1024),
            PrefixLength = packet.TryGetAddress(DhcpOptionCode.SubnetMask, out var mask) ? PrefixOf(mask.Value) : null,
            Router = packet.TryGetOption(DhcpOptionCode.Router, out var routers) && routers.Length >= Ipv4.Size ? Ipv4.Read(routers) : null,
            LeaseSeconds = packet.TryGetUInt32(DhcpOptionCode.LeaseTime, out var lease) ? lease : null,
            Message = WireText.Printable(message),
            IsPxe = vendor.StartsWith("PXEClient"u8),
            IsHttp = vendor.StartsWith("HTTPClient"u8),
            HasVendorOptions = packet.TryGetOption(DhcpOptionCode.VendorSpecific, out _),
        };
        return true;
    }

    private static Ipv4 NextServerOf(scoped in DhcpPacket packet)
    {
        if (!packet.NextServer.IsAny)
        {
            return packet.NextServer;
        }

        return packet.TryGetOption(DhcpOptionCode.TftpServerName, out var name)
            && System.Net.IPAddress.TryParse(WireText.Printable(name), out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? Ipv4.From(address)
            : Ipv4.Any;
    }

    private static int? PrefixOf(uint mask)
    {
        var length = BitOperations.LeadingZeroCount(~mask);
        return length == 32 || mask << length == 0 ? length : null;
    }
}
