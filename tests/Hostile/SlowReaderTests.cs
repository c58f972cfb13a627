using System.Diagnostics;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Readers that ask for a large file and do not read it: what they cost. Alone, since the memory of the whole process is looked at.</summary>
[Collection(nameof(SlowReaderTests))]
[CollectionDefinition(nameof(SlowReaderTests), DisableParallelization = true)]
public sealed class SlowReaderTests
{
    [Fact]
    public async Task Readers_that_do_not_read_cost_little()
    {
        const int MiB = 1 << 20;
        var count = AttackCount.Of(500, 2000);
        await using var server = await TestServer.StartAsync();
        ConnectionFloodTests.WriteLargeKernel(server);
        // What is made once.
        await server.Boot.GetByteArrayAsync("/images/vmlinuz", TestContext.Current.CancellationToken);
        var (before, residentBefore) = (GC.GetTotalMemory(forceFullCollection: true), Resident());
        var readers = await RawClient.ConnectAsync(server.Boot.BaseAddress!, 16, count / 16, receiveBuffer: 4096);
        await Parallel.ForEachAsync(readers, TestContext.Current.CancellationToken, (client, _) => ConnectionFloodTests.AskAsync(client));
        var (during, residentDuring) = (GC.GetTotalMemory(forceFullCollection: true), Resident());
        readers.ForEach(client => client.Dispose());
        TestContext.Current.SendDiagnosticMessage(
            $"{count} readers: {(during - before) / count >> 10} KiB each; resident {residentBefore / MiB} MiB before, {residentDuring / MiB} MiB during");

        // The clients' own part is in it.
        Assert.InRange((during - before) / count, long.MinValue, 96 << 10);
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
