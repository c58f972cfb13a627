using LibGit2Sharp;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>How libgit2 is used: for a repository that is named, whoever runs the server and whatever their git is configured to do.</summary>
internal static class GitLibrary
{
    // Process-wide by libgit2's nature; the first use sets it.
    static GitLibrary()
    {
        foreach (var level in (ReadOnlySpan<ConfigurationLevel>)[ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.System])
        {
            GlobalSettings.SetConfigSearchPaths(level, "");
        }

        // `safe.directory` protects people who stray into a stranger's repository from its hooks. This one was named in the
        // configuration, and libgit2 runs no hooks; a data directory that belongs to another user is common in containers.
        GlobalSettings.SetOwnerValidation(false);
    }

    /// <summary>The name that git has for a content.</summary>
    public static ObjectId IdOf(ContentId content) => new(content.ToArray());

    /// <summary>The content that git names so.</summary>
    public static ContentId ContentOf(ObjectId blob) => new(blob.RawId);

    /// <summary>Whether an exception means the disk or the repository, not a bug.</summary>
    public static bool IsTrouble(Exception e) => e is LibGit2SharpException || StoreWriter.IsTrouble(e);

    /// <summary>Opens the repository of a cluster directory. Not safe for more than one thread.</summary>
    /// <exception cref="IOException">It is damaged.</exception>
    public static Repository Open(ClusterLayout layout)
    {
        try
        {
            return new Repository(layout.GitDirectory);
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The repository {layout.GitDirectory} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Opens the repository that somebody's file lies in. Not safe for more than one thread.</summary>
    /// <param name="path">The file, or a folder, absolute and without links.</param>
    /// <returns>Null where it lies in none.</returns>
    /// <exception cref="LibGit2SharpException">It is damaged.</exception>
    /// <remarks>Not by the library's own search: its binding takes the answer in a way that native builds do not have.</remarks>
    public static Repository? Discover(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return new Repository(folder);
            }
        }

        return null;
    }

    /// <summary>Makes the repository of a cluster directory, durably, unless there is one.</summary>
    /// <exception cref="IOException">It cannot be made, or is damaged.</exception>
    public static void Prepare(ClusterLayout layout)
    {
        if (File.Exists(Path.Combine(layout.GitDirectory, "HEAD")))
        {
            return;
        }

        var refs = Path.Combine(layout.GitDirectory, "refs", "heads");
        if (Directory.Exists(refs) && Directory.EnumerateFiles(refs, "*", SearchOption.AllDirectories).Any())
        {
            throw new IOException($"{layout.GitDirectory}/HEAD is missing, though there are branches: the repository is damaged.");
        }

        try
        {
            Repository.Init(layout.Directory);
            using var repository = new Repository(layout.GitDirectory);
            repository.Config.Set("core.autocrlf", false);
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The repository {layout.GitDirectory} cannot be created: {e.Message}", e);
        }

        DiskFlush.FlushFileSystem(layout.GitDirectory);
    }

    /// <summary>Which of some commits a branch leads to. Costs nothing where there are none.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="head">Where the branch stands.</param>
    /// <param name="commits">The commits, in hex digits; what is none is left out.</param>
    /// <exception cref="IOException">The history cannot be read.</exception>
    public static IReadOnlyList<string> LedTo(ClusterLayout layout, ObjectId head, IReadOnlyList<string> commits)
    {
        if (commits.All(commit => commit == head.Sha))
        {
            return commits;
        }

        try
        {
            using var repository = Open(layout);
            var newest = repository.Lookup<Commit>(head);
            return [.. commits.Where(commit => ObjectId.TryParse(commit, out var id) && repository.Lookup<Commit>(id) is { } earlier
                && newest is not null && repository.ObjectDatabase.FindMergeBase(earlier, newest)?.Id == id)];
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The commits of HEAD cannot be read: {e.Reason()}. `git fsck` shows what is left.", e);
        }
    }

    /// <summary>The first commit, in hex digits; null where the history has a hole, or the clone is shallow. A walk through all of it.</summary>
    public static string? FirstCommit(ClusterLayout layout)
    {
        try
        {
            using var repository = Open(layout);
            var commit = repository.Head.Tip;
            while (commit?.Parents.FirstOrDefault() is { } parent)
            {
                commit = parent;
            }

            return commit?.Sha;
        }
        catch (LibGit2SharpException)
        {
            return null;
        }
    }
}
