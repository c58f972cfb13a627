using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>
/// Finds files that hands changed while the server runs, by their time and size: a slice of the machines at each look, so that
/// ten thousand cost no more at once than a few thousand. To watch by inotify takes a handle a folder, of which many systems
/// allow 8,192, tells of each of our own renames, and is silent on network file systems.
/// </summary>
internal sealed class HandWatch(ClusterLayout layout, TimeProvider time, TimeSpan settle)
{
    // At a few microseconds each.
    private const int Slice = 2500;

    // A second write within the same tick of the file system's clock would not show in a file's time.
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(100);

    // A person's commit holds the lock while the editor is open; one that is older was left over.
    private static readonly TimeSpan LeftOverLockAge = TimeSpan.FromMinutes(10);

    // git-merge(1), git-revert(1) … are between two steps.
    private static readonly string[] Unfinished = ["MERGE_HEAD", "REVERT_HEAD", "CHERRY_PICK_HEAD", "rebase-merge", "rebase-apply"];

    private readonly Dictionary<string, Stamp> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Stamp Stamp, long Since)> _odd = new(StringComparer.Ordinal);
    private Stamp _root;

    // Folders that hands made while the server runs. A record may be put into one much later, which does not show in the root's time.
    private string[] _strange = [];
    private string[] _names = [];
    private int _next;

    /// <summary>
    /// Whether a person's git is in the midst of something: what it leaves is looked at when it is through. A lock of the future was left over too,
    /// from before the clock was set back.
    /// </summary>
    public bool IsGitAtWork()
    {
        var held = new FileInfo(layout.IndexLock);
        return (held.Exists && (time.GetUtcNow().UtcDateTime - held.LastWriteTimeUtc).Duration() < LeftOverLockAge)
            || Array.Exists(Unfinished, name => Path.Exists(Path.Combine(layout.GitDirectory, name)));
    }

    /// <summary>The names whose file is not what it was, and has not moved for a while.</summary>
    public IReadOnlyList<string> Look(IReadOnlyDictionary<string, KnownFolder> folders, KnownPins pins)
    {
        var found = new List<string>();
        if (IsOdd(ClusterLayout.PinsName, ClusterLayout.PinsName, pins.IsWithheld ? pins.Seen : pins.Blob, pins.Refused))
        {
            found.Add(ClusterLayout.PinsName);
        }

        var root = Stamp.OfFolder(layout.Directory);
        if (root != _root)
        {
            _strange = [.. ClusterLoader.FoldersOnDisk(layout).Where(n => !folders.ContainsKey(n))];
            _root = IsFresh(root) ? default : root;
        }

        found.AddRange(_strange.Where(n => !folders.ContainsKey(n) && IsOdd(n, ClusterLayout.RecordPath(n), null, null)));
        for (var i = 0; i < Math.Min(Slice, folders.Count); i++)
        {
            if (_next >= _names.Length)
            {
                (_names, _next) = ([.. folders.Keys], 0);
            }

            var name = _names[_next++];
            if (folders.TryGetValue(name, out var folder)
                && (IsTakenAway(folder) || IsOdd(name, ClusterLayout.RecordPath(name), folder.Machine is { } machine ? machine.Blob : folder.Seen, folder.Machine?.Refused)))
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>The name that git has for a file's bytes; null when it is missing or cannot be read.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="path">The file's path in there.</param>
    public static ObjectId? BlobOf(ClusterLayout layout, string path)
    {
        using var file = FoundFile.Read(layout, path);
        return file.Exists && file.Problem is null ? GitObject.BlobId(file.Content.Span) : null;
    }

    // What could never be read looks, once it is gone, as it did before.
    private bool IsTakenAway(KnownFolder folder)
    {
        if (folder is not { IsUnread: true, Machine: null })
        {
            return false;
        }

        using var file = FoundFile.Read(layout, ClusterLayout.RecordPath(folder.Name));
        return !file.Exists;
    }

    private bool IsOdd(string name, string path, ObjectId? expected, RefusedFile? refused)
    {
        var stamp = Stamp.OfFile(layout, path);
        if (_seen.TryGetValue(name, out var seen) && seen == stamp)
        {
            return false;
        }

        var blob = BlobOf(layout, path);
        var isMended = refused is not null && blob == expected;
        if (!isMended && (blob == expected || (refused is not null && refused.Blob == blob)))
        {
            _odd.Remove(name);
            if (!IsFresh(stamp))
            {
                _seen[name] = stamp;
            }

            return false;
        }

        if (!_odd.TryGetValue(name, out var odd) || odd.Stamp != stamp)
        {
            _odd[name] = odd = (stamp, time.GetTimestamp());
        }

        if (time.GetElapsedTime(odd.Since) < settle)
        {
            return false;
        }

        _odd.Remove(name);
        return true;
    }

    private bool IsFresh(Stamp stamp) => stamp.Exists && (time.GetUtcNow().UtcDateTime - stamp.Written).Duration() < ClockTick;

    private readonly record struct Stamp(bool Exists, DateTime Written, long Length)
    {
        public static Stamp OfFile(ClusterLayout layout, string path)
        {
            var file = new FileInfo(layout.OnDisk(path));
            return file.Exists && FoundFile.Obstacle(layout, path) is null ? new Stamp(true, file.LastWriteTimeUtc, file.Length) : default;
        }

        public static Stamp OfFolder(string path)
        {
            var folder = new DirectoryInfo(path);
            return folder.Exists ? new Stamp(true, folder.LastWriteTimeUtc, 0) : default;
        }
    }
}
