using System.Collections.Immutable;
using System.Text;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>One entry of a git tree.</summary>
/// <param name="Name">File or folder name.</param>
/// <param name="Mode">Octal, as git writes it: <c>40000</c> a folder, <c>100644</c> a file.</param>
/// <param name="Id">The blob or tree.</param>
internal sealed record FolderEntry(string Name, string Mode, ObjectId Id)
{
    public const string FolderMode = "40000";
    public const string FileMode = "100644";

    /// <summary>Git sorts bytewise, a folder as if its name ended in a slash.</summary>
    public byte[] SortKey { get; } = Encoding.UTF8.GetBytes(Mode == FolderMode ? Name + "/" : Name);

    /// <summary>How it stands in the tree's object, before the bytes of its id.</summary>
    public byte[] Prefix { get; } = Encoding.UTF8.GetBytes($"{Mode} {Name}\0");

    /// <summary>The entry as it stands in a tree of LibGit2Sharp.</summary>
    public static FolderEntry Of(TreeEntry entry) => new(entry.Name, Convert.ToString((int)entry.Mode, 8), entry.Target.Id);
}

/// <summary>
/// A folder as git keeps it: sorted and immutable. The root of ten thousand machines is kept so in memory; a batch costs one
/// pass over it, whatever its size, and no look-up in the object database.
/// </summary>
internal sealed class FolderTree
{
    private static readonly Comparer<FolderEntry> GitOrder = Comparer<FolderEntry>.Create(
        static (a, b) => a.SortKey.AsSpan().SequenceCompareTo(b.SortKey));

    private const int ObjectIdBytes = 20;

    private readonly FolderEntry[] _entries;

    // The object's bytes, and where in them each entry's id stands.
    private byte[]? _raw;
    private int[]? _ids;

    private FolderTree(FolderEntry[] entries) => _entries = entries;

    /// <summary>A folder with nothing in it.</summary>
    public static FolderTree Empty { get; } = new([]);

    /// <summary>The entries, in git's order.</summary>
    public IReadOnlyList<FolderEntry> Entries => _entries;

    /// <summary>The entry of a name.</summary>
    public FolderEntry? Find(string name) => Array.Find(_entries, e => e.Name == name);

    /// <summary>How many bytes its object has.</summary>
    public int Size => _entries.Sum(e => e.Prefix.Length + ObjectIdBytes);

    /// <summary>The folders in it that are in the other one not, or not the same, and the other way round.</summary>
    public IEnumerable<string> FoldersThatDiffer(FolderTree other) =>
        ReferenceEquals(this, other) ? [] : Folders().Except(other.Folders()).Concat(other.Folders().Except(Folders())).Select(e => e.Name).Distinct(StringComparer.Ordinal);

    /// <summary>A folder of these entries, whose names differ.</summary>
    public static FolderTree Of(IEnumerable<FolderEntry> entries) => new([.. entries.Order(GitOrder)]);

    /// <summary>The folder in which these entries stand in the place of those of the same name; null takes one away.</summary>
    public FolderTree With(IReadOnlyDictionary<string, FolderEntry?> changed)
    {
        var places = new List<(int Index, FolderEntry Entry)>(changed.Count);
        foreach (var entry in changed.Values)
        {
            if (entry is null || Array.BinarySearch(_entries, entry, GitOrder) is not (>= 0 and var index) || _entries[index].Mode != entry.Mode)
            {
                // The order stays unless names come or go: sorting ten thousand at each commit would cost more than all the rest.
                return Of(_entries.Where(e => !changed.ContainsKey(e.Name)).Concat(changed.Values.OfType<FolderEntry>()));
            }

            places.Add((index, entry));
        }

        // Of ten thousand entries a few ids change: the bytes are copied and patched, and hashed once.
        var (raw, ids) = Bytes();
        var next = new FolderTree((FolderEntry[])_entries.Clone()) { _raw = (byte[])raw.Clone(), _ids = ids };
        foreach (var (index, entry) in places)
        {
            next._entries[index] = entry;
            entry.Id.RawId.CopyTo(next._raw.AsSpan(ids[index]));
        }

        return next;
    }

    private IEnumerable<(string Name, ObjectId Id)> Folders() => _entries.Where(e => e.Mode == FolderEntry.FolderMode).Select(e => (e.Name, e.Id));

    /// <summary>Its object.</summary>
    public GitObject ToObject() => GitObject.OfRaw(Bytes().Raw);

    /// <summary>A machine's folder: its record, if it has one, and what hands laid beside it.</summary>
    public static FolderTree OfMachine(ObjectId? record, ImmutableArray<FolderEntry> others) =>
        Of(record is null ? others : others.Append(new FolderEntry(ClusterLayout.RecordName, FolderEntry.FileMode, record)));

    private (byte[] Raw, int[] Ids) Bytes()
    {
        if (_raw is { } raw && _ids is { } ids)
        {
            return (raw, ids);
        }

        var header = GitObject.Header("tree", Size);
        raw = new byte[header.Length + Size];
        ids = new int[_entries.Length];
        header.CopyTo(raw, 0);
        var at = header.Length;
        for (var i = 0; i < _entries.Length; i++)
        {
            _entries[i].Prefix.CopyTo(raw, at);
            ids[i] = at + _entries[i].Prefix.Length;
            _entries[i].Id.RawId.CopyTo(raw, ids[i]);
            at = ids[i] + ObjectIdBytes;
        }

        (_raw, _ids) = (raw, ids);
        return (raw, ids);
    }
}
