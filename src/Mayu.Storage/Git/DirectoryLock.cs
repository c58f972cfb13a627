using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Storage.Git;

/// <summary>One mayu at a time may have a cluster directory open. The kernel frees the lock when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private DirectoryLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The lock file; it is made if missing and stays.</param>
    /// <param name="holder">The pid that has it, as text, when somebody else does.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static DirectoryLock? TryTake(string path, out string? holder)
    {
        var (handle, locked) = LibC.OpenLocked(path);
        if (!locked)
        {
            using (handle)
            {
                Span<byte> content = stackalloc byte[32];
                holder = Encoding.ASCII.GetString(content[..RandomAccess.Read(handle, content, 0)]).Trim();
                return null;
            }
        }

        try
        {
            using var writing = LibC.OpenUnlocked(path);
            RandomAccess.SetLength(writing, 0);
            RandomAccess.Write(writing, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        holder = null;
        return new DirectoryLock(handle);
    }

    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            LibC.Unlock(_handle);
        }

        _handle.Dispose();
    }
}
