using LibGit2Sharp;

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

    /// <summary>Makes the repository of a cluster directory, durably.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Initialise(ClusterLayout layout)
    {
        try
        {
            Repository.Init(layout.Directory);
            using var repository = new Repository(layout.GitDirectory);
            repository.Config.Set("core.autocrlf", false);
        }
        catch (LibGit2SharpException e)
        {
            throw new IOException($"The repository {layout.GitDirectory} cannot be made: {e.Message}", e);
        }

        LibC.FlushFileSystem(layout.GitDirectory);
    }
}
