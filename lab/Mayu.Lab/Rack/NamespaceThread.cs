using System.Collections.Concurrent;

namespace Mayu.Lab.Rack;

/// <summary>
/// One thread that has joined a rack's network namespace and lives as long as the rack. What must be born inside is
/// born here: sockets, which stay in the namespace of the thread that made them whoever uses them later, and child
/// processes, whose death signal is bound to the life of the <em>thread</em> that forked them (a pool thread would
/// take them with it when it retires).
/// </summary>
internal sealed class NamespaceThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private LabException? _refused;

    /// <param name="name">Namespace to join, as <c>ip netns</c> lists it.</param>
    public NamespaceThread(string name)
    {
        _thread = new Thread(() => Loop(name)) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public async Task<T> RunAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(_refused is null ? action() : throw _refused);
            }
#pragma warning disable CA1031 // The caller gets it, whatever it is.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                done.SetException(failure);
            }
        });
        return await done.Task;
    }

    /// <summary>Ends the thread; children still alive get their death signal.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Loop(string name)
    {
        try
        {
            using var handle = File.OpenHandle("/run/netns/" + name);
            LinuxCalls.JoinNetworkNamespace(handle);
        }
        catch (Exception failure) when (failure is IOException or LabException or UnauthorizedAccessException)
        {
            _refused = new LabException($"cannot enter network namespace {name}: {failure.Message}", failure);
        }

        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
