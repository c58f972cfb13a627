using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Plain;

/// <summary>Machines in a cluster directory without a history: the same files, as durable, and no git.</summary>
public static class PlainStore
{
    /// <summary>Opens a cluster directory without a history; it is made if missing. A git repository in it is left alone, and gets no commits.</summary>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="options">How to work.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to tell.</param>
    /// <param name="cancellationToken">Gives up before anything is begun.</param>
    /// <exception cref="Core.Machines.StoreUnavailableException">Another mayu has it open, or it cannot be read or written; the message names the path.</exception>
    public static Task<MachineStore> OpenAsync(
        string directory, StoreOptions options, TimeProvider timeProvider, ILogger<MachineStore> logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var store = new StoreContext(new ClusterLayout(Path.GetFullPath(directory), HasHistory: false), options, timeProvider, logger);
        return MachineStore.OpenAsync(store, new ListCommitter(store));
    }
}
