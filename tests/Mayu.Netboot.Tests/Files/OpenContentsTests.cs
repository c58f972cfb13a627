using Mayu.Netboot.Files;

namespace Mayu.Netboot.Tests.Files;

/// <summary>What is being sent: by handle or mapping as octets, converted as netascii.</summary>
public sealed class OpenContentsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly OpenContents _contents = new();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public unsafe void A_file_is_read_from_any_place_and_mapped_as_it_is()
    {
        var bytes = Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7)).ToArray();
        File.WriteAllBytes(_path, bytes);
        using var file = Open()!;

        Assert.Equal(("x", 10_000L), (file.Name, file.Size));
        var part = new byte[500];
        Assert.True(file.TryRead(part, 1234));
        Assert.Equal(bytes[1234..1734], part);
        Assert.True(file.TryRead(part, 9500));
        Assert.Equal(bytes[9500..], part);
        Assert.True(file.TryRead([], 10_000));
        Assert.True(new ReadOnlySpan<byte>(file.Start, (int)file.Size).SequenceEqual(bytes));
    }

    [Fact]
    public void A_file_that_became_shorter_is_not_read_to_its_end_and_is_changed()
    {
        File.WriteAllBytes(_path, new byte[1000]);
        using var file = Open()!;
        Assert.True(file.IsUnchanged);

        // With FileShare.None it could fail: a child that another test starts has this file's lock from its fork to its exec.
        using (var shorter = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            shorter.SetLength(400);
        }

        Assert.True(file.TryRead(new byte[100], 300));
        Assert.False(file.TryRead(new byte[100], 350));
        Assert.False(file.TryRead(new byte[100], 500));
        Assert.False(file.IsUnchanged);
    }

    [Fact]
    public void Bytes_in_memory_are_read_from_any_place_and_never_change()
    {
        using var file = ServedFile.InMemory("x", [1, 2, 3, 4, 5]);

        var part = new byte[2];
        Assert.True(file.TryRead(part, 2));
        Assert.Equal([3, 4], part);
        Assert.True(file.IsUnchanged);
        Assert.Null(file.Stamp);
    }

    [Fact]
    public unsafe void A_file_that_was_given_back_is_given_back_once_and_no_longer_sent()
    {
        File.WriteAllText(_path, "x");
        var (one, other) = (Open()!, Open()!);
        Assert.Equal(1, _contents.Count);
        one.Dispose();
        one.Dispose();

        Assert.Equal(1, _contents.Count);
        Assert.Throws<ObjectDisposedException>(() => new nint(one.Start));
        Assert.True(other.TryRead(new byte[1], 0));
        other.Dispose();
        Assert.Equal(0, _contents.Count);
    }

    [Fact]
    public void Octets_and_netascii_of_one_file_are_two_contents()
    {
        File.WriteAllText(_path, "a\nb\rc");
        using var octets = Open()!;
        using var text = Open(netascii: true)!;

        Assert.Equal((5, 7, 2), (octets.Size, text.Size, _contents.Count));
        var converted = new byte[7];
        Assert.True(text.TryRead(converted, 0));
        Assert.Equal("a\r\nb\r\0c"u8, converted);
    }

    [Theory]
    [InlineData(OpenContents.LongestText, null)]
    [InlineData(OpenContents.LongestText + 1, "too large for netascii, use octet mode")]
    public void A_text_has_a_longest_length_and_octets_have_none(int length, string? problem)
    {
        File.WriteAllBytes(_path, new byte[length]);

        Assert.Equal(problem, ProblemOf(netascii: true));
        Assert.Null(ProblemOf(netascii: false));
    }

    // Of a line end alone it makes two bytes: 4 MiB a text, for which there are 128.
    [Fact]
    public void Texts_have_a_room_together_which_those_that_were_sent_give_back()
    {
        var held = new List<ServedFile>();
        var longest = new byte[OpenContents.LongestText];
        longest.AsSpan().Fill((byte)'\n');
        for (var i = 0; i < 32; i++)
        {
            File.Delete(_path);
            File.WriteAllBytes(_path, longest);
            held.Add(Open(netascii: true)!);
        }

        // The same version again takes no more.
        Assert.Null(ProblemOf(netascii: true));
        File.Delete(_path);
        File.WriteAllBytes(_path, longest);
        Assert.Equal("too many netascii transfers, try again later", ProblemOf(netascii: true));
        Assert.Null(ProblemOf(netascii: false));

        held[0].Dispose();
        Assert.Null(ProblemOf(netascii: true));
        held.ForEach(file => file.Dispose());
        Assert.Equal(0, _contents.Count);
    }

    [Fact]
    public void An_empty_file_is_one()
    {
        foreach (var netascii in new[] { false, true })
        {
            using var file = Open(netascii)!;
            Assert.Equal(0, file.Size);
        }

        Assert.Equal(0, _contents.Count);
    }

    private ServedFile? Open(bool netascii = false) => _contents.TryOpen("x", File.OpenHandle(_path, share: FileShare.ReadWrite), netascii, out var file, out _) ? file : null;

    private string? ProblemOf(bool netascii)
    {
        _contents.TryOpen("x", File.OpenHandle(_path, share: FileShare.ReadWrite), netascii, out var file, out var problem);
        file?.Dispose();
        return problem;
    }
}
