using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server;

/// <summary>A configuration file that the program writes. It is whole or not there, and readable for its owner alone: secrets may be added to it.</summary>
internal static class ConfigurationFile
{
    /// <summary>Writes it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="replaces">Whether one that is there may be replaced.</param>
    /// <returns>Why not, as a sentence; null on success.</returns>
    public static string? TryWrite(string path, string text, bool replaces)
    {
        if (Directory.Exists(path))
        {
            return $"{path} is a folder; name the file";
        }

        var full = Path.GetFullPath(path);
        var draft = $"{full}.new-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                using var writer = new StreamWriter(stream);
                writer.Write(text);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, full, overwrite: replaces);
            DiskFlush.FlushFolder(Path.GetDirectoryName(full)!);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(draft);
            return File.Exists(full) && !replaces ? $"{path} exists; name another file, or replace it with --force" : $"{path} cannot be written: {e.Reason()}";
        }
    }

    private static void Discard(string draft)
    {
        if (File.Exists(draft))
        {
            File.Delete(draft);
        }
    }
}
