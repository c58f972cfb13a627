namespace Mayu.Storage.Folders;

/// <summary>
/// Finds files that somebody edited while the server runs, by their time and size: a slice of the machines at each look, so that
/// ten thousand cost no more at once than a few thousand. To watch by inotify takes a handle a folder, of which many systems
/// allow 8,192, tells of each of our own renames, and is silent on network file systems.
/// </summary>
internal sealed class EditWatch(ClusterLayout layout, TimeProvider time, TimeSpan settle)
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
    private readonly Dictionary<string, (Stamp Stamp, long Since)> _unsettled = new(StringComparer.Ordinal);
    private Stamp _root;

    // Folders that somebody made while the server runs. A record may be put into one much later, which does not show in the root's time.
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
    public IReadOnlyList<string> Look(IReadOnlyDictionary<string, TrackedFile> files)
    {
        var found = new List<string>();
        if (files.TryGetValue(ClusterLayout.PinsName, out var pins) && IsEdited(pins))
        {
            found.Add(pins.Name);
        }

        var root = Stamp.OfFolder(layout.Directory);
        if (root != _root)
        {
            _strange = [.. layout.Folders().Where(n => !files.ContainsKey(n))];
            _root = IsFresh(root) ? default : root;
        }

        found.AddRange(_strange.Where(n => !files.ContainsKey(n) && IsEdited(new TrackedFile(n))));
        for (var i = 0; i < Math.Min(Slice, files.Count); i++)
        {
            if (_next >= _names.Length)
            {
                (_names, _next) = ([.. files.Keys], 0);
            }

            if (files.TryGetValue(_names[_next++], out var file) && (IsTakenAway(file) || IsEdited(file)))
            {
                found.Add(file.Name);
            }
        }

        return found;
    }

    // What could never be read looks, once it is gone, as it did before.
    private bool IsTakenAway(TrackedFile file)
    {
        if (file is not { IsUnread: true, Value: null })
        {
            return false;
        }

        using var found = FoundFile.Read(layout, file.Path);
        return !found.Exists;
    }

    private bool IsEdited(TrackedFile file)
    {
        var (name, path) = (file.Name, file.Path);
        var stamp = Stamp.OfFile(layout, path);
        if (_seen.TryGetValue(name, out var seen) && seen == stamp)
        {
            return false;
        }

        var id = FoundFile.IdOf(layout, path);
        var isMended = file.Refused is not null && id == file.Id;
        if (!isMended && (id == file.Id || (file.Refused is { } refused && refused.Id == id)))
        {
            _unsettled.Remove(name);
            if (!IsFresh(stamp))
            {
                _seen[name] = stamp;
            }

            return false;
        }

        if (!_unsettled.TryGetValue(name, out var edit) || edit.Stamp != stamp)
        {
            _unsettled[name] = edit = (stamp, time.GetTimestamp());
        }

        if (time.GetElapsedTime(edit.Since) < settle)
        {
            return false;
        }

        _unsettled.Remove(name);
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
