using LibGit2Sharp;
using Mayu.Linux.Files;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>
/// Sees that what a commit is to be put upon is there. A branch file that vanished looks like a branch that nothing was committed to yet, and an
/// empty folder of objects takes new ones gladly: either way a new history would be begun, and the old one left behind.
/// </summary>
internal static class HistoryGuard
{
    /// <summary>Demands, at a start, that a branch without a commit is a new one.</summary>
    /// <exception cref="IOException">The repository has a history that the branch does not lead to.</exception>
    public static void DemandNew(ClusterLayout layout, HeadPosition head)
    {
        using var repository = GitLibrary.Open(layout);
        if (HasHistory(repository))
        {
            throw new IOException(
                $"HEAD names {head.Name}, which has no commit, although the repository has some: `git fsck --lost-found` shows the last ones, and "
                + $"`git update-ref {head.Name} <commit>` restores the history. To start a new one, move {layout.GitDirectory} away.");
        }
    }

    /// <summary>Demands, while running, that HEAD still leads to a commit.</summary>
    /// <exception cref="IOException">It leads to none; the message tells the last one.</exception>
    public static void DemandCommit(ClusterLayout layout, HeadPosition head, ObjectId last)
    {
        if (head.Target is null)
        {
            throw new IOException(
                $"HEAD in {layout.GitDirectory} names {head.Name}, which no longer has a commit. The last one was {last.Sha}: "
                + $"`git update-ref {head.Name} {last.Sha}` restores it.");
        }
    }

    /// <summary>Demands that the objects are those that the last commit was put into.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="last">The last commit.</param>
    /// <param name="former">The one before it, where it is known: what is left to go back to.</param>
    /// <exception cref="IOException">They are not there.</exception>
    public static void DemandObjects(ClusterLayout layout, ObjectId last, ObjectId? former)
    {
        if (File.Exists(Path.Combine(layout.Objects, last.Sha[..2], last.Sha[2..])))
        {
            return;
        }

        foreach (var path in new[] { Path.Combine(layout.Objects, last.Sha[..2], last.Sha[2..]), Path.Combine(layout.Objects, "pack") })
        {
            if (ClosedPath.Describe(path) is { } closed)
            {
                throw new IOException($"The last commit {last.Sha} cannot be read: {closed}. {ClosedPath.Remedy(layout.Directory)}");
            }
        }

        // Packed away since.
        using var repository = GitLibrary.Open(layout);
        if (!Contains(repository, last))
        {
            throw new IOException(
                $"The last commit {last.Sha} is no longer in {layout.Objects}: the folder was removed, replaced or pruned."
                + (former is null ? "" : $" The one before it was {former.Sha}: set the branch to it with `git update-ref`, and Mayu recreates what is missing from the records."));
        }
    }

    private static bool Contains(Repository repository, ObjectId id)
    {
        try
        {
            return repository.ObjectDatabase.Contains(id);
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The objects of {repository.Info.Path} cannot be read: {e.Message}", e);
        }
    }

    // What a first start that was killed left has no parent; whatever was committed upon it has one.
    private static bool HasHistory(Repository repository)
    {
        try
        {
            return repository.ObjectDatabase.OfType<Commit>().Any(commit => commit.Parents.Any());
        }
        catch (LibGit2SharpException)
        {
            // There are objects, and they cannot all be read: nothing that a new repository has.
            return true;
        }
    }
}
