using System.Collections.Immutable;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>Writes the server's answers. Option order is order of importance: what does not fit is left out from the end.</summary>
internal sealed class DhcpReplyWriter(NetworkPlan network, ImmutableArray<DhcpOptionSetting> options)
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;

    // With a NUL, as option 67: PXE firmware alone is told it.
    private readonly byte[] _serverName = Encoding.ASCII.GetBytes($"{network.ServerAddress}\0");
    private readonly byte[] _domain = network.Domain is null ? [] : Encoding.ASCII.GetBytes(network.Domain);

    /// <summary>Writes what was decided.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="client">The client, with its packet.</param>
    /// <param name="decision">The decision.</param>
    /// <returns>Its length and destination; a length of 0 where nothing is to be sent.</returns>
    public DhcpReply Write(Span<byte> buffer, in DhcpClient client, in DhcpDecision decision) => decision.Kind switch
    {
        // What is only offered is nobody's yet, and waits for no disk.
        DhcpDecisionKind.Offer => WriteLease(buffer, client, decision, DhcpMessageType.Offer) with { DelayMilliseconds = decision.File?.DelayMilliseconds ?? 0 },
        DhcpDecisionKind.Ack => WriteLease(buffer, client, decision, client.IsBootp ? DhcpMessageType.None : DhcpMessageType.Ack) with { AfterRecord = decision.AfterRecord },
        DhcpDecisionKind.Nak => ToWhoHasNoAddress(WriteRefusal(buffer, client.Request, decision), client.Request),
        DhcpDecisionKind.Inform => ToClient(WriteInformation(buffer, client.Request, decision), client, decision),
        _ => default,
    };

    // RFC 2131 §4.1 allows broadcast in place of unicast to a client that has no address yet, and every firmware takes it. A ciaddr is believed
    // only where it is the leased address: whatever else stands there would have this server send to a stranger.
    private DhcpReply WriteLease(Span<byte> buffer, in DhcpClient client, in DhcpDecision decision, DhcpMessageType type)
    {
        var length = WriteLease(buffer, client.Request, type, client.Loader, decision);
        return client.Request.RelayAddress.IsAny && client.Request.ClientAddress == decision.Address
            ? ToClient(length, client, decision)
            : ToWhoHasNoAddress(length, client.Request);
    }

    // Behind a relay or a router the MAC is on another segment.
    private static DhcpReply ToClient(int length, in DhcpClient client, in DhcpDecision decision) => new(length, client.Request.ClientAddress, ClientPort)
    {
        Mac = decision.Scope!.IsOnLink && client.Request.RelayAddress.IsAny ? client.Mac : null,
    };

    private static DhcpReply ToWhoHasNoAddress(int length, in DhcpPacket request) =>
        request.RelayAddress.IsAny ? new DhcpReply(length, Ipv4.Broadcast, ClientPort) : new DhcpReply(length, request.RelayAddress, ServerPort);

    // OFFER, ACK, or the answer to BOOTP, with an address and all that belongs to it.
    private int WriteLease(Span<byte> buffer, in DhcpPacket request, DhcpMessageType type, in PxeClientInfo loader, in DhcpDecision decision)
    {
        var file = decision.File;
        var (seconds, hostname) = decision.Scope!.TermsOf(decision.Client);
        var writer = DhcpPacketWriter.Reply(buffer, request, type);
        writer.YourAddress = decision.Address;
        if (type == DhcpMessageType.Ack)
        {
            writer.ClientAddress = request.ClientAddress;
        }

        if (type != DhcpMessageType.None)
        {
            writer.Add(DhcpOptionCode.ServerIdentifier, decision.Server);
            writer.AddUInt32(DhcpOptionCode.LeaseTime, seconds);
            // RFC 2131 §4.4.5: T1 is a half and T2 seven eighths of the lease.
            writer.AddUInt32(DhcpOptionCode.RenewalTime, seconds / 2);
            writer.AddUInt32(DhcpOptionCode.RebindingTime, (uint)(seconds * 7L / 8));
        }

        writer.Add(DhcpOptionCode.SubnetMask, network.Subnet.Netmask);
        if (type != DhcpMessageType.None)
        {
            ReplyOptions.AddEchoes(ref writer, request, file);
        }

        WriteBootFile(ref writer, request, loader, file);
        if (hostname.Length > 0)
        {
            writer.Add(DhcpOptionCode.HostName, hostname);
        }

        WriteNetwork(ref writer, request);
        WriteFurther(ref writer, request, loader.VendorClass);
        return writer.Finish();
    }

    // The answer to INFORM: everything but an address (RFC 2131 §4.3.5).
    private int WriteInformation(Span<byte> buffer, in DhcpPacket request, in DhcpDecision decision)
    {
        var writer = DhcpPacketWriter.Reply(buffer, request, DhcpMessageType.Ack);
        writer.ClientAddress = request.ClientAddress;
        writer.Add(DhcpOptionCode.ServerIdentifier, decision.Server);
        writer.Add(DhcpOptionCode.SubnetMask, network.Subnet.Netmask);
        ReplyOptions.AddEchoes(ref writer, request);
        WriteNetwork(ref writer, request);
        request.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendorClass);
        WriteFurther(ref writer, request, vendorClass);
        return writer.Finish();
    }

    // NAK (RFC 2131 §4.3.2): broadcast, also by a relay, since the client's address is wrong.
    private static int WriteRefusal(Span<byte> buffer, in DhcpPacket request, in DhcpDecision decision)
    {
        Span<byte> reason = stackalloc byte[64];
        var length = Encoding.ASCII.GetBytes(decision.Reason.Reason, reason);
        var writer = DhcpPacketWriter.Reply(buffer, request, DhcpMessageType.Nak);
        if (!request.RelayAddress.IsAny)
        {
            writer.Broadcast = true;
        }

        writer.Add(DhcpOptionCode.ServerIdentifier, decision.Server);
        writer.Add(DhcpOptionCode.Message, reason[..length]);
        ReplyOptions.AddEchoes(ref writer, request);
        return writer.Finish();
    }

    private void WriteBootFile(ref DhcpPacketWriter writer, in DhcpPacket request, in PxeClientInfo client, BootFile? file)
    {
        if (file is null)
        {
            return;
        }

        // EDK2 takes 67, else `file`; ROMs take `file`; all of them siaddr. So each says the same.
        writer.NextServer = network.ServerAddress;
        writer.TrySetBootFile(file.Bytes);
        ReplyOptions.AddName(ref writer, client, file);
        if (client.Kind == PxeClientKind.Ipxe)
        {
            // Option 60 here would make this a proxy offer in iPXE's eyes.
            ReplyOptions.Add(ref writer, file, DhcpOptionCode.Etherboot, PxeVendorOptions.IpxeWaitsForNoProxy);
            ReplyOptions.AddPxelinux(ref writer, request, file);
            return;
        }

        if (client.Kind == PxeClientKind.UBoot)
        {
            // It reads siaddr and the file, and PXELINUX's options; PXE's own mean nothing to it.
            ReplyOptions.Add(ref writer, file, DhcpOptionCode.TftpServerName, _serverName);
            ReplyOptions.AddPxelinux(ref writer, request, file);
            return;
        }

        if (file.IsHttpBoot)
        {
            // Firmware that boots over HTTP drops an offer without its own class; option 43 is PXE's and means nothing to it.
            ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorClassIdentifier, "HTTPClient"u8);
            return;
        }

        ReplyOptions.Add(ref writer, file, DhcpOptionCode.TftpServerName, _serverName);
        ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorClassIdentifier, "PXEClient"u8);
        ReplyOptions.Add(ref writer, file, DhcpOptionCode.VendorSpecific, file.VendorOptions);
        ReplyOptions.AddMachineIdentifier(ref writer, request, file);
        ReplyOptions.AddPxelinux(ref writer, request, file);
    }

    private void WriteNetwork(ref DhcpPacketWriter writer, in DhcpPacket request)
    {
        if (network.Router is { } router)
        {
            writer.Add(DhcpOptionCode.Router, router);
        }

        writer.Add(DhcpOptionCode.DomainNameServer, network.Dns.AsSpan());
        if (_domain.Length > 0)
        {
            writer.Add(DhcpOptionCode.DomainName, _domain);
        }

        if (Wants(request, DhcpOptionCode.NtpServers))
        {
            writer.Add(DhcpOptionCode.NtpServers, network.Ntp.AsSpan());
        }

        if (Wants(request, DhcpOptionCode.BroadcastAddress))
        {
            writer.Add(DhcpOptionCode.BroadcastAddress, network.Subnet.Broadcast);
        }
    }

    // What was written already stands. The configuration lets nobody set what a boot loader is told here (DhcpOptionSchema).
    private void WriteFurther(ref DhcpPacketWriter writer, in DhcpPacket request, ReadOnlySpan<byte> vendorClass)
    {
        foreach (var option in options)
        {
            if ((option.Always || Wants(request, option.Code)) && vendorClass.StartsWith(option.VendorClass.AsSpan()) && !writer.Has(option.Code))
            {
                writer.Add(option.Code, option.Value.AsSpan());
            }
        }
    }

    private static bool Wants(in DhcpPacket request, DhcpOptionCode code) =>
        !request.TryGetOption(DhcpOptionCode.ParameterRequestList, out var list) || list.Contains((byte)code);
}
