using System.Diagnostics;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Writer;

/// <summary>Changes machines until it is killed. Tells each change on standard output after, and only after, it was acknowledged.</summary>
internal static class EndlessChanges
{
    /// <summary>Fills a directory with machines and ends.</summary>
    public static async Task FillAsync(string kind, string directory, int machines)
    {
        await using var store = await Counters.OpenAsync(kind, directory, new GitOptions());
        await Task.WhenAll(Enumerable.Range(0, machines).Select(i => Counters.AddAsync(store, Counters.Serial(i))));
    }

    /// <summary>Changes machines; each writer goes round its own, from wherever chance puts it, so that new folders and changed ones are always under way.</summary>
    public static async Task RunAsync(string kind, string directory, int writers, int machines, string? dieAt, int count)
    {
        var ofEach = machines / writers;
        var left = count;
        void AtStep(CommitStep step)
        {
            if (step.ToString() == dieAt && Interlocked.Decrement(ref left) == 0)
            {
                // As a power cut would: no finally, no flush.
                Process.GetCurrentProcess().Kill();
                Task.Delay(Timeout.Infinite).Wait();
            }
        }

        await using var store = await Counters.OpenAsync(kind, directory, new GitOptions { AtStep = AtStep });
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        void Tell(string line)
        {
            lock (gate)
            {
                output.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
            }
        }

        Tell("ready");
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var first = Random.Shared.Next(ofEach);
            for (var i = 0; ; i++)
            {
                var serial = Counters.Serial((writer * ofEach) + ((first + i) % ofEach));
                Tell($"{serial} {await Counters.AddAsync(store, serial)}");
                if (i % 3 == 0)
                {
                    Tell($"guest-{writer} {await Guests.ToggleMachineAsync(store, writer, Tell)}");
                }

                if (i % 4 == 0)
                {
                    Tell($"pin-{writer} {await Guests.TogglePinAsync(store, writer, Tell)}");
                }
            }
        }));
    }
}
