using System.Runtime.InteropServices;

namespace Mayu.Server.Tftp.Datagrams;

/// <summary>The calls of Linux that move many datagrams at once, and wait for several sockets. None of them is in the framework.</summary>
internal static unsafe partial class SocketCalls
{
    /// <summary>MSG_DONTWAIT.</summary>
    public const int DontWait = 0x40;

    /// <summary>EINTR.</summary>
    public const int Interrupted = 4;

    /// <summary>EIO.</summary>
    public const int InputOutput = 5;

    /// <summary>EAGAIN: there is no datagram, or no room.</summary>
    public const int TryAgain = 11;

    /// <summary>EFAULT: the memory cannot be read. A file that became shorter is no longer behind its mapping.</summary>
    public const int BadMemory = 14;

    /// <summary>EINVAL.</summary>
    public const int Invalid = 22;

    /// <summary>EMSGSIZE.</summary>
    public const int TooLong = 90;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, DatagramHeader* datagrams, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, DatagramHeader* datagrams, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int socket, nuint request, void* argument);
}
