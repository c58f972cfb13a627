using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Ctl.Simulate;

namespace Mayu.Hostile.Tests;

/// <summary><c>mayuctl simulate</c> against a server that means it ill: scripts that want all memory, and downloads that never end.</summary>
public sealed class ScriptBombTests
{
    // 0.4 KB that would be 2^60 characters.
    private static readonly int Doublings = AttackCount.Of(60, 1900);

    public static TheoryData<string> IpxeBombs =>
    [
        "set x aaaaaaaaaaaaaaaa\n" + Repeated(_ => "set x ${x}${x}\n"),
        "set x aaaaaaaaaaaaaaaa\n:a\nset x ${x}${x}\ngoto a\n",
        "set x %%%%%%%%%%%%%%%%\n" + Repeated(_ => "set x ${x:uristring}${x:uristring}\n"),
        "set a &\n:a\n" + Repeated(_ => "set a ${a} && set a ${a} && set a ${a}\n") + "goto a\n",
        string.Concat(Enumerable.Range(0, 1000).Select(i => $"set x{i} {new string('a', 8000)}\n")),
        ":a\n" + string.Concat(Enumerable.Repeat("initrd http://s/i\n", 100)) + "goto a\n",
        new string('\n', 200_000) + ":b\ngoto b\n",
        "set x " + new string('a', 900_000),
        new string('$', 900_000),
    ];

    public static TheoryData<string> GrubBombs =>
    [
        "set x=aaaaaaaaaaaaaaaa\n" + Repeated(_ => "set x=$x$x\n"),
        "set x=aaaaaaaaaaaaaaaa\n" + Repeated(_ => "set x=\"${x}${x}\"\n"),
        "set x=" + new string('a', 8000) + "\nlinux " + string.Concat(Enumerable.Repeat("$x ", 100_000)),
        string.Concat(Enumerable.Range(0, 1000).Select(i => $"set x{i}={new string('a', 800)}\n")),
        string.Concat(Enumerable.Repeat("a;", 400_000)),
        "linux k\ninitrd " + string.Concat(Enumerable.Repeat("i ", 1000)),
    ];

    public static TheoryData<string> PxelinuxBombs =>
    [
        "DEFAULT a\nLABEL a\nKERNEL k\nAPPEND " + new string('a', 900_000),
        "DEFAULT a\nLABEL a\nKERNEL k\nINITRD " + string.Concat(Enumerable.Repeat("i,", 1000)),
        new string('\n', 400_000) + "DEFAULT a\n",
    ];

    [Theory]
    [MemberData(nameof(IpxeBombs), DisableDiscoveryEnumeration = true)]
    public void An_ipxe_script_that_grows_ends_within_its_limits(string script) =>
        Ends(() => new IpxeInterpreter(new Dictionary<string, string>(StringComparer.Ordinal)).Run("#!ipxe\n" + script));

    [Theory]
    [MemberData(nameof(GrubBombs), DisableDiscoveryEnumeration = true)]
    public void A_grub_configuration_that_grows_ends_within_its_limits(string configuration) =>
        Ends(() => new GrubInterpreter(new Dictionary<string, string>(StringComparer.Ordinal)).Run(configuration));

    [Theory]
    [MemberData(nameof(PxelinuxBombs), DisableDiscoveryEnumeration = true)]
    public void A_pxelinux_configuration_that_is_huge_ends_within_its_limits(string configuration) => Ends(() => PxelinuxInterpreter.Run(configuration));

    [Fact]
    public void What_is_printed_of_a_script_or_a_server_is_cut()
    {
        var told = new List<SimulatedHop>();
        var log = new HopLog(TimeProvider.System, told.Add);
        log.Add("boot", new string('a', 1 << 20));
        Assert.InRange(told.Single().Detail.Length, 1, HopLog.LongestDetail + 100);
        Assert.InRange(new SimulationFailure("script", new string('a', 1 << 20), "look").Message.Length, 1, HopLog.LongestDetail + 100);
    }

    [Fact]
    public async Task A_download_of_a_byte_now_and_then_ends()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var dripping = DripAsync(listener, stop.Token);
        await using var network = new BootNetwork("lo");
        using var http = new HttpDownload(network, new HopLog(TimeProvider.System, _ => { }), TimeSpan.FromMilliseconds(500));
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/script");
        var failure = await Assert.ThrowsAsync<SimulationFailure>(
            () => http.FetchAsync("script", new HttpRequestMessage(HttpMethod.Get, url), 1 << 20, null, stop.Token));

        Assert.Contains("too slowly", failure.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await dripping;
    }

    // It would go on for an hour.
    private static async Task DripAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(stop);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 72000\r\n\r\n"), stop);
            for (var i = 0; i < 72_000; i++)
            {
                await stream.WriteAsync("a"u8.ToArray(), stop);
                await Task.Delay(50, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side had enough.
        }
    }

    private static void Ends(Func<LoaderOutcome> run)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = run();
        Assert.IsType<LoaderOutcome.Nothing>(outcome);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512L << 20);
    }

    private static string Repeated(Func<int, string> line) => string.Concat(Enumerable.Range(0, Doublings).Select(line));
}
