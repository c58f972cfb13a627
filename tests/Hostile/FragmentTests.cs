using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mayu.Interop.Tests.Network;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Hostile.Tests;

/// <summary>What is below DHCP and TFTP, as no client has it: fragments that never end or overlap, wrong sums and lengths, datagrams of 64 KiB.</summary>
public sealed class FragmentTests
{
    private const int IpHeader = 20;
    private const int UdpHeader = 8;
    private const int TransactionOffset = 4;
    private const int FragmentSize = 1480;
    private const ushort Dhcp = 67;
    private const ushort Tftp = 69;

    private static readonly IPAddress Server = new([10, 77, 0, 1]);
    private static readonly int Times = AttackCount.Of(2_000, 50_000);

    [Fact]
    public async Task Fragments_and_datagrams_that_lie_of_their_length_stop_neither_DHCP_nor_TFTP()
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        await using var mayu = new MayuServer(segment.Mayu, "10.77.0.1");
        var root = Directory.CreateDirectory(Path.Combine(mayu.Folder, "tftp")).FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "the file", TestContext.Current.CancellationToken);
        await mayu.ConfigureAsync($$"""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.90 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            tftp_root: {{root}}
            defaults: { image: none }
            """);
        await mayu.StartAsync();
        await TestNetwork.IpAsync(segment.Client, "address", "add", "10.77.0.200/24", "dev", "eth0");
        using var raw = segment.OpenClientRawSocket();
        using var udp = segment.OpenClientSocket(0);
        // One that is whole, though it came in pieces, is a client's like any other. Later the kernel has no memory for pieces, for half a minute.
        await AnswersAsync(segment, raw, Discover(1 << 20, room: 4000));

        for (var i = 0; i < Times; i++)
        {
            // The first one alone, the last one alone, and two that overlap.
            var discover = Datagram(Dhcp, Discover(i % 4));
            Send(raw, IPAddress.Broadcast, i, discover[..104], offset: 0, more: true);
            Send(raw, Server, i, Datagram(Tftp, "\0\u0001file\0octet\0"u8.ToArray())[..16], offset: 0, more: true);
            Send(raw, Server, i + 1, discover[104..], offset: 104, more: false);
            Send(raw, Server, i + 2, discover[..160], offset: 0, more: true);
            Send(raw, Server, i + 2, discover[104..], offset: 104, more: false);
        }

        // Some of these are taken for what they are, so few clients send them: they would fill the pool.
        for (var i = 0; i < Times / 20; i++)
        {
            SendDatagramsThatLie(raw, Discover(i % 4));
            SendHugeDatagrams(udp, Discover(i % 4));
        }

        await AnswersAsync(segment, raw, Discover(1 << 21));
        Assert.Equal("the file", await segment.ClientAsync("curl", "--silent", "--max-time", "20", "tftp://10.77.0.1/file"));
        Assert.Equal("the file", await segment.ClientAsync("curl", "--silent", "--max-time", "20", "--tftp-blksize", "65464", "tftp://10.77.0.1/file"));
        Assert.StartsWith("ready", await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
        Assert.Equal(0, mayu.CountInLog("defect"));
        Assert.Equal(0, mayu.CountInLog("dropped a request"));
    }

    private static async Task AnswersAsync(Segment segment, Socket raw, byte[] discover)
    {
        using var client = segment.OpenClientSocket(68);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(40));
        var datagram = Datagram(Dhcp, discover);
        var answered = HearAsync(client, discover, patience.Token);
        for (var i = 0; !answered.IsCompleted; i++)
        {
            for (var at = 0; at < datagram.Length; at += FragmentSize)
            {
                var end = Math.Min(at + FragmentSize, datagram.Length);
                Send(raw, IPAddress.Broadcast, 30_000 + i, datagram[at..end], at, more: end < datagram.Length);
            }

            await Task.WhenAny(answered, Task.Delay(TimeSpan.FromSeconds(2), patience.Token));
        }

        Assert.Equal(DhcpMessageType.Offer, await answered);
    }

    private static async Task<DhcpMessageType> HearAsync(Socket client, byte[] discover, CancellationToken patience)
    {
        var buffer = new byte[2048];
        while (true)
        {
            var length = await client.ReceiveAsync(buffer, SocketFlags.None, patience);
            if (TypeOf(buffer.AsSpan(0, length), discover.AsSpan(TransactionOffset, sizeof(uint))) is { } type)
            {
                return type;
            }
        }
    }

    private static DhcpMessageType? TypeOf(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> transaction) =>
        DhcpPacket.TryParse(answer, out var packet, out _) && answer.Slice(TransactionOffset, sizeof(uint)).SequenceEqual(transaction) ? packet.MessageType : null;

    private static void SendDatagramsThatLie(Socket raw, byte[] discover)
    {
        foreach (var length in new[] { 0, 7, 8, 9, 247, UdpHeader + discover.Length - 1, UdpHeader + discover.Length + 1, ushort.MaxValue })
        {
            var datagram = Datagram(Dhcp, discover);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)length);
            Send(raw, IPAddress.Broadcast, length, datagram, offset: 0, more: false);
        }

        var wrong = Datagram(Dhcp, discover);
        BinaryPrimitives.WriteUInt16BigEndian(wrong.AsSpan(6), 0xBAD1);
        Send(raw, IPAddress.Broadcast, 1, wrong, offset: 0, more: false);
        Send(raw, Server, 1, Datagram(Dhcp, []), offset: 0, more: false);
        Send(raw, Server, 1, [0, 68, 0], offset: 0, more: false);
    }

    private static void SendHugeDatagrams(Socket udp, byte[] discover)
    {
        foreach (var size in new[] { 1473, 9000, DhcpPacket.MaximumSize, DhcpPacket.MaximumSize + 1, 20_000, 65_507 })
        {
            var huge = new byte[size];
            discover.CopyTo(huge, 0);
            foreach (var port in new[] { Dhcp, Tftp, 4011 })
            {
                udp.SendTo(huge, new IPEndPoint(Server, port));
            }
        }
    }

    private static byte[] Discover(int client, int room = 300)
    {
        var buffer = new byte[room];
        var writer = DhcpPacketWriter.Request(
            buffer, DhcpMessageType.Discover, new HardwareAddress(HardwareAddress.Ethernet, [2, 0x77, 0, (byte)(client >> 16), (byte)(client >> 8), (byte)client]), (uint)client);
        writer.Finish();
        return buffer;
    }

    // No sum: that of an IPv4 datagram may be left out (RFC 768).
    private static byte[] Datagram(ushort port, byte[] content)
    {
        var datagram = new byte[UdpHeader + content.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, 68);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        content.CopyTo(datagram, UdpHeader);
        return datagram;
    }

    private static void Send(Socket raw, IPAddress to, int id, byte[] piece, int offset, bool more)
    {
        var packet = new byte[IpHeader + piece.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(1 + (id & 0x7FFF)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)((more ? 0x2000 : 0) | (offset / 8)));
        packet[8] = 64;
        packet[9] = (byte)ProtocolType.Udp;
        new byte[] { 10, 77, 0, 200 }.CopyTo(packet, 12);
        to.GetAddressBytes().CopyTo(packet, 16);
        piece.CopyTo(packet, IpHeader);
        raw.SendTo(packet, new IPEndPoint(to, 0));
    }
}
