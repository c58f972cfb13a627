using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>One entry of a git tree.</summary>
/// <param name="Name">File or folder name.</param>
/// <param name="Mode">Octal, as git writes it: <c>40000</c> a folder, <c>100644</c> a file.</param>
/// <param name="Id">The blob or tree.</param>
internal sealed record FolderEntry(string Name, string Mode, ObjectId Id)
{
    public const string FolderMode = "40000";
    public const string FileMode = "100644";

    /// <summary>The entry as it stands in a tree of LibGit2Sharp.</summary>
    public static FolderEntry Of(TreeEntry entry) => new(entry.Name, Convert.ToString((int)entry.Mode, 8), entry.Target.Id);
}
