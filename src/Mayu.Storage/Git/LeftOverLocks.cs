using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>Locks of references that a killed process left.</summary>
internal static class LeftOverLocks
{
    // How long another git holds a reference's lock is milliseconds.
    private static readonly TimeSpan LeftOverAge = TimeSpan.FromSeconds(2);

    /// <summary>Removes those that stay.</summary>
    public static async Task RemoveAsync(ClusterLayout layout, TimeProvider time, ILogger logger)
    {
        string[] candidates =
        [
            Path.Combine(layout.GitDirectory, "HEAD.lock"),
            .. Directory.EnumerateFiles(Path.Combine(layout.GitDirectory, "refs", "heads"), "*.lock", SearchOption.AllDirectories),
        ];
        foreach (var path in candidates)
        {
            if (File.Exists(path))
            {
                await Task.Delay(LeftOverAge, time);
                if (File.Exists(path))
                {
                    File.Delete(path);
                    logger.LockRemoved(path);
                }
            }
        }
    }
}
