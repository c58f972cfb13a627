using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>Machines in a cluster directory that is an ordinary git repository: a commit a change, or for those that waited together.</summary>
public static class GitStore
{
    /// <summary>
    /// Opens a cluster directory. It is made if missing; what a crash left behind is put in order; edited records are taken over; records that cannot be
    /// read are set aside and named.
    /// </summary>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="options">How to work.</param>
    /// <param name="timeProvider">The clock of commits.</param>
    /// <param name="logger">Where to tell.</param>
    /// <param name="cancellationToken">Gives up before anything is begun.</param>
    /// <exception cref="Core.Machines.StoreUnavailableException">
    /// Another mayu has it open, or it cannot be read or written; the message names the path. Or libgit2 is missing.
    /// </exception>
    public static Task<MachineStore> OpenAsync(
        string directory, GitOptions options, TimeProvider timeProvider, ILogger<MachineStore> logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var store = new StoreContext(new ClusterLayout(Path.GetFullPath(directory)), options, timeProvider, logger);
        try
        {
            return MachineStore.OpenAsync(store, new GitCommitter(store, options));
        }
        catch (TypeInitializationException e) when (e.GetBaseException() is DllNotFoundException)
        {
            store.Dispose();
            throw new Core.Machines.StoreUnavailableException(
                "libgit2 cannot be loaded. Its file, libgit2-….so, must be next to the program mayu: copy the whole folder of the build.", e);
        }
    }
}
