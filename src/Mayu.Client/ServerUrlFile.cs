namespace Mayu.Client;

/// <summary>The file in which a server leaves the URL of its API for the clients on its own host.</summary>
public static class ServerUrlFile
{
    /// <summary>Its name, in the folder of the server's keys.</summary>
    public const string Name = "server-url";

    private const int MaxLength = 512;

    /// <summary>The URL in the folder of a CA file; null where no server left one that can be used.</summary>
    /// <param name="caFile">
    /// The server's CA, where the server put it: a full path. Beside a relative one no file is read, nor with <see cref="MayuClientOptions.SystemAuthorities"/>:
    /// whoever owns the current folder would choose the server that gets the token.
    /// </param>
    public static string? ReadBeside(string caFile)
    {
        if (!Path.IsPathFullyQualified(caFile))
        {
            return null;
        }

        try
        {
            // Opening a pipe would wait for its writer. A pipe and a device have no length, and a link may lead to one.
            var path = Path.Combine(Path.GetDirectoryName(caFile) ?? "", Name);
            if (new FileInfo(path) is { LinkTarget: not null } or { Length: 0 or > MaxLength })
            {
                return null;
            }

            var buffer = new char[MaxLength];
            using var file = new StreamReader(path);
            var url = new string(buffer, 0, file.ReadBlock(buffer)).Trim();
            return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttps || parsed.Scheme == Uri.UriSchemeHttp) ? url : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
