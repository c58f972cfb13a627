using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Storage.Folders;

namespace Mayu.Server.Preview;

/// <summary>The machines of the cluster directory, for who only looks.</summary>
internal static class KnownMachines
{
    /// <summary>Reads them; a server may be running.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>The records, and why there are none, as a sentence.</returns>
    public static (ClusterRecords Records, string? Problem) Of(MayuConfiguration configuration)
    {
        var directory = configuration.ClusterDirectory;
        try
        {
            return ClosedPath.Advise(directory) is { } closed ? (None, Sentence(closed)) : (ClusterRecords.Read(directory), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (None, Sentence($"{directory} cannot be read: {e.Reason()}"));
        }
    }

    private static ClusterRecords None => new([], []);

    private static string Sentence(string problem) => $"{problem}: the configs of known machines cannot be rendered";
}
