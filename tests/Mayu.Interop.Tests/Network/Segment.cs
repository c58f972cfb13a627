using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Interop.Tests.Network;

/// <summary>
/// One network segment with three hosts, each a namespace: `mayu` 10.77.0.1, which has the bridge br0, `other` 10.77.0.2, where
/// another DHCP server lives, and `client`, which has no address. The last two call their interface eth0.
/// </summary>
internal sealed class Segment : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;
    private const int SoBindToDevice = 25;
    private const int IpLevel = 0;
    private const int IpHeaderIncluded = 3;

    private readonly TestNetwork _network;

    private Segment(TestNetwork network) => _network = network;

    public string Mayu { get; private set; } = "";

    public string Other { get; private set; } = "";

    public string Client { get; private set; } = "";

    /// <summary>The host between the segment and the client; none where the client is on the segment.</summary>
    public string Relay { get; private set; } = "";

    /// <summary>Makes it.</summary>
    /// <param name="isRelayed">Whether the client is in 10.78.0.0/24 behind a host that routes, 10.77.0.3 and 10.78.0.1, instead of on the segment itself.</param>
    public static async Task<Segment> BuildAsync(bool isRelayed = false)
    {
        var network = new TestNetwork();
        var segment = new Segment(network)
        {
            Mayu = await network.AddHostAsync("m"),
            Other = await network.AddHostAsync("o"),
            Client = await network.AddHostAsync("c"),
        };
        await TestNetwork.AddBridgeAsync(segment.Mayu, "br0", "10.77.0.1/24");
        await TestNetwork.PlugAsync(segment.Other, "eth0", segment.Mayu, "br0");
        await TestNetwork.IpAsync(segment.Other, "address", "add", "10.77.0.2/24", "dev", "eth0");
        if (isRelayed)
        {
            await segment.AddRelayAsync();
        }
        else
        {
            await TestNetwork.PlugAsync(segment.Client, "eth0", segment.Mayu, "br0");
        }

        return segment;
    }

    private async Task AddRelayAsync()
    {
        Relay = await _network.AddHostAsync("r");
        await TestNetwork.PlugAsync(Relay, "up0", Mayu, "br0");
        await TestNetwork.CableAsync(Client, "eth0", Relay, "down0");
        await TestNetwork.IpAsync(Relay, "address", "add", "10.77.0.3/24", "dev", "up0");
        await TestNetwork.IpAsync(Relay, "address", "add", "10.78.0.1/24", "dev", "down0");
        await TestNetwork.RunAsync(Relay, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        foreach (var host in new[] { Mayu, Other })
        {
            await TestNetwork.IpAsync(host, "route", "add", "10.78.0.0/24", "via", "10.77.0.3");
        }
    }

    /// <summary>Runs a program on the client's host, which must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => TestNetwork.RunAsync(Client, command);

    /// <summary>A UDP socket on the client's eth0; of several on one port each hears what is broadcast.</summary>
    public Socket OpenClientSocket(int port) => NamespaceSocket.Open(Client, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes("eth0\0"));
        socket.SetRawSocketOption(SolSocket, SoReuseAddress, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    /// <summary>A socket on the client's eth0 that sends what it is given, from the IP header on; the kernel writes that header's checksum.</summary>
    public Socket OpenClientRawSocket() => NamespaceSocket.Open(Client, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw) { EnableBroadcast = true };
        socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes("eth0\0"));
        socket.SetRawSocketOption(IpLevel, IpHeaderIncluded, BitConverter.GetBytes(1));
        return socket;
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _network.DisposeAsync();
}
