using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Storage.Folders;

namespace Mayu.Server;

/// <summary>
/// Keys, leases and the cluster directory belong together. A directory without a cluster where keys and leases are is one whose disk was not mounted:
/// begun anew in it, a cluster would know none of its machines, and install those that run.
/// </summary>
internal static partial class ClusterBond
{
    private const string FileName = "cluster-id";
    private const int LongestId = 64;
    private const string Option = "mayu serve --new-cluster";

    /// <summary>Demands, before anything is looked for, that it would be seen: a folder that is closed to this user looks like one that is empty or not there.</summary>
    /// <exception cref="StartException">Somebody else's files are there.</exception>
    public static void DemandReadable(MayuConfiguration configuration)
    {
        var cluster = configuration.ClusterDirectory;
        (string Folder, string Path)[] needed =
        [
            (cluster, cluster),
            (cluster, Path.Combine(cluster, ".git", "objects")),
            (configuration.KeysDirectory, Path.Combine(configuration.KeysDirectory, FileName)),
            (configuration.Netboot.LeasesDirectory, Path.Combine(configuration.Netboot.LeasesDirectory, FileName)),
        ];
        foreach (var (folder, path) in needed)
        {
            if (ClosedPath.Of(path) is not { } closed)
            {
                continue;
            }

            // Another user who ran mayu left files in all its folders; what is above them is not Mayu's to give away.
            var remedy = IsIn(configuration.DataDirectory, closed) ? ClosedPath.Remedy(configuration.DataDirectory)
                : IsIn(folder, closed) ? ClosedPath.Remedy(folder)
                : "Make it readable (chmod, chown), or run mayu as another user.";
            throw new StartException($"{ClosedPath.Describe(path)}: did another user, root for example, run mayu before? {remedy}");
        }
    }

    /// <summary>Demands, before anything is made, that the cluster is there which keys and leases are left of.</summary>
    /// <exception cref="StartException">It is not.</exception>
    public static void DemandCluster(MayuConfiguration configuration)
    {
        if (configuration.BeginsNewCluster || ClusterDirectory.HasCluster(configuration.ClusterDirectory))
        {
            return;
        }

        string[] traces =
        [
            Path.Combine(configuration.KeysDirectory, FileName),
            Path.Combine(configuration.KeysDirectory, "ca.pem"),
            Path.Combine(configuration.Netboot.LeasesDirectory, FileName),
            Path.Combine(configuration.Netboot.LeasesDirectory, "leases"),
            Path.Combine(configuration.DataDirectory, "dnsmasq", "run", "leases"),
        ];
        if (Array.Find(traces, File.Exists) is { } trace)
        {
            throw new StartException(
                $"The cluster directory {configuration.ClusterDirectory} {StateOf(configuration.ClusterDirectory)}, and {trace} is left from "
                + "a cluster: is a disk not mounted? With a new cluster Mayu would know none of the machines and would install those that run. Mount the disk; or, to start "
                + $"a new cluster on purpose, start once with: {Option}");
        }
    }

    /// <summary>Demands that keys and leases are of this cluster, and notes beside them that they are.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="clusterId">Which cluster was opened.</param>
    /// <param name="log">Told where it cannot be noted: a start on a full disk goes on.</param>
    /// <exception cref="StartException">They are another's.</exception>
    public static void Tie(MayuConfiguration configuration, string clusterId, ILogger log)
    {
        string[] folders = [configuration.KeysDirectory, configuration.Netboot.LeasesDirectory];
        foreach (var folder in folders)
        {
            if (!configuration.BeginsNewCluster && Read(folder) is { } other && other != clusterId)
            {
                throw new StartException(
                    $"{folder} belongs to the cluster {other}, but the cluster directory {configuration.ClusterDirectory} has {clusterId}: another disk is mounted there, or "
                    + $"it was created again. Mount the right one; or, to combine these two from now on, start once with: {Option}");
            }
        }

        foreach (var folder in folders.Where(folder => Read(folder) != clusterId))
        {
            try
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                PrivateFile.Write(Path.Combine(folder, FileName), clusterId + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotNoted(log, Path.Combine(folder, FileName), e.Reason());
            }
        }
    }

    private static bool IsIn(string folder, string path) => path == folder || path.StartsWith(folder + '/', StringComparison.Ordinal);

    private static string? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) && BoundedFile.TryReadText(file, LongestId, out var id) is null && id.Trim() is { Length: > 0 } known ? known : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} cannot be written: {Error}. The next start tries again")]
    private static partial void LogNotNoted(ILogger log, string file, string error);

    private static string StateOf(string directory) =>
        !Directory.Exists(directory) ? "is not there" : Directory.EnumerateFileSystemEntries(directory).Any() ? "has no cluster in it" : "is empty";
}
