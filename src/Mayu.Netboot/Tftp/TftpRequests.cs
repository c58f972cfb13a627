using System.Text;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Files;
using Mayu.Primitives;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// What datagrams do: a read request begins a transfer or is refused, an ACK moves one on, an ERROR ends it. Nothing is ever
/// written. Used by the listener's thread alone.
/// </summary>
/// <param name="parts">What is served, within which limits.</param>
/// <param name="mtu">The interface's, in bytes.</param>
/// <param name="ports">Where transfers are sent from, in turns.</param>
/// <param name="unresolved">Whom nothing is sent to any more.</param>
/// <param name="log">The log.</param>
internal sealed class TftpRequests(TftpParts parts, int mtu, TftpPort[] ports, UnresolvedClients unresolved, TftpLog log)
{
    private const int IpUdpAndTftpHeaders = 32;
    private const int LongestMessage = 200;

    private readonly UnprovenBudget _budget = new(parts.Clock);
    private int _turn;

    /// <summary>The transfers that run.</summary>
    public TftpTransfers Transfers { get; } = new(parts.Settings, transfer =>
    {
        parts.Marks.Ended(transfer);
        log.Ended(transfer);
    });

    /// <summary>Whether requests are answered. While the server stops they are not: a client that repeats its request reaches the next one.</summary>
    public bool TakesNew { get; set; } = true;

    /// <summary>Takes a datagram; answers that belong to no transfer go into the batch.</summary>
    /// <param name="port">Where it came in.</param>
    /// <param name="isRequestPort">Whether that is where requests come.</param>
    /// <param name="datagram">Its bytes.</param>
    /// <param name="client">Who sent it.</param>
    /// <param name="batch">What the port sends next.</param>
    /// <param name="now">The time stamp of now.</param>
    public void Take(TftpPort port, bool isRequestPort, ReadOnlySpan<byte> datagram, SocketName client, SendBatch batch, long now)
    {
        if (!TftpPacket.TryParse(datagram, out var packet, out var error))
        {
            // An answer to a malformed ACK or ERROR could go round for ever.
            if (isRequestPort && error is TftpParseError.MissingTerminator or TftpParseError.MissingName or TftpParseError.MissingValue && MaySendTo(client))
            {
                port.Refuse(batch, client, TftpErrorCode.IllegalOperation, "malformed request"u8);
            }

            return;
        }

        switch (packet.Opcode)
        {
            case TftpOpcode.ReadRequest or TftpOpcode.WriteRequest when !TakesNew:
                break;
            case TftpOpcode.ReadRequest when isRequestPort && MaySendTo(client):
                Read(port, packet, datagram, client, batch, now);
                break;
            case TftpOpcode.WriteRequest when isRequestPort && MaySendTo(client):
                port.Refuse(batch, client, TftpErrorCode.AccessViolation, "this server is read-only"u8);
                break;
            case TftpOpcode.Acknowledgement:
                Acknowledge(port, packet.Number, client, batch, now, isRequestPort);
                break;
            case TftpOpcode.Error when Transfers.Find(client) is { } transfer && transfer.Port == port:
                transfer.OnError(packet.Body, now);
                Transfers.Update(transfer);
                break;
            default:
                break;
        }
    }

    private bool MaySendTo(SocketName client)
    {
        if (unresolved.MaySendTo(client))
        {
            return true;
        }

        log.Unresolved(client.Address, parts.Settings);
        return false;
    }

    private void Acknowledge(TftpPort port, ushort block, SocketName client, SendBatch batch, long now, bool isRequestPort)
    {
        if (Transfers.Find(client) is { } transfer && transfer.Port == port)
        {
            if (!transfer.IsResolved && !MaySendTo(client))
            {
                return;
            }

            if (transfer.OnAcknowledgement(block, now))
            {
                parts.Marks.Progressed(transfer);
            }

            Transfers.Update(transfer);
        }
        else if (!isRequestPort && MaySendTo(client))
        {
            port.Refuse(batch, client, TftpErrorCode.UnknownTransfer, "unknown transfer ID"u8);
        }
    }

    private void Read(TftpPort port, in TftpPacket request, ReadOnlySpan<byte> datagram, SocketName client, SendBatch batch, long now)
    {
        var netascii = Ascii.EqualsIgnoreCase(request.Mode, "netascii"u8);
        if (!netascii && !Ascii.EqualsIgnoreCase(request.Mode, "octet"u8))
        {
            port.Refuse(batch, client, TftpErrorCode.NotDefined, "only octet and netascii are served"u8);
            return;
        }

        var hash = HashOf(datagram);
        var former = Transfers.Find(client);
        if (former is not null && former.IsRepeatedBy(hash, now))
        {
            // The transfer repeats its first packet by itself where that was lost.
            return;
        }

        // ROMs ask from the same port after each reset; a transfer that was under way is then nobody's any more.
        former?.Stop("the client started again");
        if (former is not null)
        {
            Transfers.Update(former);
        }

        if (!Transfers.MakeRoom(client.Address, now))
        {
            log.TooMany(client.Address, parts.Settings);
            port.Refuse(batch, client, TftpErrorCode.NotDefined, "too many transfers, try again later"u8);
            return;
        }

        if (!parts.Files.TryOpen(request.Body, client.Address, out var file, out var code, out var message, netascii))
        {
            parts.Marks.Refused(client.Address, request.Body, message);
            log.Refused(client.Address, request.Body, message);
            Span<byte> words = stackalloc byte[LongestMessage];
            var length = Encoding.ASCII.GetBytes(message.AsSpan(0, Math.Min(message.Length, LongestMessage)), words);
            port.Refuse(batch, client, code, words[..length]);
            return;
        }

        Begin(file, TftpRequestedOptions.Read(request), client, former?.Port, hash, now);
    }

    private void Begin(ServedFile file, TftpRequestedOptions requested, SocketName client, TftpPort? formerPort, int hash, long now)
    {
        var settings = parts.Settings;
        // Shorter than the patience, or the client would be gone before a block is repeated.
        var longestTimeout = (int)Math.Clamp(settings.IdleTimeout.TotalSeconds / 2, 1, byte.MaxValue);
        var agreement = TftpAgreement.Negotiate(requested, file.Size, MaximumBlockSize(client.Address), settings.MaximumWindowSize, longestTimeout);
        var transfer = new TftpTransfer(new GrantedRequest(file, agreement, client, hash), NextPort(formerPort), settings, _budget, unresolved, parts.Clock);
        transfer.Start(now);
        Transfers.Add(transfer);
    }

    private int MaximumBlockSize(Ipv4 client)
    {
        var most = Math.Min(mtu - IpUdpAndTftpHeaders, parts.Settings.MaximumBlockSize ?? int.MaxValue);
        most = Math.Min(most, parts.Marks.Clients.MaximumBlockSize(client) ?? int.MaxValue);
        return Math.Max(most, TftpRequestedOptions.MinimumBlockSize);
    }

    // Never the one that the client's last transfer had: what is still on its way to that one must not meet the new one.
    private TftpPort NextPort(TftpPort? former)
    {
        _turn = (_turn + 1) % ports.Length;
        if (ports[_turn] == former)
        {
            _turn = (_turn + 1) % ports.Length;
        }

        return ports[_turn];
    }

    private static int HashOf(ReadOnlySpan<byte> datagram)
    {
        var hash = new HashCode();
        hash.AddBytes(datagram);
        return hash.ToHashCode();
    }
}
