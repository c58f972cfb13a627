using Mayu.Linux.Files;
using Mayu.Storage.Tests;

namespace Mayu.Linux.Tests;

public sealed class BoundedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    public void A_file_up_to_the_limit_is_read_whole(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        File.WriteAllBytes(_directory.File("f"), bytes);
        Assert.Equal(bytes, BoundedFile.ReadBytes(_directory.File("f"), 100));
    }

    [Fact]
    public void A_longer_one_is_refused_with_its_length()
    {
        File.WriteAllBytes(_directory.File("f"), new byte[101]);
        var refused = Assert.Throws<IOException>(() => BoundedFile.ReadBytes(_directory.File("f"), 100));
        Assert.Contains("it has 101 bytes; at most 100 are allowed", refused.Message, StringComparison.Ordinal);
        Assert.Equal("it has 101 bytes; at most 100 are allowed", BoundedFile.TryReadText(_directory.File("f"), 100, out var text));
        Assert.Equal("", text);
    }

    // Both say that they have no bytes; the one never ends.
    [Fact]
    public void What_a_file_says_of_its_length_is_not_believed()
    {
        Assert.NotEmpty(BoundedFile.ReadText("/proc/self/status", 1 << 20));
        Assert.Contains("more than the 100000 bytes", Assert.Throws<IOException>(() => BoundedFile.ReadBytes("/dev/zero", 100_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        File.WriteAllBytes(_directory.File("f"), [0xEF, 0xBB, 0xBF, (byte)'a']);
        Assert.Equal("a", BoundedFile.ReadText(_directory.File("f"), 100));
    }

    [Fact]
    public void A_text_of_a_person_that_is_no_utf8_is_refused_with_its_line()
    {
        File.WriteAllBytes(_directory.File("f"), [.. "a: b\nc: "u8, 0xE9, (byte)'\n']);
        Assert.Equal("its line 2 is not UTF-8: save it as UTF-8", BoundedFile.TryReadText(_directory.File("f"), 100, out var text));
        Assert.Equal("", text);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_as_such() => Assert.Throws<FileNotFoundException>(() => BoundedFile.ReadText(_directory.File("f"), 1));

    public void Dispose() => _directory.Dispose();
}
