using System.Text;

namespace Mayu.Linux.Files;

/// <summary>Small files that are nobody else's business: mode 0600, whole or not there at all.</summary>
public static class PrivateFile
{
    /// <summary>Puts a file in the place of the former one; it is durable when this returns.</summary>
    /// <exception cref="IOException">The former one still holds.</exception>
    public static void Write(string file, string text)
    {
        var temporary = file + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
        DiskFlush.FlushFolder(Path.GetDirectoryName(file)!);
    }
}
