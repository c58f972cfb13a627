using System.Collections.Immutable;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Netboot.Loaders;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>Writes the server's answers. Option order is order of importance: what does not fit is left out from the end.</summary>
internal sealed class DhcpReplyWriter
{
    private readonly NetworkPlan _network;
    private readonly byte[] _serverName;
    private readonly byte[] _domain;
    private readonly ImmutableArray<DhcpOptionSetting> _options;

    public DhcpReplyWriter(NetworkPlan network, ImmutableArray<DhcpOptionSetting> options)
    {
        _network = network;
        _options = options;
        // With a NUL, as option 67: PXE firmware alone is told it.
        _serverName = Encoding.ASCII.GetBytes($"{network.ServerAddress}\0");
        _domain = network.Domain is null ? [] : Encoding.ASCII.GetBytes(network.Domain);
    }

    /// <summary>OFFER, ACK, or the answer to BOOTP, with an address and all that belongs to it.</summary>
    public int WriteLease(
        Span<byte> buffer, in DhcpPacket request, DhcpMessageType type, in DhcpLeaseTerms terms, in DhcpClient client, BootFile? file)
    {
        var writer = DhcpPacketWriter.Reply(buffer, request, type);
        writer.YourAddress = terms.Address;
        if (type == DhcpMessageType.Ack)
        {
            writer.ClientAddress = request.ClientAddress;
        }

        if (type != DhcpMessageType.None)
        {
            writer.Add(DhcpOptionCode.ServerIdentifier, client.Server);
            writer.AddUInt32(DhcpOptionCode.LeaseTime, terms.Seconds);
            // RFC 2131 §4.4.5: T1 is a half and T2 seven eighths of the lease.
            writer.AddUInt32(DhcpOptionCode.RenewalTime, terms.Seconds / 2);
            writer.AddUInt32(DhcpOptionCode.RebindingTime, (uint)(terms.Seconds * 7L / 8));
        }

        writer.Add(DhcpOptionCode.SubnetMask, _network.Subnet.Netmask);
        if (type != DhcpMessageType.None)
        {
            EchoedOptions.Add(ref writer, request, file);
        }

        WriteBootFile(ref writer, request, client.Loader, file);
        if (terms.Hostname.Length > 0)
        {
            writer.Add(DhcpOptionCode.HostName, terms.Hostname);
        }

        WriteNetwork(ref writer, request);
        WriteFurther(ref writer, request, client.Loader.VendorClass);
        return writer.Finish();
    }

    /// <summary>The answer to INFORM: everything but an address (RFC 2131 §4.3.5).</summary>
    public int WriteInformation(Span<byte> buffer, in DhcpPacket request, in DhcpClient client)
    {
        var writer = DhcpPacketWriter.Reply(buffer, request, DhcpMessageType.Ack);
        writer.ClientAddress = request.ClientAddress;
        writer.Add(DhcpOptionCode.ServerIdentifier, client.Server);
        writer.Add(DhcpOptionCode.SubnetMask, _network.Subnet.Netmask);
        EchoedOptions.Add(ref writer, request);
        WriteNetwork(ref writer, request);
        request.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendorClass);
        WriteFurther(ref writer, request, vendorClass);
        return writer.Finish();
    }

    /// <summary>NAK (RFC 2131 §4.3.2): broadcast, also by a relay, since the client's address is wrong.</summary>
    public static int WriteRefusal(Span<byte> buffer, in DhcpPacket request, in DhcpClient client, ReadOnlySpan<byte> reason)
    {
        var writer = DhcpPacketWriter.Reply(buffer, request, DhcpMessageType.Nak);
        if (!request.RelayAddress.IsAny)
        {
            writer.Broadcast = true;
        }

        writer.Add(DhcpOptionCode.ServerIdentifier, client.Server);
        writer.Add(DhcpOptionCode.Message, reason);
        EchoedOptions.Add(ref writer, request);
        return writer.Finish();
    }

    private void WriteBootFile(ref DhcpPacketWriter writer, in DhcpPacket request, in PxeClientInfo client, BootFile? file)
    {
        if (file is null)
        {
            return;
        }

        // EDK2 takes 67, else `file`; ROMs take `file`; all of them siaddr. So each says the same.
        writer.NextServer = _network.ServerAddress;
        writer.TrySetBootFile(file.Bytes);
        BootFileOptions.AddName(ref writer, client, file);
        if (client.Kind == PxeClientKind.Ipxe)
        {
            // Option 60 here would make this a proxy offer in iPXE's eyes.
            BootFileOptions.Add(ref writer, file, DhcpOptionCode.Etherboot, PxeVendorOptions.IpxeWaitsForNoProxy);
            BootFileOptions.AddPxelinux(ref writer, request, file);
            return;
        }

        if (client.Kind == PxeClientKind.UBoot)
        {
            // It reads siaddr and the file, and PXELINUX's options; PXE's own mean nothing to it.
            BootFileOptions.Add(ref writer, file, DhcpOptionCode.TftpServerName, _serverName);
            BootFileOptions.AddPxelinux(ref writer, request, file);
            return;
        }

        if (file.IsHttpBoot)
        {
            // Firmware that boots over HTTP drops an offer without its own class; option 43 is PXE's and means nothing to it.
            BootFileOptions.Add(ref writer, file, DhcpOptionCode.VendorClassIdentifier, "HTTPClient"u8);
            return;
        }

        BootFileOptions.Add(ref writer, file, DhcpOptionCode.TftpServerName, _serverName);
        BootFileOptions.Add(ref writer, file, DhcpOptionCode.VendorClassIdentifier, "PXEClient"u8);
        BootFileOptions.Add(ref writer, file, DhcpOptionCode.VendorSpecific, file.Manner.VendorOptions);
        BootFileOptions.AddMachineIdentifier(ref writer, request, file);
        BootFileOptions.AddPxelinux(ref writer, request, file);
    }

    private void WriteNetwork(ref DhcpPacketWriter writer, in DhcpPacket request)
    {
        if (_network.Router is { } router)
        {
            writer.Add(DhcpOptionCode.Router, router);
        }

        writer.Add(DhcpOptionCode.DomainNameServer, _network.Dns.AsSpan());
        if (_domain.Length > 0)
        {
            writer.Add(DhcpOptionCode.DomainName, _domain);
        }

        if (Wants(request, DhcpOptionCode.NtpServers))
        {
            writer.Add(DhcpOptionCode.NtpServers, _network.Ntp.AsSpan());
        }

        if (Wants(request, DhcpOptionCode.BroadcastAddress))
        {
            writer.Add(DhcpOptionCode.BroadcastAddress, _network.Subnet.Broadcast);
        }
    }

    // What was written already stands. The configuration lets nobody set what a boot loader is told here (DhcpOptionSchema).
    private void WriteFurther(ref DhcpPacketWriter writer, in DhcpPacket request, ReadOnlySpan<byte> vendorClass)
    {
        foreach (var option in _options)
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
