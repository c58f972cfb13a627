using LibGit2Sharp;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Tests.Git;

public class FolderTreeTests
{
    // Names whose order differs between files and folders, between bytes and UTF-16, and prefixes of each other.
    private static readonly string[] Names =
        ["a", "a-b", "a.b", "a0", "ab", "b", "pins.json", "cluster.json", "ü", "\U0001F600", "\ufb01", .. Enumerable.Range(0, 40).Select(i => $"machine-{i:00}")];

    [Fact]
    public void A_folder_that_is_changed_step_by_step_is_the_one_that_is_put_together_at_once()
    {
        var random = new Random(20260304);
        var expected = new Dictionary<string, FolderEntry>(StringComparer.Ordinal);
        var (tree, spare) = (FolderTree.Empty, (FolderTree?)null);
        for (var step = 0; step < 2000; step++)
        {
            var changes = Changes(random, expected, onlyIds: step % 3 != 0);
            foreach (var (name, entry) in changes)
            {
                if (entry is null)
                {
                    expected.Remove(name);
                }
                else
                {
                    expected[name] = entry;
                }
            }

            var former = tree.ToObject().Id;
            var next = tree.With(changes, spare);
            Assert.Equal(former, tree.ToObject().Id);
            (tree, spare) = (next, tree);
            Assert.Equal(FolderTree.Of(expected.Values).ToObject().Id, tree.ToObject().Id);
            Assert.Equal(expected.Count, tree.Count);
        }
    }

    [Fact]
    public void The_bytes_of_a_folder_make_the_same_folder_again()
    {
        var tree = FolderTree.Of(Names.Select((name, i) => Entry(name, i, i % 2 == 0)));
        var again = FolderTree.OfRaw(tree.ToObject().Raw);
        Assert.Equal(tree.Entries, again.Entries);
        Assert.Empty(tree.FoldersThatDiffer(again));
    }

    [Fact]
    public void Bytes_that_are_not_as_git_writes_them_are_no_folder()
    {
        var raw = FolderTree.Of([Entry("a", 1, true), Entry("b", 2, true)]).ToObject().Raw;
        var first = raw.AsSpan().IndexOf((byte)0) + 1;
        var half = (raw.Length - first) / 2;
        Assert.Throws<FormatException>(() => FolderTree.OfRaw(raw[..^1]));
        Assert.Throws<FormatException>(() => FolderTree.OfRaw([.. raw[..first], .. raw[(first + half)..], .. raw[first..(first + half)]]));
    }

    [Fact]
    public void Only_a_folder_with_a_record_and_nothing_else_is_taken_for_one()
    {
        var record = new ContentId(Id(7).RawId);
        Assert.True(FolderTree.IsOnlyRecord(FolderTree.OfMachine(record, []).ToObject().Id, record));
        Assert.False(FolderTree.IsOnlyRecord(FolderTree.OfMachine(record, [Entry("notes", 8, false)]).ToObject().Id, record));
        Assert.False(FolderTree.IsOnlyRecord(FolderTree.OfMachine(new ContentId(Id(8).RawId), []).ToObject().Id, record));
    }

    private static Dictionary<string, FolderEntry?> Changes(Random random, Dictionary<string, FolderEntry> known, bool onlyIds)
    {
        var changes = new Dictionary<string, FolderEntry?>(StringComparer.Ordinal);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var name = Names[random.Next(Names.Length)];
            if (onlyIds)
            {
                if (known.TryGetValue(name, out var entry))
                {
                    changes[name] = entry with { Id = Id(random.Next()) };
                }
            }
            else
            {
                changes[name] = random.Next(3) == 0 ? null : Entry(name, random.Next(), random.Next(2) == 0);
            }
        }

        return changes;
    }

    private static FolderEntry Entry(string name, int id, bool isFolder) => new(name, isFolder ? FolderEntry.FolderMode : FolderEntry.FileMode, Id(id));

    private static ObjectId Id(int number) => new([.. new byte[16], .. BitConverter.GetBytes(number)]);
}
