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
        var next = (FolderEntry[])_entries.Clone();
        var replaced = 0;
        for (var i = 0; i < next.Length; i++)
        {
            if (changed.TryGetValue(next[i].Name, out var entry) && entry?.Mode == next[i].Mode)
            {
                next[i] = entry;
                replaced++;
            }
        }

        // The order stays unless names come or go: sorting ten thousand at each commit would cost more than all the rest.
        return replaced == changed.Count
            ? new FolderTree(next)
            : Of(_entries.Where(e => !changed.ContainsKey(e.Name)).Concat(changed.Values.OfType<FolderEntry>()));
    }

    private IEnumerable<(string Name, ObjectId Id)> Folders() => _entries.Where(e => e.Mode == FolderEntry.FolderMode).Select(e => (e.Name, e.Id));

    /// <summary>Its object.</summary>
    public GitObject ToObject()
    {
        var content = new byte[_entries.Sum(e => e.Prefix.Length + e.Id.RawId.Length)];
        var rest = content.AsSpan();
        foreach (var entry in _entries)
        {
            entry.Prefix.CopyTo(rest);
            entry.Id.RawId.CopyTo(rest[entry.Prefix.Length..]);
            rest = rest[(entry.Prefix.Length + entry.Id.RawId.Length)..];
        }

        return GitObject.Tree(content);
    }

    /// <summary>A machine's folder: its record, if it has one, and what hands laid beside it.</summary>
    public static FolderTree OfMachine(ObjectId? record, ImmutableArray<FolderEntry> others) =>
        Of(record is null ? others : others.Append(new FolderEntry(ClusterLayout.RecordName, FolderEntry.FileMode, record)));
}
