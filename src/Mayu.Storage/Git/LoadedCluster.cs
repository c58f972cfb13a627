using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>A machine and where it lies.</summary>
/// <param name="Folder">Its folder's name.</param>
/// <param name="Record">Its record.</param>
/// <param name="Others">What else the repository has in the folder.</param>
/// <param name="Blob">The record's bytes as git names them: what its file must hold, unless hands changed it.</param>
internal sealed record StoredMachine(string Folder, MachineRecord Record, ImmutableArray<FolderEntry> Others, ObjectId? Blob);

/// <summary>What was found in a cluster directory, and what is to be done so that folders and history agree.</summary>
internal sealed class LoadedCluster
{
    /// <summary>The root of HEAD's commit.</summary>
    public required FolderTree Tree { get; init; }

    /// <summary>The machines that can be served.</summary>
    public Dictionary<Serial, StoredMachine> Machines { get; } = [];

    /// <summary>What could not be read.</summary>
    public List<QuarantinedRecord> Quarantined { get; } = [];

    /// <summary>Whose record cannot be read: no new one may take its place.</summary>
    public Dictionary<Serial, QuarantinedRecord> Withheld { get; } = [];

    /// <summary>Records whose file is behind the history, or missing.</summary>
    public List<RecordWrite> Behind { get; } = [];

    /// <summary>Records that hands wrote: valid, and not in the history yet.</summary>
    public List<(Serial Serial, RecordWrite Write)> ByHand { get; } = [];

    /// <summary>Folders whose file cannot be read while the history's can: the file is set aside, the record restored.</summary>
    public List<string> Rejected { get; } = [];
}
