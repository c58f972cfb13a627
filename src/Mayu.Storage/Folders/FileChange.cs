namespace Mayu.Storage.Folders;

/// <summary>A tracked file that is to be written, or removed.</summary>
/// <param name="Name">The file's name, as <see cref="TrackedFile.Name"/>.</param>
/// <param name="Content">Its bytes; null removes it, and its folder if nothing else is in it.</param>
internal sealed record FileChange(string Name, byte[]? Content)
{
    /// <summary>The content; null removes the file.</summary>
    public ContentId? Id { get; } = Content is null ? null : ContentId.Of(Content);

    /// <summary>What it is to take the place of: anything else is set aside first. Null: whatever is there is replaced.</summary>
    public SeenFile? Former { get; init; }

    /// <summary>Whether the file is so already, and only the history is to follow.</summary>
    public bool IsInPlace { get; init; }
}

/// <summary>What a file was seen to hold.</summary>
/// <param name="Id">Its content; null when it is missing, or not to be read at all.</param>
internal sealed record SeenFile(ContentId? Id);
