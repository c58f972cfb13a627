using System.Text;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>
/// The mark that a store left when it was closed with every file in its place. After it no file can have been left behind by a crash, so whatever
/// differs from the history is the work of hands, even where it is, to the byte, what the commit before had.
/// </summary>
internal static class CleanClose
{
    private const int ShaLength = 40;

    /// <summary>Takes the mark away, durably and before anything is changed, and says whether it was of this commit.</summary>
    /// <exception cref="IOException">It cannot be taken away.</exception>
    public static bool Take(ClusterLayout layout, ObjectId? head)
    {
        var file = new FileInfo(layout.Closed);
        if (!file.Exists)
        {
            return false;
        }

        var isOfHead = head is not null && file.Length == ShaLength && BoundedFile.ReadText(file.FullName, ShaLength) == head.Sha;
        file.Delete();
        LibC.FlushFolder(layout.Own);
        return isOfHead;
    }

    /// <summary>Leaves the mark; where that fails there is none, which only means that the next start is told less.</summary>
    public static void Leave(ClusterLayout layout, ObjectId head)
    {
        try
        {
            StagedFile.Write(layout.Closed, Encoding.ASCII.GetBytes(head.Sha));
            LibC.FlushFolder(layout.Own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StagedFile.Discard(layout.Closed);
        }
    }
}
