using System.Collections.Immutable;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>A file of the cluster directory that is to be written, or removed.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Content">Its bytes; null removes it, and its folder if nothing else is in it.</param>
internal sealed record FileChange(string Path, byte[]? Content)
{
    /// <summary>What it is to take the place of; null: whatever is there.</summary>
    public FormerFile? Former { get; init; }
}

/// <summary>What a file held when a change of it was decided.</summary>
/// <param name="Blob">Its bytes as git names them; null when it was missing.</param>
internal sealed record FormerFile(ObjectId? Blob);

/// <summary>What becomes of one entry of the root folder.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Entry">The entry as it is to be; null: it goes.</param>
/// <param name="Objects">The objects that it needs.</param>
/// <param name="File">The file to be made to agree; null when it does already.</param>
/// <param name="Blob">The file's content as git names it; null when it goes.</param>
internal sealed record RootChange(string Name, FolderEntry? Entry, ImmutableArray<GitObject> Objects, FileChange? File, ObjectId? Blob)
{
    /// <summary>The same, where the file must still hold this when it is replaced, or is set aside.</summary>
    public RootChange InPlaceOf(ObjectId? former) => this with { File = File! with { Former = new FormerFile(former) } };

    /// <summary>A machine's record is put into its folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="content">The bytes of the record.</param>
    /// <param name="others">What else the repository has in the folder.</param>
    public static RootChange Put(string folder, byte[] content, ImmutableArray<FolderEntry> others)
    {
        var blob = GitObject.Blob(content);
        var tree = FolderTree.OfMachine(blob.Id, others).ToObject();
        return new RootChange(
            folder, new FolderEntry(folder, FolderEntry.FolderMode, tree.Id), [blob, tree], new FileChange(ClusterLayout.RecordPath(folder), content), blob.Id);
    }

    /// <summary>A machine's record goes; what hands laid beside it stays.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="others">What else the repository has in the folder.</param>
    public static RootChange Remove(string folder, ImmutableArray<FolderEntry> others)
    {
        var file = new FileChange(ClusterLayout.RecordPath(folder), null);
        if (others.IsEmpty)
        {
            return new RootChange(folder, null, [], file, null);
        }

        var tree = FolderTree.OfMachine(null, others).ToObject();
        return new RootChange(folder, new FolderEntry(folder, FolderEntry.FolderMode, tree.Id), [tree], file, null);
    }

    /// <summary>A file of the root is written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes.</param>
    public static RootChange PutFile(string name, byte[] content)
    {
        var blob = GitObject.Blob(content);
        return new RootChange(name, new FolderEntry(name, FolderEntry.FileMode, blob.Id), [blob], new FileChange(name, content), blob.Id);
    }
}
