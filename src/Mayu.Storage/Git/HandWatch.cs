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
    private string[] _names = [];
    private int _next;

    /// <summary>Whether a person's git is in the midst of something: what it leaves is looked at when it is through.</summary>
    public bool IsGitAtWork()
    {
        var held = new FileInfo(layout.IndexLock);
        return (held.Exists && time.GetUtcNow().UtcDateTime - held.LastWriteTimeUtc < LeftOverLockAge)
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
            found.AddRange(ClusterLoader.FoldersOnDisk(layout).Where(n => !folders.ContainsKey(n) && IsOdd(n, ClusterLayout.RecordPath(n), null, null)));
            _root = IsFresh(root) || found.Count > 0 || _odd.Count > 0 ? default : root;
        }

        for (var i = 0; i < Math.Min(Slice, folders.Count); i++)
        {
            if (_next >= _names.Length)
            {
                (_names, _next) = ([.. folders.Keys], 0);
            }

            var name = _names[_next++];
            if (folders.TryGetValue(name, out var folder)
                && IsOdd(name, ClusterLayout.RecordPath(name), folder.Machine is { } machine ? machine.Blob : folder.Seen, folder.Machine?.Refused))
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>The name that git has for a file's bytes; null when it is missing or cannot be read.</summary>
    public static ObjectId? BlobOf(string path)
    {
        try
        {
            return File.Exists(path) ? GitObject.BlobId(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsOdd(string name, string path, ObjectId? expected, RefusedFile? refused)
    {
        var file = layout.OnDisk(path);
        var stamp = Stamp.OfFile(file);
        if (_seen.TryGetValue(name, out var seen) && seen == stamp)
        {
            return false;
        }

        var blob = BlobOf(file);
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
        public static Stamp OfFile(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new Stamp(true, file.LastWriteTimeUtc, file.Length) : default;
        }

        public static Stamp OfFolder(string path)
        {
            var folder = new DirectoryInfo(path);
            return folder.Exists ? new Stamp(true, folder.LastWriteTimeUtc, 0) : default;
        }
    }
}
