using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mayu.Netboot.Tests;

/// <summary>
/// A network that this process alone sees: a thread with a network namespace of its own. A socket belongs to the namespace that it was made in, so
/// whatever opens one is called there; afterwards any thread may use it.
/// </summary>
internal sealed partial class OwnNetwork : IDisposable
{
    private const int CloneNewNet = 0x40000000;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly int _threadId;

    /// <param name="commands">Arguments of <c>ip</c> that set it up; loopback is up already.</param>
    public OwnNetwork(params string[] commands)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to make a network namespace");
        _thread = new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work();
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
        _threadId = Run(() => Unshare(CloneNewNet) == 0 ? GetThreadId() : throw new Win32Exception(Marshal.GetLastPInvokeError()));
        foreach (var command in commands.Prepend("link set lo up"))
        {
            Ip(command);
        }
    }

    /// <summary>Its namespace, as <c>ip link set NIC netns</c> takes it.</summary>
    public string Namespace => $"/proc/{Environment.ProcessId}/task/{_threadId}/ns/net";

    /// <summary>Does something there.</summary>
    public T Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>();
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs <c>ip</c> there; it must succeed.</summary>
    public void Ip(string arguments) => Assert.Equal(0, Run(() =>
    {
        using var ip = Process.Start("ip", arguments);
        ip.WaitForExit();
        return ip.ExitCode;
    }));

    /// <summary>The namespace goes with its last socket.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
