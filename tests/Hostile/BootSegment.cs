using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Interop.Tests.Network;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using MayuServer = Mayu.Interop.Tests.Network.MayuServer;

namespace Mayu.Hostile.Tests;

/// <summary>
/// `mayu serve` at 10.77.0.1 in 10.77.0.0/16, and a hostile host on its bridge that writes whole frames. All namespaces share this kernel's
/// neighbour table, so whoever attacks or asks here does it without that table.
/// </summary>
internal sealed class BootSegment : IAsyncDisposable
{
    private const ushort Ipv4Protocol = 0x0800;
    private const int SolSocket = 1;
    private const int SoBindToDevice = 25;
    private const ushort ServerPort = 67;
    private const int TransactionOffset = 4;

    private readonly TestNetwork _network;
    private readonly Socket _frames;
    private readonly Socket _offers;
    private readonly LinkEndPoint _server;
    private readonly byte[] _received = new byte[1500];
    private uint _transaction;

    private BootSegment(TestNetwork network, string host, string mac, string clientHost, int index)
    {
        (_network, Host) = (network, host);
        Mayu = new MayuServer(host, "10.77.0.1");
        _server = new LinkEndPoint(Ipv4Protocol, index, [.. mac.Trim().Split(':').Select(octet => byte.Parse(octet, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);
        _frames = NamespaceSocket.Open(clientHost, () => new Socket(AddressFamily.Packet, SocketType.Dgram, ProtocolType.Unspecified));
        _offers = NamespaceSocket.Open(clientHost, () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes("eth0\0"));
            socket.Bind(new IPEndPoint(IPAddress.Any, 68));
            return socket;
        });
    }

    /// <summary>The server; the test configures and starts it.</summary>
    public MayuServer Mayu { get; }

    /// <summary>The server's host.</summary>
    public string Host { get; }

    /// <summary>Makes it.</summary>
    public static async Task<BootSegment> BuildAsync()
    {
        TestNetwork.NeedRoot();
        var network = new TestNetwork();
        var (host, hostile) = (await network.AddHostAsync("m"), await network.AddHostAsync("h"));
        await TestNetwork.AddBridgeAsync(host, "br0", "10.77.0.1/16");
        await TestNetwork.PlugAsync(hostile, "eth0", host, "br0");
        var mac = await TestNetwork.RunAsync(host, "cat", "/sys/class/net/br0/address");
        var index = int.Parse(await TestNetwork.RunAsync(hostile, "cat", "/sys/class/net/eth0/ifindex"), CultureInfo.InvariantCulture);
        return new BootSegment(network, host, mac, hostile, index);
    }

    /// <summary>A datagram to the server in somebody's name.</summary>
    /// <param name="source">The sender that it names.</param>
    /// <param name="sourcePort">His port.</param>
    /// <param name="port">The server's.</param>
    /// <param name="content">What it carries.</param>
    public void Send(Ipv4 source, ushort sourcePort, ushort port, ReadOnlySpan<byte> content) =>
        Send(source, sourcePort, Ipv4.Of(10, 77, 0, 1), port, content);

    /// <summary>Sends a DISCOVER, as a client without an address does, and waits for its offer.</summary>
    /// <param name="discover">The packet, which gets another transaction.</param>
    /// <returns>False where none came within three seconds.</returns>
    public async Task<bool> IsOfferedAsync(byte[] discover)
    {
        // So that a late offer is not taken for this one's.
        BinaryPrimitives.WriteUInt32BigEndian(discover.AsSpan(TransactionOffset), ++_transaction);
        // The kernel drops what has no sender and is not broadcast.
        Send(Ipv4.Any, 68, Ipv4.Broadcast, ServerPort, discover);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            while (true)
            {
                var length = await _offers.ReceiveAsync(_received, SocketFlags.None, patience.Token);
                if (IsOffer(_received.AsSpan(0, length), discover))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _frames.Dispose();
        _offers.Dispose();
        await Mayu.DisposeAsync();
        await _network.DisposeAsync();
    }

    private void Send(Ipv4 source, ushort sourcePort, Ipv4 destination, ushort port, ReadOnlySpan<byte> content)
    {
        Span<byte> packet = stackalloc byte[UdpHeaders.Length + content.Length];
        content.CopyTo(packet[UdpHeaders.Length..]);
        UdpHeaders.Write(packet, source, sourcePort, destination, port);
        _frames.SendTo(packet, SocketFlags.None, _server);
    }

    private static bool IsOffer(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> discover) =>
        DhcpPacket.TryParse(packet, out var answer, out _) && DhcpPacket.TryParse(discover, out var question, out _)
        && answer.MessageType == DhcpMessageType.Offer && answer.TransactionId == question.TransactionId;
}
