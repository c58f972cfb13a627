using Mayu.Linux.Files;

namespace Mayu.Storage.Disk;

/// <summary>A file that is whole and flushed before it gets the name that counts.</summary>
internal static class StagedFile
{
    /// <summary>Writes and flushes; a leftover of the same name is replaced.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte})"/>, of what is written piece by piece.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        write(file);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    /// <summary>Writes, flushes and removes as much as a change may need: bytes, and a few files more than one change makes.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public static void Probe(string folder, int bytes)
    {
        const int Files = 16;
        const int Least = 64 << 10;
        FolderCalls.Make(folder);
        var paths = Enumerable.Range(0, Files).Select(i => Path.Combine(folder, $"probe-{i}")).ToList();
        try
        {
            paths.ForEach(p => Write(p, new byte[p == paths[0] ? Least + bytes : 1]));
        }
        finally
        {
            paths.ForEach(p => Discard(p));
        }
    }

    /// <summary>Removes it if it can: what is left in the stage is replaced by the next write, or removed at the next start.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool Discard(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is in trouble already, and the caller is about to say so.
            return false;
        }
    }
}
