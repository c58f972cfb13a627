using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>How a file of the cluster directory stands to the history.</summary>
internal enum FileVerdict
{
    /// <summary>It is on neither side.</summary>
    Absent,

    /// <summary>Both have the same.</summary>
    Agrees,

    /// <summary>The history has it no more, and it was left by a crash: it is to go.</summary>
    LeftOver,

    /// <summary>It was left as it was, or missing, by a crash: it is to be brought up.</summary>
    Behind,

    /// <summary>Hands took it away; the history's is served.</summary>
    Missing,

    /// <summary>It cannot be read; the history's is served.</summary>
    Spoilt,

    /// <summary>Hands wrote it, and it can be read: it is to be taken over.</summary>
    ByHand,

    /// <summary>Neither can be read.</summary>
    Unreadable,
}

/// <summary>One side of the comparison.</summary>
/// <param name="Exists">Whether there is something of that name.</param>
/// <param name="Blob">Its bytes as git names them; null where they cannot be had.</param>
/// <param name="IsReadable">Whether it makes sense.</param>
internal readonly record struct FileSide(bool Exists, ObjectId? Blob, bool IsReadable);

/// <summary>
/// The history is what counts. A file that HEAD's commit changed and that still has its former content was left behind by a
/// crash between commit and rename; any other difference was made by hand.
/// </summary>
internal static class FileComparison
{
    /// <summary>Compares.</summary>
    /// <param name="disk">The file.</param>
    /// <param name="history">What HEAD has of it.</param>
    /// <param name="mayBeBehind">Whether a crash, or a failure of ours, may have left it; false while we know that it was in its place.</param>
    /// <param name="former">What HEAD's parent has of it; asked only when it matters.</param>
    public static FileVerdict Judge(FileSide disk, FileSide history, bool mayBeBehind, Func<ObjectId?> former)
    {
        if (!disk.Exists && !history.Exists)
        {
            return FileVerdict.Absent;
        }

        if (disk.Blob is not null && disk.Blob == history.Blob)
        {
            return FileVerdict.Agrees;
        }

        if (!history.Exists)
        {
            return mayBeBehind && disk.Blob is not null && former() == disk.Blob ? FileVerdict.LeftOver
                : disk.IsReadable ? FileVerdict.ByHand
                : FileVerdict.Unreadable;
        }

        if (disk.IsReadable)
        {
            return history.IsReadable && mayBeBehind && former() == disk.Blob ? FileVerdict.Behind : FileVerdict.ByHand;
        }

        return !history.IsReadable ? FileVerdict.Unreadable
            : disk.Exists ? FileVerdict.Spoilt
            : mayBeBehind ? FileVerdict.Behind
            : FileVerdict.Missing;
    }
}
