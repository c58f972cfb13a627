using System.Security.Cryptography;
using Mayu.Linux.Files;
using Mayu.Storage.Disk;

namespace Mayu.Storage.Folders;

/// <summary>
/// Which cluster a directory holds: 32 hex digits that never change. With a history they are those of its first commit, so that a clone is the
/// same cluster; else they are made up. They are kept beside what else is ours there, and in a clone found again.
/// </summary>
internal static class ClusterIdentity
{
    private const int Length = 32;

    /// <summary>Reads it, or finds it out and keeps it. For a directory that is locked, and has its first commit.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="firstCommit">Finds the first commit, in hex digits; null where there is none.</param>
    /// <exception cref="IOException">It cannot be read or kept.</exception>
    public static string Of(ClusterLayout layout, Func<string?> firstCommit)
    {
        var known = Read(layout.Identity);
        if (known is not null)
        {
            return known;
        }

        // The directory was open the other way before: it is still the same cluster.
        var found = Read(layout.OtherIdentity) ?? firstCommit()?[..Length];
        var id = found ?? New();
        try
        {
            var staged = layout.Identity + ".new";
            StagedFile.Write(staged, System.Text.Encoding.ASCII.GetBytes(id + "\n"));
            File.Move(staged, layout.Identity, overwrite: true);
            DiskFlush.FlushFolder(layout.Own);
        }
        catch (IOException) when (found is not null)
        {
            // A full disk: it is found out again at the next start.
        }

        return id;
    }

    /// <summary>A new one.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    private static string? Read(string path) =>
        File.Exists(path) && BoundedFile.TryReadText(path, Length + 1, out var text) is null && text.Trim() is { Length: Length } id && id.All(char.IsAsciiHexDigitLower)
            ? id
            : null;
}
