using Mayu.Storage.Records;

namespace Mayu.Storage.Folders;

/// <summary>What a tracked file holds, on the disk or in a commit.</summary>
internal sealed record FileContent
{
    /// <summary>Nothing is there.</summary>
    public static readonly FileContent None = new();

    /// <summary>Whether there is something of that name.</summary>
    public bool Exists { get; init; }

    /// <summary>Its bytes; null where they are not needed, or cannot be had.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>Its content; null where it cannot be had.</summary>
    public ContentId? Id { get; init; }

    /// <summary>A <see cref="MachineRecord"/> or a map of pins; null when missing or unreadable.</summary>
    public object? Value { get; init; }

    /// <summary>Why it cannot be read, as half a sentence.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether nothing may be read or written in its folder, as <see cref="FoundFile.Obstacle"/> says.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The file on the disk.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="name">Its name, as <see cref="TrackedFile.Name"/>.</param>
    /// <param name="isKnown">Whether its bytes are at hand elsewhere: a start reads ten thousand, which are kept only where they are needed again.</param>
    public static FileContent OnDisk(ClusterLayout layout, string name, Func<ContentId, bool> isKnown)
    {
        using var file = FoundFile.Read(layout, ClusterLayout.PathOf(name));
        if (!file.Exists || file.Problem is not null)
        {
            return new FileContent { Exists = file.Exists, Problem = file.Problem, IsClosed = file.IsClosed };
        }

        var id = ContentId.Of(file.Content.Span);
        return Of(name, file.Content, id) with { Bytes = isKnown(id) ? null : file.Content.ToArray() };
    }

    /// <summary>A file with this content; without the bytes.</summary>
    /// <param name="name">Its name, as <see cref="TrackedFile.Name"/>.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="id">Their hash.</param>
    public static FileContent Of(string name, ReadOnlyMemory<byte> bytes, ContentId id)
    {
        string? problem = "the name of its folder is not a serial";
        object? value = name == ClusterLayout.PinsName ? PinsCodec.Read(bytes.Span, out problem)
            : SerialFolder.TryDecode(name, out var serial) ? RecordCodec.Read(bytes, serial, out problem)
            : null;
        return new FileContent { Exists = true, Id = id, Value = value, Problem = problem };
    }
}
