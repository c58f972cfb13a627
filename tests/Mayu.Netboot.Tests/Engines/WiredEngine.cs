using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Netboot.Tests.Files;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests.Engines;

/// <summary>Two networks with a cable between them: the server's, 10.0.0.1 on mayu0, and the clients', peer0.</summary>
internal sealed class WiredEngine : IDisposable
{
    public const string Nic = "mayu0";
    public static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    public static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);
    public static readonly Ipv4 Second = Ipv4.Of(10, 0, 0, 51);
    public static readonly MacAddress PeerMac = MacAddress.FromOctets([2, 0, 0, 0, 0, 0x77]);

    private readonly OwnNetwork _clients = new();
    private readonly OwnNetwork _servers;

    /// <param name="folder">Where everything is that an engine writes.</param>
    public WiredEngine(string folder)
    {
        _servers = new OwnNetwork(
            $"link add {Nic} type veth peer name peer0 address {PeerMac}", $"link set peer0 netns {_clients.Namespace}", $"link set {Nic} up", $"address add {Server}/24 dev {Nic}");
        _clients.Ip("link set peer0 up");
        Settings = new NetbootSettings
        {
            Interface = Nic,
            Network = new NetworkPlan
            {
                Subnet = Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
                ServerAddress = Server,
                BootstrapRange = new Ipv4Range(First, Second),
            },
            Dnsmasq = new DnsmasqSettings { Program = "dnsmasq", User = "nobody", Folder = Path.Combine(folder, "dnsmasq") },
            LeasesDirectory = Path.Combine(folder, "dhcp"),
            BootPort = 4081,
        };
        Clients = new ClientTable(Cluster, TimeProvider.System);
    }

    public NetbootSettings Settings { get; set; }

    public FakeCluster Cluster { get; } = new();

    public FakeMachines Machines { get; } = new();

    public ClientTable Clients { get; }

    public BootTrace Trace { get; } = new(TimeProvider.System);

    public LogLines Lines { get; } = new();

    /// <summary>The clients' network.</summary>
    public OwnNetwork Peers => _clients;

    /// <summary>What opens sockets in the server's network.</summary>
    public T Run<T>(Func<T> work) => _servers.Run(work);

    /// <summary>The server's interface.</summary>
    public BootInterface Interface => _servers.Run(() => BootInterface.TryFind(Nic, Server, "network", out var nic, out var problem) ? nic : throw new InvalidOperationException(problem));

    public EngineParts Parts() => new()
    {
        Settings = Settings,
        Answers = Cluster,
        Machines = Machines,
        Files = new ServedFiles(new RenderedFiles()),
        Clients = Clients,
        Trace = Trace,
        Renderer = new TemplateRenderer(new TemplateLibrary()),
        Clock = new WithoutInterfaceWatch(),
        Logs = new LoggerFactory([Lines]),
    };

    /// <summary>A socket of a client; without an address of its own it hears what is broadcast.</summary>
    public Socket Client(int port) => _clients.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true, ReceiveTimeout = 20_000 };
        // SOL_SOCKET, SO_BINDTODEVICE.
        socket.SetRawSocketOption(1, 25, Encoding.ASCII.GetBytes("peer0\0"));
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    /// <summary>Broadcasts a packet, and waits for the answer.</summary>
    public static byte[] Ask(Socket client, byte[] packet)
    {
        client.SendTo(packet, new IPEndPoint(IPAddress.Broadcast, 67));
        return Hear(client, 67);
    }

    /// <summary>Waits for what comes from a port of the server.</summary>
    public static byte[] Hear(Socket client, int port)
    {
        var answer = new byte[2000];
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        var length = client.ReceiveFrom(answer, ref sender);
        Assert.Equal(new IPEndPoint(Server.ToIPAddress(), port), sender);
        return answer[..length];
    }

    public static DhcpMessageType TypeOf(byte[] answer) => DhcpPacket.TryParse(answer, out var packet, out _) ? packet.MessageType : DhcpMessageType.None;

    public static Ipv4 AddressOf(byte[] answer) => DhcpPacket.TryParse(answer, out var packet, out _) ? packet.YourAddress : Ipv4.Any;

    public void Dispose()
    {
        _servers.Dispose();
        _clients.Dispose();
        Lines.Dispose();
    }

    /// <summary>Begins to answer, in the server's network.</summary>
    public void Start(IBootEngine engine) => _servers.Run(() =>
    {
        engine.Start();
        return true;
    });

    // It looks once a second for the interface in the network of whatever thread its timer runs on, and would find none.
    private sealed class WithoutInterfaceWatch : TimeProvider
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => period == Pause
            ? base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
            : base.CreateTimer(callback, state, dueTime, period);
    }

    internal sealed class FakeMachines : IDnsmasqMachines
    {
        private volatile MacAddress[] _unanswered = [];

        public object Version => _unanswered;

        public IEnumerable<MacAddress> UnansweredMacs() => _unanswered;

        public IEnumerable<(MacAddress Mac, Ipv4 Address)> OwnAddresses() => [];

        public void Change(params MacAddress[] unanswered) => _unanswered = unanswered;
    }
}
