using System.Net.Sockets;
using System.Text;
using Mayu.Server.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Service;

public sealed class WatchdogTests
{
    [Fact]
    public async Task Nothing_is_told_while_a_part_of_the_server_does_not_run()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-watchdog-");
        try
        {
            var path = Path.Combine(folder.FullName, "notify");
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            var looks = 0;
            using var manager = new ServiceManager(path, TimeSpan.FromMilliseconds(20), NullLogger.Instance);
            await using var watchdog = new Watchdog(
                manager, () => Interlocked.Increment(ref looks) <= 3 ? "it hangs" : null, TimeProvider.System, NullLogger.Instance);

            var buffer = new byte[100];
            var length = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
            Assert.Equal("WATCHDOG=1", Encoding.UTF8.GetString(buffer, 0, length));
            Assert.True(Volatile.Read(ref looks) > 3);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("30000000", 30.0)]
    [InlineData("1", 0.000001)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("9223372036854775807", null)]
    [InlineData("often", null)]
    [InlineData(null, null)]
    public void A_time_that_is_none_means_no_watchdog(string? given, double? seconds) =>
        Assert.Equal(seconds, ServiceManager.TimeOf(given)?.TotalSeconds);

    [Theory]
    [InlineData("relative/path")]
    [InlineData("vsock:2:1234")]
    public void A_socket_of_another_kind_is_told_of_and_nothing_fails(string socket)
    {
        using var manager = new ServiceManager(socket, watchdog: null, NullLogger.Instance);
        manager.Ready("Running");
    }

    [Fact]
    public void A_path_that_is_too_long_is_told_of_and_nothing_fails()
    {
        using var manager = new ServiceManager("/" + new string('x', 200), watchdog: null, NullLogger.Instance);
        manager.Ready("Running");
    }
}
