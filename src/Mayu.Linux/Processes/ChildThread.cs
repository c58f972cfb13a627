using System.Collections.Concurrent;

namespace Mayu.Linux.Processes;

/// <summary>
/// The thread that children are born from. The kernel's promise to end a child with its parent (PR_SET_PDEATHSIG) holds for the parent
/// <em>thread</em>: a thread of the pool would take the child with it when it retires.
/// </summary>
public sealed class ChildThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">What it is called.</param>
    public ChildThread(string name)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs something there; what it throws comes out here.</summary>
    public Task<T> RunAsync<T>(Func<T> action)
    {
        // Who waits for it goes on elsewhere: on this thread, a caller that disposes of it would wait for itself, for ever.
        var task = new Task<T>(action, TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => task.RunSynchronously(TaskScheduler.Default));
        return task;
    }

    /// <summary>Ends the thread, and with it whatever was born there and lives.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
