using Mayu.Linux.Files;

namespace Mayu.Linux.Tests;

public sealed class ClosedPathTests : IDisposable
{
    private const UnixFileMode Closed = UnixFileMode.None;
    private const UnixFileMode Open = (UnixFileMode)0x1ED;

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-closed-").FullName;

    public ClosedPathTests()
    {
        File.SetUnixFileMode(_folder, Open);
        Directory.CreateDirectory(Path.Combine(_folder, "a/b"));
        File.WriteAllText(Path.Combine(_folder, "a/b/c"), "");
    }

    public void Dispose()
    {
        File.SetUnixFileMode(Path.Combine(_folder, "a"), Open);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("a/b/c", "a/b/c", "a/b/c")]
    [InlineData("a", "a/b/c", "a")]
    [InlineData("a", "a/b/missing", "a")]
    [InlineData("a/b", "a/b", "a/b")]
    public void What_is_closed_on_the_way_is_named(string closed, string path, string named)
    {
        File.SetUnixFileMode(Path.Combine(_folder, closed), Closed);

        Assert.Equal(Path.Combine(_folder, named), OtherUser.Do(() => ClosedPath.Of(Path.Combine(_folder, path))));
        Assert.StartsWith($"{_folder}/{named} is not readable for the user ", OtherUser.Do(() => ClosedPath.Describe(Path.Combine(_folder, path))), StringComparison.Ordinal);
        File.SetUnixFileMode(Path.Combine(_folder, closed), Open);
    }

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("a/b")]
    [InlineData("a/missing/c")]
    public void What_can_be_read_and_what_is_missing_is_not_closed(string path) =>
        Assert.Null(OtherUser.Do(() => ClosedPath.Of(Path.Combine(_folder, path))));
}
