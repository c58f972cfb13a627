using System.Diagnostics;
using Mayu.Core.Provisioning;
using Mayu.Server.Files;

namespace Mayu.Server.Tests.Files;

public sealed class TemplateFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("mayu-templates-").FullName;

    [Fact]
    public void A_template_has_at_most_a_mebibyte()
    {
        File.WriteAllText(At("large.txt"), new string('x', TemplateLibrary.MaxBytes));
        Assert.Equal(TemplateLibrary.MaxBytes, new TemplateFolder(_path).Find("large.txt")!.Text.Length);

        File.AppendAllText(At("large.txt"), "x");
        Assert.Contains("at most 1048576 are allowed", Problem("large.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_counts_at_once_whatever_time_and_length_it_has()
    {
        var folder = new TemplateFolder(_path);
        for (var number = 0; number < 100; number++)
        {
            File.WriteAllText(At("a.txt"), $"{number:D3}");
            File.SetLastWriteTimeUtc(At("a.txt"), DateTime.UnixEpoch);
            Assert.Equal($"{number:D3}", folder.Find("a.txt")!.Text);
        }
    }

    // Configs are kept as long as their templates are the same objects.
    [Fact]
    public void One_that_was_not_touched_or_was_written_again_with_the_same_text_is_the_same()
    {
        var folder = new TemplateFolder(_path);
        File.WriteAllText(At("a.txt"), "a");
        var first = folder.Find("a.txt");
        Assert.Same(first, folder.Find("a.txt"));
        File.WriteAllText(At("a.txt"), "a");
        Assert.Same(first, folder.Find("a.txt"));
    }

    // Opened as a file is, a pipe would hold the request until somebody writes.
    [Fact]
    public void What_is_no_file_is_an_error_and_holds_nobody()
    {
        using (var made = Process.Start("mkfifo", At("pipe.txt")))
        {
            made.WaitForExit();
        }

        Directory.CreateDirectory(At("folder.txt"));
        File.CreateSymbolicLink(At("device.txt"), "/dev/zero");
        foreach (var name in (string[])["pipe.txt", "folder.txt", "device.txt"])
        {
            Assert.Equal($"template {At(name)}: it is not a regular file", Problem(name));
        }
    }

    [Fact]
    public void One_that_is_not_there_is_none()
    {
        File.WriteAllText(At("a.txt"), "a");
        Assert.Null(new TemplateFolder(_path).Find("b.txt"));
        Assert.Null(new TemplateFolder(_path).Find("a.txt/b.txt"));
        Assert.Null(new TemplateFolder(At("none")).Find("a.txt"));
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private string At(string name) => Path.Combine(_path, name);

    private string Problem(string name) => Assert.Throws<TemplateException>(() => new TemplateFolder(_path).Find(name)).Message;
}
