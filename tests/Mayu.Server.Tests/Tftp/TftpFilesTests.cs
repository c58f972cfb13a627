using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Protocols.Tftp;
using Mayu.Server.Tftp;

namespace Mayu.Server.Tests.Tftp;

public sealed class TftpFilesTests : IDisposable
{
    private static readonly Ipv4 Client = new(0x0A000007);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-tftp-").FullName;
    private readonly string _root;
    private readonly TftpFiles _files;

    public TftpFilesTests()
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
        _files = new TftpFiles(_root);
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
    public void What_is_rendered_stands_before_the_disk_and_knows_who_asks()
    {
        var files = new TftpFiles(_root, new Rendered());

        Assert.True(files.TryOpen("/a.efi"u8, Client, out var rendered, out _, out _));
        Assert.True(files.TryOpen("inside"u8, Client, out var onDisk, out _, out _));
        using (rendered)
        using (onDisk)
        {
            var bytes = new byte[rendered.Size];
            Assert.True(rendered.TryRead(bytes, 0));
            Assert.Equal("a.efi of 10.0.0.7", Encoding.ASCII.GetString(bytes));
            Assert.Equal(4, onDisk.Size);
        }

        Assert.False(files.TryOpen("../a.efi"u8, Client, out _, out var code, out _));
        Assert.Equal(TftpErrorCode.AccessViolation, code);
    }

    [Fact]
    public void A_root_that_is_not_there_is_named()
    {
        Assert.True(_files.TryCheck(out _));
        Assert.True(new TftpFiles(null).TryCheck(out _));
        Assert.False(new TftpFiles("/nowhere/tftp").TryCheck(out var problem));
        Assert.Contains("/nowhere/tftp", problem, StringComparison.Ordinal);
    }

    private bool TryOpen(string name, out TftpFile? file, out TftpErrorCode code) =>
        _files.TryOpen(Encoding.UTF8.GetBytes(name), Client, out file, out code, out _);

    private sealed class Rendered : IVirtualFiles
    {
        public bool TryRender(string name, Ipv4 client, [NotNullWhen(true)] out byte[]? content)
        {
            content = name == "a.efi" ? Encoding.ASCII.GetBytes($"{name} of {client}") : null;
            return content is not null;
        }
    }
}
