using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>A folder of the cluster directory as it lies on the disk.</summary>
internal sealed record FolderOnDisk
{
    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The serial that the name is; null when it is none.</summary>
    public Serial? Serial { get; init; }

    /// <summary>Whether there is something where its record belongs.</summary>
    public bool Exists { get; init; }

    /// <summary>The bytes of its record, where it is not what HEAD has; null when there is none, or it cannot be read from the disk.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The name that git has for the bytes.</summary>
    public ObjectId? BlobId { get; init; }

    /// <summary>The record; null when missing or unreadable.</summary>
    public MachineRecord? Record { get; init; }

    /// <summary>Why it cannot be read; null when it can, or is missing.</summary>
    public string? Problem { get; init; }

    /// <summary>Nothing is to be read or written in the folder: it is a symbolic link, or closed to us.</summary>
    public bool IsShut { get; init; }

    /// <summary>HEAD has the same record, and nothing else in the folder.</summary>
    public bool MatchesHistory { get; init; }

    /// <summary>Reads a folder. Whether it agrees with HEAD is computed from the bytes, without a look into the object database.</summary>
    public static FolderOnDisk Read(ClusterLayout layout, string name, FolderEntry? committed)
    {
        var found = new FolderOnDisk { Name = name, Serial = SerialFolder.TryDecode(name, out var serial) ? serial : null };
        using var file = FoundFile.Read(layout, ClusterLayout.RecordPath(name));
        if (!file.Exists || file.Problem is not null)
        {
            return found with { Exists = file.Exists, Problem = file.Problem, IsShut = FoundFile.Obstacle(layout, ClusterLayout.RecordPath(name)) is not null };
        }

        // A start reads ten thousand: their bytes are kept only where they are needed again.
        var blob = GitObject.BlobId(file.Content.Span);
        string? problem = null;
        var record = found.Serial is { } known ? RecordCodec.Read(file.Content, known, out problem) : null;
        var matches = committed is not null && FolderTree.IsOnlyRecord(committed.Id, blob);
        return found with
        {
            Exists = true,
            Content = matches ? null : file.Content.ToArray(),
            BlobId = blob,
            Record = record,
            Problem = problem,
            MatchesHistory = matches,
        };
    }
}
