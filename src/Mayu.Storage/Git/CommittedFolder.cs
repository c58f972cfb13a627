using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>A machine's folder as a commit has it.</summary>
internal sealed record CommittedFolder
{
    /// <summary>The bytes of its record; null when there is none, or the object is damaged.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The record's blob.</summary>
    public ObjectId? BlobId { get; init; }

    /// <summary>The record; null when missing or unreadable.</summary>
    public MachineRecord? Record { get; init; }

    /// <summary>Why it cannot be read.</summary>
    public string? Problem { get; init; }

    /// <summary>What else is in the folder.</summary>
    public ImmutableArray<FolderEntry> Others { get; init; } = [];

    /// <summary>Reads it. A damaged object is a problem of this machine alone.</summary>
    public static CommittedFolder Read(Repository repository, FolderEntry folder, Serial? serial)
    {
        try
        {
            var tree = repository.Lookup<Tree>(folder.Id);
            if (tree is null)
            {
                return new CommittedFolder { Problem = $"the object {folder.Id.Sha} of its folder is missing" };
            }

            var others = tree.Where(e => e.Name != ClusterLayout.RecordName).Select(FolderEntry.Of).ToImmutableArray();
            if (tree[ClusterLayout.RecordName]?.Target is not Blob blob)
            {
                return new CommittedFolder { Others = others };
            }

            var bytes = BytesOf(blob);
            string? problem = "the name of its folder is no serial";
            var record = serial is { } known ? RecordCodec.Read(bytes, known, out problem) : null;
            return new CommittedFolder { Content = bytes, BlobId = blob.Id, Record = record, Problem = problem, Others = others };
        }
        catch (LibGit2SharpException e)
        {
            return new CommittedFolder { Problem = $"its object in the history is damaged: {e.Message}" };
        }
    }

    /// <summary>The bytes of a blob.</summary>
    /// <exception cref="LibGit2SharpException">It is damaged.</exception>
    public static byte[] BytesOf(Blob blob)
    {
        using var content = new MemoryStream();
        using (var stream = blob.GetContentStream())
        {
            stream.CopyTo(content);
        }

        return content.ToArray();
    }
}
