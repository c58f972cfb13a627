using Mayu.Linux.Processes;

namespace Mayu.Linux.Tests;

public sealed class ChildThreadTests
{
    // An engine that was stopped while its dnsmasq was being started never ended.
    [Fact]
    public async Task Who_waits_for_what_runs_there_goes_on_elsewhere_and_may_end_it()
    {
        for (var i = 0; i < 200; i++)
        {
            var thread = new ChildThread("child");
            // The thread is late, so that it is waited for.
            var (there, here) = await OnceAsync(thread);
            Assert.NotEqual(there, here);
        }

        static async Task<(int There, int Here)> OnceAsync(ChildThread thread)
        {
            var there = await thread.RunAsync(() =>
            {
                Thread.Yield();
                return Environment.CurrentManagedThreadId;
            }).ConfigureAwait(false);
            var here = Environment.CurrentManagedThreadId;
            if (there != here)
            {
                thread.Dispose();
            }

            return (there, here);
        }
    }
}
