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

    /// <summary>The bytes of its record; null when there is none, or it cannot be read from the disk.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The name that git has for the bytes.</summary>
    public ObjectId? BlobId { get; init; }

    /// <summary>The record; null when missing or unreadable.</summary>
    public MachineRecord? Record { get; init; }

    /// <summary>Why it cannot be read; null when it can, or is missing.</summary>
    public string? Problem { get; init; }

    /// <summary>HEAD has the same record, and nothing else in the folder.</summary>
    public bool MatchesHistory { get; init; }

    /// <summary>Reads a folder. Whether it agrees with HEAD is computed from the bytes, without a look into the object database.</summary>
    public static FolderOnDisk Read(ClusterLayout layout, string name, FolderEntry? committed)
    {
        var found = new FolderOnDisk { Name = name, Serial = SerialFolder.TryDecode(name, out var serial) ? serial : null };
        try
        {
            var file = new FileInfo(layout.RecordIn(name));
            if (!file.Exists)
            {
                return Directory.Exists(file.FullName) ? found with { Problem = "it is a folder" } : found;
            }

            if (file.Length > RecordCodec.MaxBytes)
            {
                return found with { Problem = $"it has {file.Length} bytes; {RecordCodec.MaxBytes} are allowed" };
            }

            var content = File.ReadAllBytes(file.FullName);
            var blob = GitObject.BlobId(content);
            string? problem = null;
            var record = found.Serial is { } known ? RecordCodec.Read(content, known, out problem) : null;
            return found with
            {
                Content = content,
                BlobId = blob,
                Record = record,
                Problem = problem,
                MatchesHistory = committed is not null && FolderTree.OfMachine(blob, []).ToObject().Id == committed.Id,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return found with { Problem = e.Message };
        }
    }
}
