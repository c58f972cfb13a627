using Mayu.Core.Boot;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>Writes transfers into the boot trace: one mark for a file, which grows while a slow one runs.</summary>
/// <param name="trace">The trace.</param>
/// <param name="clients">Whose an address is. Transfers of an address that nobody is known to have are only logged.</param>
internal sealed class TftpMarks(BootTrace trace, ClientTable clients)
{
    /// <summary>Whose an address is.</summary>
    public ClientTable Clients => clients;

    // About the file alone, so that the mark of a slow transfer grows into that of the whole one.
    private static readonly HopPhrase ByTftp = (in HopDetail detail) => $"{detail.Text} by TFTP";
    private static readonly HopPhrase Unconfirmed = (in HopDetail detail) => $"{detail.Text} by TFTP, without the last ACK";

    // How far it came stands beside the words: where it breaks off each time elsewhere, it is the same step again.
    private static readonly HopPhrase FellSilent = (in HopDetail detail) => $"{detail.Text} by TFTP: the client stopped answering";
    private static readonly HopPhrase BrokeOff = (in HopDetail detail) => $"{detail.Text} by TFTP ended early: {detail.Reason}";

    private static readonly HopPhrase NotThere = (in HopDetail detail) => $"\"{detail.Text}\" by TFTP: {detail.Reason}";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>A file that is not there, or not to be had.</summary>
    /// <remarks>The name is made text for a client with a lease only: whoever asks with a made-up sender makes no garbage.</remarks>
    public void Refused(Ipv4 client, ReadOnlySpan<byte> name, string reason)
    {
        if (clients.Find(client) is { } mac && TokenText.Hide(WireText.Printable(name)) is var text && !BootFileHops.IsProbe(text))
        {
            trace.Mark(mac, HopKind.File, new HopDetail(NotThere) { Text = text, Reason = reason });
        }
    }

    /// <summary>A transfer moved on.</summary>
    public void Progressed(TftpTransfer transfer)
    {
        if (transfer.Elapsed >= Slow && clients.Find(transfer.Client.Address) is { } mac)
        {
            trace.Mark(mac, BootFileHops.HopOf(transfer.File.Name), new HopDetail(ByTftp) { Text = transfer.File.Name }, transfer.Bytes, transfer.File.Size, transfer.Elapsed);
        }
    }

    /// <summary>A transfer ended.</summary>
    public void Ended(TftpTransfer transfer)
    {
        if (clients.Find(transfer.Client.Address) is not { } mac)
        {
            return;
        }

        var name = transfer.File.Name;
        var size = transfer.File.Size;
        switch (transfer.Outcome)
        {
            case TftpOutcome.Completed:
                trace.Mark(mac, BootFileHops.HopOf(name), new HopDetail(ByTftp) { Text = name }, size, size, transfer.Elapsed);
                break;
            case TftpOutcome.Unconfirmed:
                trace.Mark(mac, BootFileHops.HopOf(name), new HopDetail(Unconfirmed) { Text = name }, size, size, transfer.Elapsed);
                break;
            case TftpOutcome.Probed:
                break;
            case TftpOutcome.TimedOut:
                trace.Mark(mac, HopKind.Failed, new HopDetail(FellSilent) { Text = name }, transfer.Bytes, size, transfer.Elapsed);
                break;
            default:
                trace.Mark(mac, HopKind.Failed, new HopDetail(BrokeOff) { Text = name, Reason = transfer.Reason ?? "it gave up" }, transfer.Bytes, size, transfer.Elapsed);
                break;
        }
    }
}
