namespace Mayu.Storage.Git;

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

    /// <summary>Removes it if it can: what is left in the stage is replaced by the next write, or removed at the next start.</summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is in trouble already, and the caller is about to say so.
        }
    }
}
