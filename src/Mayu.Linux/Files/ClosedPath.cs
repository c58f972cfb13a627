using System.Runtime.InteropServices;

namespace Mayu.Linux.Files;

/// <summary>
/// Tells a file that permissions keep from this process from one that is not there: the framework says of both that there is none, where it is
/// the folder that is closed.
/// </summary>
public static partial class ClosedPath
{
    private const int Exists = 0;
    private const int Execute = 1;
    private const int Read = 4;

    /// <summary>What permissions keep from being read: the file or folder itself, or the outermost folder on the way to it.</summary>
    /// <param name="path">The file or folder.</param>
    /// <returns>Its path; null where it can be read, or is not there.</returns>
    public static string? Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        path = Path.GetFullPath(path);
        if (!IsDenied(path, Exists))
        {
            return IsDenied(path, Directory.Exists(path) ? Read | Execute : Read) ? path : null;
        }

        var closed = path;
        while (IsDenied(closed, Exists) && Path.GetDirectoryName(closed) is { } above)
        {
            closed = above;
        }

        return closed;
    }

    /// <summary>Whether the file or folder is there and can be read: the short way, for what usually is.</summary>
    /// <param name="path">The file or folder.</param>
    public static bool IsReadable(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && Access(path, Read) == 0;

    /// <summary>What <see cref="Of"/> tells, as half a sentence that names this process's user: <c>/a/b is not readable for the user mayu</c>.</summary>
    /// <param name="path">The file or folder.</param>
    public static string? Describe(string path) => Of(path) is { } closed ? $"{closed} is not readable for the user {Environment.UserName}" : null;

    /// <summary>The same with what to do about it, where it is not Mayu's own.</summary>
    /// <param name="path">The file or folder.</param>
    public static string? Advise(string path) => Describe(path) is { } closed ? $"{closed}; make it readable (chmod, chown)" : null;

    /// <summary>What to do about files of another user in a folder that is Mayu's own, as a sentence.</summary>
    /// <param name="folder">The folder.</param>
    public static string Remedy(string folder) => $"Run mayu as the user that owns it, or hand it over: chown -R {Environment.UserName}: {folder}";

    private static bool IsDenied(string path, int mode) => Access(path, mode) != 0 && Marshal.GetLastPInvokeError() == Errno.AccessDenied;

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
