using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;

namespace Mayu.Interop.Tests;

/// <summary>
/// A booting client that asks for an IPv6 router hears that there is none (tests/Firmware shows that iPXE then goes on); others hear nothing. Who asks is
/// the kernel of the client's host, each time its interface comes up.
/// </summary>
public sealed class RouterSolicitationTests
{
    private const string Question = "ICMP6, router solicitation";
    private const string Answer = "ICMP6, router advertisement";
    private const string NoRouter = "router lifetime 0s";

    [Theory]
    [InlineData("engine: builtin")]
    [InlineData("engine: dnsmasq")]
    public async Task A_booting_client_hears_that_there_is_no_router_and_others_hear_nothing(string engine)
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync(engine);
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "icmp6");

        await LinkUpAsync(wire.Segment);
        await capture.SeesAsync(Question);

        await DiscoverAsync(wire.Segment);
        Assert.DoesNotContain(Answer, capture.Seen, StringComparison.Ordinal);
        await LinkUpAsync(wire.Segment);

        await capture.SeesAsync(NoRouter);
        Assert.Contains("hop limit 0, Flags [none]", capture.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_hears_nothing_when_the_key_says_so()
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync("pxe: { answer_router_solicitations: false }");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "icmp6");

        await DiscoverAsync(wire.Segment);
        await LinkUpAsync(wire.Segment);
        await capture.SeesAsync(Question);

        // Mayu has heard what came before this answer.
        await DiscoverAsync(wire.Segment);
        Assert.DoesNotContain(Answer, capture.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_real_router_is_it_alone_answers()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Configuration("engine: builtin"));
        await TestNetwork.IpAsync(wire.Segment.Other, "address", "add", "fd00:77::1/64", "dev", "eth0", "nodad");
        await using var router = await RunningProgram.StartAsync(
            wire.Segment.Other, "router advertisement on fd00:77::", "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--port=0", "--conf-file=/dev/null",
            "--pid-file=" + Path.Combine(wire.Mayu.Folder, "router.pid"), "--interface=eth0", "--bind-interfaces", "--enable-ra", "--dhcp-range=fd00:77::,ra-only");
        await wire.Mayu.StartUntilAsync("is an IPv6 router on br0: Mayu leaves router solicitations to it");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "icmp6");

        await DiscoverAsync(wire.Segment);
        await LinkUpAsync(wire.Segment);
        await capture.SeesAsync(Answer);

        await DiscoverAsync(wire.Segment);
        Assert.DoesNotContain(NoRouter, capture.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_a_router_says_that_it_is_none_any_more_clients_are_answered()
    {
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync("engine: builtin");
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "icmp6");
        using var router = await OpenIcmp6Async(wire.Segment.Other);
        await DiscoverAsync(wire.Segment);

        await router.SendToAsync(Advertisement(lifetime: 1800), To("ff020000000000000000000000000001", await IndexAsync(wire.Segment.Other)));
        await wire.Mayu.PrintsAsync("is an IPv6 router on br0: Mayu leaves router solicitations to it");
        await LinkUpAsync(wire.Segment);
        await capture.SeesAsync(Question);
        await DiscoverAsync(wire.Segment);
        Assert.DoesNotContain("hop limit 0, Flags [none]", capture.Seen, StringComparison.Ordinal);

        await router.SendToAsync(Advertisement(lifetime: 0), To("ff020000000000000000000000000001", await IndexAsync(wire.Segment.Other)));
        await LinkUpAsync(wire.Segment);
        await capture.SeesAsync("hop limit 0, Flags [none]");
    }

    // The kernel has to find the MAC of each that is answered.
    [Fact]
    public async Task However_many_ask_only_so_many_are_answered_in_a_second()
    {
        const int Questions = 600;
        TestNetwork.NeedRoot();
        await using var wire = await StartAsync("engine: builtin");
        await DiscoverAsync(wire.Segment);
        await using var capture = await Capture.StartAsync(wire.Segment.Client, "eth0", "icmp6");
        using var client = await OpenIcmp6Async(wire.Segment.Client);
        var routers = To(Convert.ToHexString(AllRouters), await IndexAsync(wire.Segment.Client));

        await AskUntilAnsweredAsync(client, routers, capture);
        var before = capture.Seen.Split(Answer).Length;

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Questions; i++)
        {
            await client.SendToAsync(RouterDiscovery.Solicitation, routers);
        }

        // What tcpdump saw comes through a pipe of its own.
        await DiscoverAsync(wire.Segment);
        for (var glances = 0; capture.Seen.Split(Answer).Length == before && glances < 200; glances++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        var answers = capture.Seen.Split(Answer).Length - before;
        Assert.InRange(answers, 1, 64 * ((int)clock.Elapsed.TotalSeconds + 2));
        Assert.True(answers < Questions, "each was answered");
    }

    // It has the address that Mayu answers from: a lifetime of 0 would end its clients' default route.
    [Fact]
    public async Task A_router_on_mayus_own_host_is_heard_and_left_alone_from_the_start()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Configuration("engine: builtin"));
        using var router = await OpenIcmp6Async(wire.Segment.Mayu, "br0");
        var link = await IndexAsync(wire.Segment.Mayu, "br0");
        router.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(new IPAddress(AllRouters), link));
        router.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        using var stop = new CancellationTokenSource();
        var answering = Task.Run(() => AdvertiseAsync(router, link, stop.Token));
        await wire.StartMayuAsync();

        await await Task.WhenAny(wire.Mayu.PrintsAsync("is an IPv6 router on br0: Mayu leaves router solicitations to it"), answering);
        await stop.CancelAsync();
        await answering;
    }

    // Answers each router solicitation as a router does, to all nodes.
    private static async Task AdvertiseAsync(Socket router, int link, CancellationToken cancellation)
    {
        var message = new byte[1500];
        try
        {
            while (true)
            {
                // The kernel's own question, at its link's start, has an option.
                var length = await router.ReceiveAsync(message.AsMemory(), cancellation);
                if (message[0] == RouterDiscovery.SolicitationType && length == RouterDiscovery.Solicitation.Length)
                {
                    await router.SendToAsync(Advertisement(lifetime: 1800), To("ff020000000000000000000000000001", link), cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // For some seconds after its start it leaves them to a router that may be there.
    private static async Task AskUntilAnsweredAsync(Socket client, IPEndPoint routers, Capture capture)
    {
        for (var i = 0; !capture.Seen.Contains(NoRouter, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 100, "nobody is answered");
            await client.SendToAsync(RouterDiscovery.Solicitation, routers);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    // Nothing can be sent from a link-local address before the kernel has found out that nobody else has it.
    private static async Task<Socket> OpenIcmp6Async(string host, string nic = "eth0")
    {
        for (var i = 0; (await TestNetwork.RunAsync(host, "ip", "-6", "-o", "address", "show", "dev", nic, "scope", "link", "-tentative")).Length == 0; i++)
        {
            Assert.True(i < 100, $"{nic} has no link-local address");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return NamespaceSocket.Open(host, () => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
    }

    private static readonly byte[] AllRouters = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];

    private static IPEndPoint To(string octets, int link) => new(new IPAddress(Convert.FromHexString(octets), link), 0);

    private static async Task<int> IndexAsync(string host, string nic = "eth0") =>
        int.Parse(await TestNetwork.RunAsync(host, "cat", $"/sys/class/net/{nic}/ifindex"), CultureInfo.InvariantCulture);

    private static byte[] Advertisement(ushort lifetime) => [134, 0, 0, 0, 64, 0, (byte)(lifetime >> 8), (byte)lifetime, 0, 0, 0, 0, 0, 0, 0, 0];

    private static async Task<MayuOnSegment> StartAsync(string more)
    {
        var wire = await MayuOnSegment.PrepareAsync(Configuration(more));

        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await wire.Mayu.StartUntilAsync(more.Contains("dnsmasq", StringComparison.Ordinal) ? "dnsmasq answers" : ": ready");
        return wire;
    }

    private static string Configuration(string more) => $$"""
        network:
          interface: br0
          address: 10.77.0.1
          subnet: 10.77.0.0/24
          bootstrap_range: { start: 10.77.0.50, end: 10.77.0.70 }
          internal_range: { start: 10.77.0.10, end: 10.77.0.30 }
        defaults: { image: none }
        {{more}}
        """;

    private static async Task LinkUpAsync(Segment segment)
    {
        await TestNetwork.IpAsync(segment.Client, "link", "set", "eth0", "down");
        await TestNetwork.IpAsync(segment.Client, "link", "set", "eth0", "up");
    }

    // Firmware's question from the interface's own MAC.
    private static async Task DiscoverAsync(Segment segment)
    {
        var mac = (await segment.ClientAsync("cat", "/sys/class/net/eth0/address")).Trim();
        using var firmware = new PxeClient(segment, Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal)), PxeClient.Firmware(7));
        await firmware.DiscoverAsync(answer => answer.Type == DhcpMessageType.Offer);
    }
}
