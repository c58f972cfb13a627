using System.Collections.Immutable;
using System.Text;
using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>
/// A folder as git keeps it, sorted: the bytes of its object, and where in them each entry begins. The root of ten thousand machines is
/// kept so in memory; a batch copies and patches the bytes, hashes them once, and asks nothing of the object database.
/// </summary>
internal sealed class FolderTree
{
    private const int IdBytes = 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly byte[] OnlyRecord = OfMachine(default(ContentId), [])._raw[..^IdBytes];

    // Header and content.
    private readonly byte[] _raw;

    // One more than there are entries: the last is the end.
    private readonly int[] _starts;

    private FolderTree(byte[] raw, int[] starts) => (_raw, _starts) = (raw, starts);

    /// <summary>A folder with nothing in it.</summary>
    public static FolderTree Empty { get; } = Of([]);

    /// <summary>The entries, in git's order.</summary>
    public IEnumerable<FolderEntry> Entries => Enumerable.Range(0, Count).Select(At);

    /// <summary>How many entries there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>How many bytes its object has.</summary>
    public int Size => _raw.Length - _starts[0];

    /// <summary>Its object. Its bytes are this tree's own.</summary>
    public GitObject ToObject() => GitObject.OfRaw(_raw);

    /// <summary>A folder of these entries, whose names differ.</summary>
    public static FolderTree Of(IEnumerable<FolderEntry> entries) =>
        Join([.. entries.Select(e => (ReadOnlyMemory<byte>)BytesOf(e)).Order(Comparer<ReadOnlyMemory<byte>>.Create(static (a, b) => Compare(a.Span, b.Span)))]);

    /// <summary>A machine's folder: its record, if it has one, and what somebody laid beside it.</summary>
    public static FolderTree OfMachine(ContentId? record, ImmutableArray<FolderEntry> others) =>
        Of(record is { } id ? others.Append(new FolderEntry(ClusterLayout.RecordName, FolderEntry.FileMode, GitLibrary.IdOf(id))) : others);

    /// <summary>Whether a folder with this name has nothing in it but a record with this one. Costs no object of its own.</summary>
    public static bool IsOnlyRecord(ObjectId folder, ContentId record)
    {
        Span<byte> raw = stackalloc byte[OnlyRecord.Length + IdBytes];
        OnlyRecord.CopyTo(raw);
        record.CopyTo(raw[OnlyRecord.Length..]);
        return GitObject.HashOf(raw).AsSpan().SequenceEqual(folder.RawId);
    }

    /// <summary>The folder whose object has these bytes.</summary>
    /// <param name="raw">Header and content.</param>
    /// <exception cref="FormatException">They are no tree as git writes it.</exception>
    /// <exception cref="DecoderFallbackException">A name in it is not UTF-8: it would not come back as it was.</exception>
    public static FolderTree OfRaw(byte[] raw)
    {
        var starts = new List<int>();
        var at = raw.AsSpan().IndexOf((byte)0) + 1;
        for (var end = at; end < raw.Length; end += IdBytes)
        {
            starts.Add(end);
            var name = raw.AsSpan(end).IndexOf((byte)' ') + 1;
            var length = raw.AsSpan(end + name).IndexOf((byte)0);
            if (name == 0 || length <= 0 || raw[end] == (byte)'0' || end + name + length + 1 + IdBytes > raw.Length)
            {
                throw new FormatException("it is not in git's format");
            }

            _ = StrictUtf8.GetCharCount(raw, end + name, length);
            end += name + length + 1;
        }

        var tree = new FolderTree(raw, [.. starts, raw.Length]);
        return Enumerable.Range(1, Math.Max(0, tree.Count - 1)).All(i => Compare(tree.Bytes(i - 1), tree.Bytes(i)) < 0)
            ? tree
            : throw new FormatException("it is not in git's order");
    }

    /// <summary>The folders in it that are in the other one not, or not the same, and the other way round.</summary>
    public IEnumerable<string> FoldersThatDiffer(FolderTree other) =>
        ReferenceEquals(this, other) ? [] : Folders().Except(other.Folders()).Concat(other.Folders().Except(Folders())).Select(e => e.Name).Distinct(StringComparer.Ordinal);

    /// <summary>The folder in which these entries stand in the place of those of the same name; null takes one away.</summary>
    /// <param name="changed">The entries, by name.</param>
    /// <param name="spare">A folder that nobody will look at any more: its bytes may be overwritten.</param>
    public FolderTree With(IReadOnlyDictionary<string, FolderEntry?> changed, FolderTree? spare = null)
    {
        var places = changed.Keys.Select(Place).ToList();
        var entries = changed.Values.Select(e => e is null ? [] : BytesOf(e)).ToList();
        return places.Zip(entries).All(p => p.First >= 0 && p.Second.Length > IdBytes && Bytes(p.First)[..^IdBytes].SequenceEqual(p.Second.AsSpan(..^IdBytes)))
            ? Patched(places, entries, spare)
            : Merged(places, entries);
    }

    // Of ten thousand entries a few ids change. New bytes each time would be collected with the whole heap, tens of milliseconds.
    private FolderTree Patched(List<int> places, List<byte[]> entries, FolderTree? spare)
    {
        var raw = spare is not null && !ReferenceEquals(spare, this) && spare._raw.Length == _raw.Length ? spare._raw : new byte[_raw.Length];
        _raw.CopyTo(raw, 0);
        foreach (var (place, entry) in places.Zip(entries))
        {
            entry.CopyTo(raw, _starts[place]);
        }

        return new FolderTree(raw, _starts);
    }

    private FolderTree Merged(List<int> places, List<byte[]> entries)
    {
        var gone = places.Where(p => p >= 0).ToHashSet();
        var added = entries.Where(e => e.Length > 0).Order(Comparer<byte[]>.Create(static (a, b) => Compare(a, b))).ToList();
        var all = new List<ReadOnlyMemory<byte>>(Count + added.Count);
        var next = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!gone.Contains(i))
            {
                for (; next < added.Count && Compare(added[next], Bytes(i)) < 0; next++)
                {
                    all.Add(added[next]);
                }

                all.Add(_raw.AsMemory(_starts[i].._starts[i + 1]));
            }
        }

        return Join([.. all, .. added.Skip(next).Select(e => (ReadOnlyMemory<byte>)e)]);
    }

    private static FolderTree Join(ReadOnlyMemory<byte>[] entries)
    {
        var size = entries.Sum(e => e.Length);
        var header = GitObject.Header("tree", size);
        var raw = new byte[header.Length + size];
        var starts = new int[entries.Length + 1];
        header.CopyTo(raw, 0);
        var at = header.Length;
        for (var i = 0; i < entries.Length; i++)
        {
            starts[i] = at;
            entries[i].CopyTo(raw.AsMemory(at));
            at += entries[i].Length;
        }

        starts[^1] = at;
        return new FolderTree(raw, starts);
    }

    private FolderEntry At(int place)
    {
        var bytes = Bytes(place);
        var name = bytes.IndexOf((byte)' ') + 1;
        return new FolderEntry(
            Encoding.UTF8.GetString(bytes[name..^(IdBytes + 1)]), Encoding.ASCII.GetString(bytes[..(name - 1)]), new ObjectId(bytes[^IdBytes..].ToArray()));
    }

    private ReadOnlySpan<byte> Bytes(int place) => _raw.AsSpan(_starts[place].._starts[place + 1]);

    // A file and a folder of one name have different places in the order.
    private int Place(string name)
    {
        var file = Search(BytesOf(name, FolderEntry.FileMode));
        return file >= 0 ? file : Search(BytesOf(name, FolderEntry.FolderMode));
    }

    private int Search(ReadOnlySpan<byte> wanted)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Compare(Bytes(middle), wanted);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    // Git sorts bytewise, a folder as if its name ended in a slash.
    private static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var first = NameIn(a);
        var second = NameIn(b);
        var common = Math.Min(first.Length, second.Length);
        var order = first[..common].SequenceCompareTo(second[..common]);
        return order != 0 ? order : End(a, first, common) - End(b, second, common);
    }

    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> entry) => entry[(entry.IndexOf((byte)' ') + 1)..^(IdBytes + 1)];

    // What follows the common part: the next byte, a folder's slash, or nothing.
    private static int End(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, int common) =>
        name.Length > common ? name[common] : entry[0] == (byte)FolderEntry.FolderMode[0] ? '/' : -1;

    private static byte[] BytesOf(FolderEntry entry)
    {
        var bytes = BytesOf(entry.Name, entry.Mode);
        entry.Id.RawId.CopyTo(bytes, bytes.Length - IdBytes);
        return bytes;
    }

    private static byte[] BytesOf(string name, string mode) => [.. Encoding.UTF8.GetBytes($"{mode} {name}\0"), .. new byte[IdBytes]];

    private IEnumerable<(string Name, ObjectId Id)> Folders() => Entries.Where(e => e.Mode == FolderEntry.FolderMode).Select(e => (e.Name, e.Id));
}
