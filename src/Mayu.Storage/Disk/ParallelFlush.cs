using System.Collections.Concurrent;

namespace Mayu.Storage.Disk;

/// <summary>
/// A few threads that wait for the disk side by side. Disks and journals take flushes that arrive together in one go: 130
/// small files took 120 ms one after the other and 12 ms so. Ends when disposed; threads of its own, because they block.
/// </summary>
internal sealed class ParallelFlush : IDisposable
{
    // More gained nothing where it was measured.
    private const int Size = 16;

    private readonly BlockingCollection<Action> _work = [];
    private int _threads;

    /// <summary>Does the act for every item, several at a time, and comes back when all are done.</summary>
    /// <exception cref="Exception">The first failure, after all have ended.</exception>
    public void Run<T>(IReadOnlyList<T> items, Action<T> act)
    {
        if (items.Count <= 1)
        {
            foreach (var item in items)
            {
                act(item);
            }

            return;
        }

        var next = -1;
        var failures = new ConcurrentQueue<Exception>();
        void Drain()
        {
            for (var i = Interlocked.Increment(ref next); i < items.Count && failures.IsEmpty; i = Interlocked.Increment(ref next))
            {
                try
                {
                    act(items[i]);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            }
        }

        var helpers = Math.Min(items.Count, Size) - 1;
        using var done = new CountdownEvent(helpers);
        for (var i = 0; i < helpers; i++)
        {
            EnsureThread(i);
            _work.Add(() =>
            {
                Drain();
                done.Signal();
            });
        }

        Drain();
        done.Wait();
        if (failures.TryDequeue(out var first))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    public void Dispose() => _work.CompleteAdding();

    private void EnsureThread(int index)
    {
        if (index < _threads)
        {
            return;
        }

        _threads++;
        new Thread(() =>
        {
            foreach (var action in _work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "store flush" }.Start();
    }
}
