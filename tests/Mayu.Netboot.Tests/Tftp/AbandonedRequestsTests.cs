
using Mayu.Netboot.Tftp;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>What is left of requests that nobody follows up. Handles and memory are the whole process's, so nothing else runs meanwhile.</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class AbandonedRequestsTests
{
    [Fact]
    public async Task Ten_thousand_abandoned_requests_leave_nothing_behind()
    {
        await using var server = new LoopbackTftp(new TftpSettings
        {
            MaximumTransfers = 500,
            FirstTimeout = TimeSpan.FromMilliseconds(50),
            IdleTimeout = TimeSpan.FromMilliseconds(100),
        });
        var content = server.Put("file", 1100);
        var handles = 0;
        var memory = 0L;
        for (var round = 0; round < 10; round++)
        {
            AbandonedRequests.Make(server, senders: 250, requestsOfEach: 4);
            await Eventually.TrueAsync(() => server.Transfers == 0);
            await Eventually.TrueAsync(() => server.Files.OpenFiles == 0);
            if (round == 0)
            {
                handles = CountHandles();
                memory = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        using var client = new HandClient(server.EndPoint);
        client.Ask("file");
        Assert.Equal(content, client.ReceiveFile());
        // Far less than one handle, or one kilobyte, for each of the nine thousand requests.
        Assert.InRange(CountHandles() - handles, -500, 500);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 5 << 20);
    }

    private static int CountHandles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
