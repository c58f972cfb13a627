using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>Tracked files as a commit has them.</summary>
internal static class CommittedFile
{
    /// <summary>Reads one. A damaged object is a problem of this file alone.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="name">Its name, as <see cref="TrackedFile.Name"/>.</param>
    /// <param name="entry">The root's entry of that name.</param>
    /// <param name="others">What else is in the folder of a record.</param>
    public static FileContent Read(Repository repository, string name, FolderEntry entry, out ImmutableArray<FolderEntry> others)
    {
        others = [];
        try
        {
            if (name == ClusterLayout.PinsName)
            {
                return repository.Lookup<Blob>(entry.Id) is { } pins ? Of(name, pins) : Damaged($"its object {entry.Id.Sha} is missing");
            }

            var tree = repository.Lookup<Tree>(entry.Id);
            if (tree is null)
            {
                return Damaged($"the object {entry.Id.Sha} of its folder is missing");
            }

            others = [.. tree.Where(e => e.Name != ClusterLayout.RecordName).Select(FolderEntry.Of)];
            return tree[ClusterLayout.RecordName]?.Target is Blob record ? Of(name, record) : FileContent.None;
        }
        catch (LibGit2SharpException e)
        {
            return Damaged($"its object in the history is damaged: {e.Reason()}");
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

    private static FileContent Of(string name, Blob blob)
    {
        var bytes = BytesOf(blob);
        return FileContent.Of(name, bytes, GitLibrary.ContentOf(blob.Id)) with { Bytes = bytes };
    }

    private static FileContent Damaged(string problem) => new() { Exists = true, Problem = problem };
}
