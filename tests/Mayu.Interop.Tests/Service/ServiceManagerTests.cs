using System.Globalization;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Service;

/// <summary>The real server tells the service manager what it does, as sd_notify(3) says.</summary>
public sealed class ServiceManagerTests
{
    private const string Configuration = """
        engine: external
        network:
          address: 127.0.0.1
          subnet: 127.0.0.0/24
          internal_range: { start: 127.0.0.100, end: 127.0.0.150 }
        defaults: { image: os }
        """;

    [Theory]
    [InlineData("/notify")]
    [InlineData("@mayu-notify")]
    public async Task It_tells_ready_reloading_alive_and_stopping(string name)
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("n");
        using var folder = new TemporaryFolder();
        var path = name[0] == '@' ? name : folder.Path + name;
        await using var socket = new NotifySocket(host, path);
        await using var mayu = new MayuServer(host, "127.0.0.1") { Variables = [$"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=100000"] };
        await mayu.ConfigureAsync(Configuration);
        await mayu.StartAsync();

        Assert.Equal(["READY=1", "STATUS=Running; 0 machines known at the start"], await socket.ToldAsync("READY=1"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["WATCHDOG=1"], await socket.ToldAsync("WATCHDOG=1"));
        }

        // A reload by signal and one by the API; one that is refused ends with READY=1 too.
        await mayu.SignalAsync("HUP");
        await AssertReloadAsync(socket, "Running; the configuration was reloaded");
        await mayu.ConfigureAsync(Configuration + "\nno_such_key: 1\n");
        Assert.Contains("no_such_key", await mayu.ApiAsync("/api/v1/reload", "--request", "POST"), StringComparison.Ordinal);
        await AssertReloadAsync(socket, "Running with the previous configuration: the last reload was refused (1 problem, see the log)");

        await mayu.SignalAsync("TERM");
        Assert.Equal(["STOPPING=1", "STATUS=Stopping"], await socket.ToldAsync("STOPPING=1"));
        Assert.Equal(0, await mayu.EndsAsync());
    }

    [Fact]
    public async Task A_service_manager_that_is_not_there_is_told_of_once_and_stops_nothing()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("n");
        await using var mayu = new MayuServer(host, "127.0.0.1") { Variables = ["NOTIFY_SOCKET=/nonexistent/notify", "WATCHDOG_USEC=20000"] };
        await mayu.ConfigureAsync(Configuration);
        await mayu.StartAsync();
        await mayu.SignalAsync("HUP");
        await mayu.PrintsAsync("The configuration was reloaded");
        await mayu.PrintsAsync("The service manager was not told READY=1");
        Assert.Equal(1, mayu.CountInLog("The service manager was not told"));
    }

    private static async Task AssertReloadAsync(NotifySocket socket, string status)
    {
        // The time is that of CLOCK_MONOTONIC, between the last look and the next one.
        var told = await socket.ToldAsync("RELOADING=1");
        var time = long.Parse(Assert.Single(told[1..])["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(time, 1, NotifySocket.MonotonicMicroseconds() + 1_000_000);
        Assert.InRange(time, NotifySocket.MonotonicMicroseconds() - 60_000_000, long.MaxValue);
        Assert.Equal(["READY=1", $"STATUS={status}"], await socket.ToldAsync("READY=1"));
    }
}
