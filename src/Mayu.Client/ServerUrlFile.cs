namespace Mayu.Client;

/// <summary>The file in which a server leaves the URL of its API for the clients on its own host.</summary>
public static class ServerUrlFile
{
    /// <summary>Its name, in the folder of the server's keys.</summary>
    public const string Name = "server-url";

    private const int MaxLength = 512;

    /// <summary>The URL in the folder of a CA file; null where no server left one that can be used.</summary>
    /// <param name="caFile">
    /// The server's CA, where the server put it. With <see cref="MayuClientOptions.SystemAuthorities"/> no file is read: any server with a public certificate
    /// would be trusted, and whoever owns the current folder would choose which one gets the token.
    /// </param>
    public static string? ReadBeside(string caFile)
    {
        if (caFile == MayuClientOptions.SystemAuthorities)
        {
            return null;
        }

        try
        {
            var buffer = new char[MaxLength];
            using var file = new StreamReader(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(caFile)) ?? "", Name));
            var url = new string(buffer, 0, file.ReadBlock(buffer)).Trim();
            return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps ? url : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
