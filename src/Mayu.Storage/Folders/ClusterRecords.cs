using System.Collections.Immutable;
using Mayu.Core.Machines;

namespace Mayu.Storage.Folders;

/// <summary>
/// The machines of a cluster directory as they lie there, for who only looks: nothing is locked, changed or compared with the history, so it works
/// beside a running server, and for a user who may read alone.
/// </summary>
/// <param name="Machines">The machines.</param>
/// <param name="Unusable">The records that cannot be used, each named.</param>
public sealed record ClusterRecords(ImmutableArray<Machine> Machines, ImmutableArray<QuarantinedRecord> Unusable)
{
    /// <summary>Reads all records, side by side. A directory that is not there has none.</summary>
    /// <param name="directory">The cluster directory.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Permissions keep this user from it.</exception>
    public static ClusterRecords Read(string directory)
    {
        var layout = new ClusterLayout(Path.GetFullPath(directory));
        if (!Directory.Exists(layout.Directory))
        {
            return File.Exists(layout.Directory) ? throw new IOException("it is a file, not a folder") : new ClusterRecords([], []);
        }

        string[] names = [.. layout.Folders()];
        var files = new TrackedFile[names.Length];
        Parallel.For(0, names.Length, i => files[i] = Read(layout, names[i]));
        var served = ServedMachines.Of(files);
        return new ClusterRecords([.. served.Files.Values.Select(file => file.Record!.Machine).OrderBy(machine => machine.Serial)], [.. served.Quarantined]);
    }

    private static TrackedFile Read(ClusterLayout layout, string name)
    {
        var tracked = TrackedFile.Missing(name);
        using var file = FoundFile.Read(layout, tracked.Path, isWriter: false);
        return tracked.Found(!file.Exists || file.Problem is not null
            ? new FileContent { Exists = file.Exists, Problem = file.Problem }
            : FileContent.Of(name, file.Content, ContentId.Of(file.Content.Span)));
    }
}
