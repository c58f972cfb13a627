using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>The file of the pins, on the disk or in a commit.</summary>
internal sealed record PinsFile
{
    /// <summary>Its bytes; null when it is missing or cannot be had.</summary>
    public byte[]? Content { get; private init; }

    /// <summary>The name that git has for the bytes.</summary>
    public ObjectId? Blob { get; private init; }

    /// <summary>The pins; null when missing or unreadable.</summary>
    public ImmutableSortedDictionary<PinKey, Pin>? Pins { get; private init; }

    /// <summary>Why they cannot be read; null when they can, or there is no file.</summary>
    public string? Problem { get; private init; }

    /// <summary>The pins; none when missing or unreadable.</summary>
    public ImmutableSortedDictionary<PinKey, Pin> PinsOrNone => Pins ?? ImmutableSortedDictionary<PinKey, Pin>.Empty;

    /// <summary>For the comparison.</summary>
    public FileSide Side => new(Content is not null || Problem is not null, Blob, Pins is not null);

    /// <summary>The file as it lies on the disk.</summary>
    public static PinsFile OnDisk(ClusterLayout layout)
    {
        using var file = FoundFile.Read(layout, ClusterLayout.PinsName);
        return file.Exists && file.Problem is null ? Of(file.Content.ToArray()) : new PinsFile { Problem = file.Problem };
    }

    /// <summary>The file as a commit has it.</summary>
    public static PinsFile Committed(Repository repository, FolderEntry? entry)
    {
        if (entry is null)
        {
            return new PinsFile();
        }

        try
        {
            return repository.Lookup<Blob>(entry.Id) is { } blob
                ? Of(CommittedFolder.BytesOf(blob))
                : new PinsFile { Problem = $"its object {entry.Id.Sha} is missing" };
        }
        catch (LibGit2SharpException e)
        {
            return new PinsFile { Problem = $"its object in the history is damaged: {e.Message}" };
        }
    }

    private static PinsFile Of(byte[] content) =>
        new() { Content = content, Blob = GitObject.BlobId(content), Pins = PinsCodec.Read(content, out var problem), Problem = problem };
}
