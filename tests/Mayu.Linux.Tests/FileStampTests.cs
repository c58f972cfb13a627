using Mayu.Linux.Files;

namespace Mayu.Linux.Tests;

public sealed class FileStampTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-stamp-").FullName;

    [Fact]
    public void A_file_has_the_same_stamp_by_its_name_as_open()
    {
        var path = Path.Combine(_directory, "file");
        File.WriteAllText(path, "text");
        var link = File.CreateSymbolicLink(Path.Combine(_directory, "link"), path).FullName;
        using var file = BoundedFile.OpenRegular(path, out var open);
        foreach (var name in (string[])[path, link])
        {
            Assert.True(FileStamp.TryRead(name, out var named));
            Assert.Equal(open, named);
        }

        File.WriteAllText(path, "another");
        Assert.True(FileStamp.TryRead(path, out var written));
        Assert.NotEqual(open, written);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData(".")]
    public void What_is_no_file_has_none(string name) => Assert.False(FileStamp.TryRead(Path.Combine(_directory, name), out _));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
