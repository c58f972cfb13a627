using System.Buffers.Binary;
using Mayu.Primitives;
using Mayu.Protocols.Arp;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;
using Mayu.Protocols.Tftp;

namespace Mayu.Fuzz;

/// <summary>A reader of what comes from the wire, from a file or from a person. It may refuse; it must not throw, and what it reads it must be able to say again.</summary>
/// <param name="Name">What it is called on the command line, and the folder of its corpus.</param>
/// <param name="Take">Takes one input.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Take)
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("dhcp", TakeDhcp),
        new("dhcp-options", TakeDhcpOptions),
        new("tftp", TakeTftp),
        new("tftp-sender", TakeTftpConversation),
        new("arp", TakeArp),
        .. TextTargets.All,
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    private static void TakeDhcp(byte[] bytes)
    {
        if (!DhcpPacket.TryParse(bytes, out var packet, out _))
        {
            return;
        }

        for (var code = 0; code <= byte.MaxValue; code++)
        {
            packet.TryGetOption((DhcpOptionCode)code, out _);
            packet.TryGetAddress((DhcpOptionCode)code, out _);
            packet.TryGetUInt32((DhcpOptionCode)code, out _);
            packet.TryGetUInt16((DhcpOptionCode)code, out _);
        }

        var client = PxeClientInfo.Read(packet);
        WireText.Printable(client.VendorClass, 60);
        WireText.Printable(packet.ServerName);
        WireText.Printable(packet.BootFile);

        // Whatever was asked, the answer is a packet, and carries the question's transaction.
        Span<byte> answer = stackalloc byte[DhcpPacketWriter.MinimumDatagram];
        var writer = DhcpPacketWriter.Reply(answer, packet, DhcpMessageType.Offer);
        writer.Add(DhcpOptionCode.BootFileName, client.VendorClass);
        packet.TryGetOption(DhcpOptionCode.UserClass, out var userClass);
        writer.Add(DhcpOptionCode.VendorSpecific, userClass);
        var length = writer.Finish();
        if (!DhcpPacket.TryParse(answer[..length], out var read, out var error))
        {
            throw new InvalidOperationException($"the answer is not a packet: {error}");
        }

        if (read.TransactionId != packet.TransactionId || read.MessageType != DhcpMessageType.Offer)
        {
            throw new InvalidOperationException("the answer belongs to another question");
        }
    }

    private static void TakeDhcpOptions(byte[] bytes)
    {
        var reader = new DhcpOptionReader(bytes);
        var read = 0;
        while (reader.MoveNext())
        {
            read += reader.Value.Length;
        }

        if (read > bytes.Length)
        {
            throw new InvalidOperationException("the options are longer than what they were read from");
        }
    }

    private static void TakeTftp(byte[] bytes)
    {
        if (!TftpPacket.TryParse(bytes, out var packet, out _))
        {
            return;
        }

        var options = packet.Options;
        while (options.MoveNext())
        {
            WireText.Printable(options.Name);
            WireText.Printable(options.Value);
        }

        WireText.Printable(packet.Body, 60);
        if (packet.Opcode != TftpOpcode.ReadRequest)
        {
            return;
        }

        var agreement = TftpAgreement.Negotiate(TftpRequestedOptions.Read(packet), fileSize: 1_000_000, maximumBlockSize: 1468, maximumWindowSize: 64);
        Span<byte> answer = stackalloc byte[TftpPacket.MaximumRequestSize];
        if (agreement.NeedsOack && !TftpPacket.TryParse(answer[..TftpPacketWriter.WriteOptionAcknowledgement(answer, agreement)], out _, out var error))
        {
            throw new InvalidOperationException($"the option acknowledgement is not a packet: {error}");
        }
    }

    // The first bytes are what was agreed, the rest is what comes in: an acknowledgement (two bytes of its number), silence, or an error.
    private static void TakeTftpConversation(byte[] bytes)
    {
        if (bytes.Length < 6 || !TftpPacket.TryParse(bytes.AsSpan(6), out var request, out _) || request.Opcode != TftpOpcode.ReadRequest)
        {
            return;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var agreement = TftpAgreement.Negotiate(TftpRequestedOptions.Read(request), size, maximumBlockSize: 1468, maximumWindowSize: 64);
        var sender = new TftpSender(agreement, size, TimeSpan.FromSeconds(1), patience: TimeSpan.FromSeconds(15));
        Check(sender, sender.Start());
        var random = new Random(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(4)));
        foreach (var one in bytes.AsSpan(6))
        {
            Check(sender, (one & 7) switch
            {
                0 => sender.OnTimeout(),
                1 when one > 250 => sender.OnError(),
                2 => sender.OnAcknowledgement((ushort)random.Next(ushort.MaxValue + 1)),
                _ => sender.OnAcknowledgement((ushort)((sender.AcknowledgedBytes / agreement.BlockSize) + (one >> 3))),
            });
        }
    }

    private static void Check(TftpSender sender, TftpStep step)
    {
        if (step.Kind == TftpStepKind.SendBlocks && (step.FirstBlock < 1 || step.FirstBlock + step.Blocks - 1 > sender.BlockCount))
        {
            throw new InvalidOperationException($"blocks {step.FirstBlock} and {step.Blocks - 1} more of {sender.BlockCount}");
        }
    }

    private static void TakeArp(byte[] bytes)
    {
        if (ArpPacket.TryReadSender(bytes, out _, out var hardware) && hardware.Length > HardwareAddress.MaximumLength)
        {
            throw new InvalidOperationException($"a hardware address of {hardware.Length} bytes");
        }
    }
}
