using Mayu.Linux.Files;
using Mayu.Storage.Disk;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Folders;

/// <summary>What the parts of a store share.</summary>
/// <param name="Layout">The cluster directory.</param>
/// <param name="Options">How to work.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where to tell.</param>
internal sealed record StoreContext(ClusterLayout Layout, StoreOptions Options, TimeProvider Time, ILogger Logger) : IDisposable
{
    /// <summary>Who flushes.</summary>
    public ParallelFlush Flush { get; } = new();

    /// <summary>Called at each step of the commit path.</summary>
    public void At(CommitStep step) => Options.AtStep?.Invoke(step);

    /// <summary>Empties the folder of files on their way.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void ClearStage()
    {
        if (Directory.Exists(Layout.Stage))
        {
            Directory.Delete(Layout.Stage, recursive: true);
        }

        FolderCalls.Make(Layout.Stage);
    }

    /// <summary>Moves a file, or a folder in its place, out of the way of the one that counts, to where nothing reads it.</summary>
    /// <param name="path">Its path in the cluster directory.</param>
    public void SetAside(string path)
    {
        var source = Layout.OnDisk(path);
        var name = Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : Path.GetFileNameWithoutExtension(path);
        var target = Path.Combine(Layout.Rejected, $"{name}-{Time.GetUtcNow().ToUnixTimeMilliseconds()}.json");
        Directory.CreateDirectory(Layout.Rejected);
        if (File.Exists(source))
        {
            File.Move(source, target);
        }
        else if (Directory.Exists(source))
        {
            Directory.Move(source, target);
        }
    }

    public void Dispose() => Flush.Dispose();
}
