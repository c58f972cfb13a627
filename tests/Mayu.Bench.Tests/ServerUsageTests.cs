using System.Globalization;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Tests;

public class ServerUsageTests
{
    [Fact]
    public void Memory_is_the_peak_in_bytes() =>
        Assert.Equal(4096 * 1024, ServerUsage.BytesOf(["Name:\tx", "VmHWM:\t    4096 kB", "VmRSS:\t    1024 kB"], "VmHWM"));

    [Fact]
    public void Processor_time_of_a_process_counts_threads_that_ended()
    {
        string[] self = [Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];
        var before = ServerUsage.Of(self).Cpu;
        var spent = TimeSpan.Zero;
        var thread = new Thread(() => spent = Spin());
        thread.Start();
        thread.Join();

        Assert.True(ServerUsage.Of(self).Cpu - before >= spent, $"{spent} was spent");
    }

    [Fact]
    public void A_process_that_is_gone_is_an_error_that_names_it() =>
        Assert.Contains("999999999", Assert.Throws<LabException>(() => ServerUsage.Of(["999999999"])).Message, StringComparison.Ordinal);

    // Until the kernel has counted some processor time for this thread, however slow the machine is.
    private static TimeSpan Spin()
    {
        var started = OfThisThread();
        while (OfThisThread() - started < TimeSpan.FromMilliseconds(30))
        {
            Thread.SpinWait(10_000);
        }

        return OfThisThread() - started;
    }

    private static TimeSpan OfThisThread() => TimeSpan.FromMicroseconds(
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0);
}
