namespace Mayu.Storage.Folders;

/// <summary>Where things lie in a cluster directory.</summary>
/// <param name="Directory">The cluster directory, absolute.</param>
/// <param name="HasHistory">Whether it is a git repository.</param>
internal sealed record ClusterLayout(string Directory, bool HasHistory = true)
{
    /// <summary>The file name of a machine's record.</summary>
    public const string RecordName = "conf.json";

    /// <summary>The file that the first Mayu looks for.</summary>
    public const string ClusterFileName = "cluster.json";

    private const string BatchPrefix = "batch-";

    /// <summary>The file of the pins.</summary>
    public const string PinsName = "pins.json";

    /// <summary>The repository itself.</summary>
    public string GitDirectory => Path.Combine(Directory, ".git");

    /// <summary>Loose objects.</summary>
    public string Objects => Path.Combine(GitDirectory, "objects");

    /// <summary>Ours; beside git's own files, where nothing ever shows in <c>git status</c>.</summary>
    public string Own => HasHistory ? Path.Combine(GitDirectory, "mayu") : Path.Combine(Directory, ".mayu");

    /// <summary>Without a history: the list of what is being put in place.</summary>
    public string Batch => Path.Combine(Own, "batch.json");

    /// <summary>The list of what a commit puts in place; it counts once the branch leads to that commit.</summary>
    public string BatchOf(string commit) => Path.Combine(Stage, $"{BatchPrefix}{commit}.json");

    /// <summary>The commits that have a list, in hex digits.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public string[] BatchCommits() => System.IO.Directory.Exists(Stage)
        ? [.. System.IO.Directory.EnumerateFiles(Stage, BatchOf("*")[(Stage.Length + 1)..]).Select(list => Path.GetFileNameWithoutExtension(list)[BatchPrefix.Length..])]
        : [];

    /// <summary>Files on their way to their place; emptied when the store is opened and what was decided is in place.</summary>
    public string Stage => Path.Combine(Own, "stage");

    /// <summary>Records that could not be read and were replaced by the committed ones.</summary>
    public string Rejected => Path.Combine(Own, "rejected");

    /// <summary>The file that says which cluster it is.</summary>
    public string Identity => Path.Combine(Own, "cluster-id");

    /// <summary>That file of a server that had the same directory open with a history, or without one: the other way than this.</summary>
    public string OtherIdentity => (this with { HasHistory = !HasHistory }).Identity;

    /// <summary>The lock file.</summary>
    public string Lock => Path.Combine(Own, "lock");

    /// <summary>The lock file of a server that has the same directory open with a history, or without one: the other way than this.</summary>
    public string OtherLock => (this with { HasHistory = !HasHistory }).Lock;

    /// <summary>The index's lock, git's.</summary>
    public string IndexLock => Path.Combine(GitDirectory, "index.lock");

    /// <summary>Where something of the repository lies on the disk.</summary>
    public string OnDisk(string path) => Path.Combine(Directory, path);

    /// <summary>The folders that may be a machine's.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IEnumerable<string> Folders() =>
        System.IO.Directory.EnumerateDirectories(Directory).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'));

    /// <summary>The path of a machine's record.</summary>
    public static string RecordPath(string folder) => $"{folder}/{RecordName}";

    /// <summary>The path of a file that Mayu keeps: a record by its folder, or a file of the root.</summary>
    public static string PathOf(string name) => name is PinsName or ClusterFileName ? name : RecordPath(name);
}
