namespace Mayu.Linux;

/// <summary>The numbers by which the kernel says why a call failed (errno(3)), as far as somebody here tells them apart. An <see cref="IOException"/> of this project has them as its HResult.</summary>
public static class Errno
{
    /// <summary>ENOENT: there is none.</summary>
    public const int NoEntry = 2;

    /// <summary>EINTR: a signal came first; call again.</summary>
    public const int Interrupted = 4;

    /// <summary>EIO: the device failed.</summary>
    public const int InputOutput = 5;

    /// <summary>EAGAIN and EWOULDBLOCK: not without waiting.</summary>
    public const int TryAgain = 11;

    /// <summary>EACCES: permissions forbid it.</summary>
    public const int AccessDenied = 13;

    /// <summary>EFAULT: the memory cannot be read. A file that became shorter is no longer behind its mapping.</summary>
    public const int BadAddress = 14;

    /// <summary>ENOTDIR: something on the way is no folder.</summary>
    public const int NotADirectory = 20;

    /// <summary>EINVAL: an argument that the kernel does not take.</summary>
    public const int InvalidArgument = 22;

    /// <summary>ENOTEMPTY: something is in the folder.</summary>
    public const int NotEmpty = 39;

    /// <summary>EMSGSIZE: a datagram is longer than the way allows.</summary>
    public const int MessageTooLong = 90;
}
