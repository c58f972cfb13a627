using Mayu.Core.Butane;
using Mayu.Server.Files;

namespace Mayu.Server.Tests.Files;

public sealed class FilesFolderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-files-").FullName;
    private readonly FilesFolder _folder;

    public FilesFolderTests()
    {
        _folder = new FilesFolder(Path.Combine(_directory, "files"));
        Write("motd", "hello");
        Write("etc/app/config", "a=1");
        Write("../secret", "secret");
    }

    [Fact]
    public void A_file_is_read_and_read_again_once_it_has_changed()
    {
        Assert.Equal("hello"u8.ToArray(), _folder.Read("motd"));
        Assert.Equal("a=1"u8.ToArray(), _folder.Read("etc/app/config"));
        Write("motd", "other");
        Assert.Equal("other"u8.ToArray(), _folder.Read("motd"));
    }

    // The same bytes come back, so that nothing is read for a machine but the stamp.
    [Fact]
    public void A_file_that_has_not_changed_for_a_while_is_kept() =>
        Assert.True(SpinWait.SpinUntil(() => _folder.Read("motd").Equals(_folder.Read("motd")), TimeSpan.FromSeconds(30)));

    [Theory]
    [InlineData("../secret", "the path must be relative to files_dir")]
    [InlineData("etc/../motd", "the path must be relative to files_dir")]
    [InlineData("./motd", "the path must be relative to files_dir")]
    [InlineData("/etc/passwd", "the path must be relative to files_dir")]
    [InlineData("etc//app", "the path must be relative to files_dir")]
    [InlineData("motd/", "the path must be relative to files_dir")]
    [InlineData("a\0b", "the path must be relative to files_dir")]
    [InlineData("", "the path must be relative to files_dir")]
    [InlineData("nowhere", "there is no such file in ")]
    [InlineData("etc", "it is a folder, or another thing that is no regular file, in ")]
    [InlineData("pipe", "it is a folder, or another thing that is no regular file, in ")]
    [InlineData("out", "it is a link that leads out of it")]
    [InlineData("outer/secret", "it is a link that leads out of it")]
    [InlineData("absolute", "it is a link that leads out of it")]
    public void Nothing_is_read_but_files_of_the_folder(string path, string expected)
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", [At("pipe")]))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(At("out"), "../secret");
        File.CreateSymbolicLink(At("outer"), "..");
        File.CreateSymbolicLink(At("absolute"), "/etc/passwd");
        Assert.Contains(expected, Assert.Throws<EmbeddedFileException>(() => _folder.Read(path)).Message, StringComparison.Ordinal);
    }

    // A folder that Kubernetes mounts is made of such links.
    [Fact]
    public void A_link_inside_the_folder_is_followed()
    {
        Directory.CreateSymbolicLink(At("now"), "etc/app");
        Assert.Equal("a=1"u8.ToArray(), _folder.Read("now/config"));
    }

    [Fact]
    public void A_file_has_at_most_a_mebibyte()
    {
        Write("large", new string('x', 1024 * 1024));
        Assert.Equal(1024 * 1024, _folder.Read("large").Length);
        Write("large", new string('x', (1024 * 1024) + 1));
        Assert.Contains("it has more than the 1048576 bytes", Assert.Throws<EmbeddedFileException>(() => _folder.Read("large")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_listed_with_links_and_executable_files()
    {
        Write("etc/run.sh", "#!/bin/sh");
        File.SetUnixFileMode(At("etc/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(At("etc/localtime"), "/usr/share/zoneinfo/UTC");
        Directory.CreateSymbolicLink(At("etc/up"), "..");
        Assert.Equal(
            [new EmbeddedFile("app/config"), new EmbeddedFile("localtime", Target: "/usr/share/zoneinfo/UTC"), new EmbeddedFile("run.sh", IsExecutable: true), new EmbeddedFile("up", Target: "..")],
            _folder.Below("etc"));
        Assert.Equal([new EmbeddedFile("config")], _folder.Below("etc/app"));
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder in ")]
    [InlineData("motd", "there is no such folder in ")]
    [InlineData("linked", "links to folders are not followed")]
    [InlineData("linked/app", "links to folders are not followed")]
    [InlineData("..", "the path must be relative to files_dir")]
    [InlineData("deep", "its folders are more than 32 deep")]
    public void Nothing_is_listed_but_folders_of_the_folder(string path, string expected)
    {
        Directory.CreateSymbolicLink(At("linked"), "etc");
        Directory.CreateDirectory(At("deep/" + string.Join('/', Enumerable.Repeat("d", 33))));
        Assert.Contains(expected, Assert.Throws<EmbeddedFileException>(() => _folder.Below(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_configured_has_nothing() =>
        Assert.Contains("set files_dir", Assert.Throws<EmbeddedFileException>(() => FilesFolder.Of(null).Read("motd")).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string At(string path) => Path.Combine(_directory, "files", path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
