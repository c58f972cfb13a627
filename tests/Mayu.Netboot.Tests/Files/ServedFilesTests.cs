using System.Text;
using Mayu.Linux.Tests;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tests.Files;

public sealed class ServedFilesTests : IDisposable
{
    private static readonly Ipv4 Client = new(0x0A000007);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-tftp-").FullName;
    private readonly string _root;
    private readonly ServedFiles _files;

    public ServedFilesTests()
    {
        _root = Path.Combine(_folder, "root");
        Directory.CreateDirectory(Path.Combine(_root, "grub"));
        File.WriteAllText(Path.Combine(_folder, "secret"), "secret");
        File.WriteAllText(Path.Combine(_root, "a.efi"), "12345");
        File.WriteAllText(Path.Combine(_root, "grub", "grub.cfg"), "menu");
        File.CreateSymbolicLink(Path.Combine(_root, "out"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), Path.Combine(_folder, "secret"));
        File.CreateSymbolicLink(Path.Combine(_root, "folder-out"), _folder);
        File.CreateSymbolicLink(Path.Combine(_root, "inside"), "grub/grub.cfg");
        File.CreateSymbolicLink(Path.Combine(_root, "self"), "self");
        _files = new ServedFiles(new FolderSource(_root), new LoaderPackages());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.efi", 5)]
    [InlineData("/a.efi", 5)]
    [InlineData("//a.efi", 5)]
    [InlineData("grub/grub.cfg", 4)]
    [InlineData("/grub//grub.cfg", 4)]
    [InlineData("./a.efi", 5)]
    [InlineData("inside", 4)]
    public void Files_below_the_root_are_served(string name, long size)
    {
        Assert.True(TryOpen(name, out var file, out _));
        using (file)
        {
            Assert.Equal(size, file!.Size);
        }
    }

    [Theory]
    [InlineData("../secret", TftpErrorCode.AccessViolation)]
    [InlineData("/../secret", TftpErrorCode.AccessViolation)]
    [InlineData("grub/../../secret", TftpErrorCode.AccessViolation)]
    [InlineData("..", TftpErrorCode.AccessViolation)]
    [InlineData("grub\\grub.cfg", TftpErrorCode.AccessViolation)]
    [InlineData("a.efi\n", TftpErrorCode.AccessViolation)]
    [InlineData("a.efi\u001b", TftpErrorCode.AccessViolation)]
    [InlineData("ä.efi", TftpErrorCode.AccessViolation)]
    [InlineData("out", TftpErrorCode.FileNotFound)]
    [InlineData("absolute", TftpErrorCode.FileNotFound)]
    [InlineData("folder-out/secret", TftpErrorCode.FileNotFound)]
    [InlineData("self", TftpErrorCode.FileNotFound)]
    [InlineData("grub", TftpErrorCode.FileNotFound)]
    [InlineData("/", TftpErrorCode.FileNotFound)]
    [InlineData(".", TftpErrorCode.FileNotFound)]
    [InlineData("nothing", TftpErrorCode.FileNotFound)]
    [InlineData("a.efi/x", TftpErrorCode.FileNotFound)]
    [InlineData("etc/passwd", TftpErrorCode.FileNotFound)]
    [InlineData("/etc/passwd", TftpErrorCode.FileNotFound)]
    [InlineData("%2e%2e/secret", TftpErrorCode.FileNotFound)]
    [InlineData("autoexec.ipxe", TftpErrorCode.FileNotFound)]
    public void Nothing_else_is(string name, TftpErrorCode expected)
    {
        Assert.False(TryOpen(name, out _, out var code));
        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_fifo_holds_nobody_up()
    {
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_root, "fifo")))
        {
            mkfifo.WaitForExit();
        }

        Assert.False(TryOpen("fifo", out _, out var code));
        Assert.Equal(TftpErrorCode.FileNotFound, code);
    }

    [Fact]
    public void A_file_of_the_root_stands_before_the_packages()
    {
        File.WriteAllText(Path.Combine(_root, "ipxe.efi"), "own");

        Assert.True(TryOpen("ipxe.efi", out var file, out _));
        using (file)
        {
            Assert.Equal(3, file!.Size);
        }
    }

    [Fact]
    public void A_file_of_the_root_that_the_server_may_not_read_is_an_error_and_not_the_packages_file()
    {
        File.WriteAllText(Path.Combine(_root, "ipxe.efi"), "own");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(Path.Combine(_root, "ipxe.efi"), UnixFileMode.None);

        var (opened, code, message) = OtherUser.Do(() => (_files.TryOpen("ipxe.efi"u8, Client, out _, out var code, out var message), code, message));
        Assert.False(opened);
        Assert.Equal((TftpErrorCode.AccessViolation, "the server has no permission to read this file"), (code, message));
        Assert.True(OtherUser.Do(() => _files.Has("ipxe.efi")));
    }

    [Fact]
    public void What_is_rendered_stands_before_the_disk_and_never_gets_a_bad_name()
    {
        var rendered = new RenderedFiles();
        var files = new ServedFiles(rendered, new FolderSource(_root));

        Assert.True(files.TryOpen("/a.efi"u8, Client, out var virtualFile, out _, out _));
        Assert.True(files.TryOpen("inside"u8, Client, out var onDisk, out _, out _));
        using (virtualFile)
        using (onDisk)
        {
            Assert.Equal("a.efi of 10.0.0.7\n".Length, virtualFile.Size);
            Assert.Equal(4, onDisk.Size);
        }

        Assert.False(files.TryOpen("../a.efi"u8, Client, out _, out var code, out _));
        Assert.Equal(TftpErrorCode.AccessViolation, code);
        Assert.Equal(["a.efi", "inside"], rendered.Asked);
    }

    [Fact]
    public void A_version_of_a_file_is_open_once_however_many_are_sent_it()
    {
        Assert.True(TryOpen("a.efi", out var first, out _));
        Assert.True(TryOpen("/a.efi", out var again, out _));
        Assert.Equal(1, _files.OpenFiles);
        File.WriteAllText(Path.Combine(_root, "a.efi"), "123456");
        Assert.True(TryOpen("a.efi", out var changed, out _));
        Assert.Equal(2, _files.OpenFiles);

        Assert.Equal((5, 5, 6), (first!.Size, again!.Size, changed!.Size));
        Assert.False(first.IsUnchanged);
        Assert.True(changed.IsUnchanged);
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, _files.OpenFiles);
        again.Dispose();
        changed.Dispose();
        Assert.Equal(0, _files.OpenFiles);
    }

    [Fact]
    public void A_text_in_netascii_has_its_size_on_the_wire_and_a_large_one_is_refused()
    {
        File.WriteAllText(Path.Combine(_root, "text"), "one\ntwo\r\n");
        using (var large = File.OpenWrite(Path.Combine(_root, "large")))
        {
            // A kernel, which is nothing to convert while everybody waits.
            large.SetLength(8 << 20);
        }

        Assert.True(_files.TryOpen("text"u8, Client, out var text, out _, out _, netascii: true));
        Assert.True(_files.TryOpen("text"u8, Client, out var octets, out _, out _));
        Assert.Equal((12, 9), (text.Size, octets.Size));
        Assert.Equal(2, _files.OpenFiles);
        text.Dispose();
        octets.Dispose();

        Assert.False(_files.TryOpen("large"u8, Client, out _, out var code, out var message, netascii: true));
        Assert.Equal((TftpErrorCode.NotDefined, "too large for netascii, use octet mode"), (code, message));
        Assert.True(_files.TryOpen("large"u8, Client, out var whole, out _, out _));
        whole.Dispose();
        Assert.Equal(0, _files.OpenFiles);
    }

    [Fact]
    public void A_root_that_is_not_there_is_named()
    {
        Assert.True(FolderSource.TryCheck(_root, out _));
        Assert.True(FolderSource.TryCheck(null, out _));
        Assert.False(FolderSource.TryCheck("/nowhere/tftp", out var problem));
        Assert.Contains("/nowhere/tftp", problem, StringComparison.Ordinal);
    }

    private bool TryOpen(string name, out ServedFile? file, out TftpErrorCode code) =>
        _files.TryOpen(Encoding.UTF8.GetBytes(name), Client, out file, out code, out _);
}
