using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mayu.Interop.Tests.Network;

/// <summary>Sockets of this process in the namespace of a host.</summary>
internal static partial class NamespaceSocket
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Opens one; it belongs to the namespace that it was made in.</summary>
    /// <param name="host">The host.</param>
    /// <param name="open">Makes it.</param>
    public static Socket Open(string host, Func<Socket> open)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A thread that joins a namespace stays in it.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle("/run/netns/" + host);
                if (SetNs(handle, CloneNewNet) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                socket = open();
            }
            catch (Exception e) when (e is IOException or SocketException or Win32Exception)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? socket! : throw new InvalidOperationException($"no socket in {host}", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeHandle handle, int kind);
}
