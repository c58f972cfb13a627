namespace Mayu.InfoPusher.Push;

/// <summary>Writes the provisioning config: it holds secrets, and half of one must never be found.</summary>
internal static class ConfigFile
{
    /// <summary>Puts the bytes into the file, readable by its owner only; either all of them or the file stays as it was.</summary>
    /// <exception cref="IOException">The folder is missing or full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellation)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        var created = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        File.Delete(unfinished);
        try
        {
            await using (var file = new FileStream(unfinished, created))
            {
                await file.WriteAsync(bytes, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
