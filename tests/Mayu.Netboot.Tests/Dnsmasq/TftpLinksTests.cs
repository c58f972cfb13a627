
using Mayu.Netboot.Dnsmasq;

namespace Mayu.Netboot.Tests.Dnsmasq;

public sealed class TftpLinksTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;

    [Fact]
    public void What_comes_into_the_root_is_served_and_what_leaves_it_is_not()
    {
        var root = Directory.CreateDirectory(Path.Combine(_directory, "root")).FullName;
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "links")).FullName;
        var links = new TftpLinks(folder, root, ["mine.efi", "sub/other.efi"]);
        Change(root, () => File.WriteAllText(Path.Combine(root, "mine.efi"), "mine"), 1);
        links.Refresh();
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine.efi")));

        Change(root, () =>
        {
            File.Delete(Path.Combine(root, "mine.efi"));
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(root, "sub")).FullName, "other.efi"), "other");
        }, 2);
        links.Refresh();

        Assert.Equal(["sub"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        Assert.Equal("other", File.ReadAllText(Path.Combine(folder, "sub", "other.efi")));
    }

    [Fact]
    public void A_link_that_leads_elsewhere_is_made_again_and_one_that_is_right_is_left()
    {
        var root = Directory.CreateDirectory(Path.Combine(_directory, "root")).FullName;
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "links")).FullName;
        File.WriteAllText(Path.Combine(root, "mine.efi"), "mine");
        File.WriteAllText(Path.Combine(root, "other.efi"), "other");
        File.CreateSymbolicLink(Path.Combine(folder, "mine.efi"), "/nowhere");
        File.CreateSymbolicLink(Path.Combine(folder, "gone.efi"), "/nowhere");
        var links = new TftpLinks(folder, root, []);

        links.Refresh();

        Assert.Equal(["mine.efi", "other.efi"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine.efi")));

        // Whoever took a link away gets it back, though the root did not change.
        Change(folder, () => File.Delete(Path.Combine(folder, "other.efi")), 3);
        links.Refresh();
        Assert.Equal("other", File.ReadAllText(Path.Combine(folder, "other.efi")));
    }

    [Fact]
    public void A_root_that_is_gone_serves_nothing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "mine.efi"), "/nowhere");

        new TftpLinks(folder, Path.Combine(_directory, "root"), []).Refresh();

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void A_file_in_the_folder_that_is_no_link_is_left_alone()
    {
        var file = Path.Combine(_directory, "keep");
        File.WriteAllText(file, "");

        new TftpLinks(_directory, null, []).Refresh();

        Assert.True(File.Exists(file));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // The clock of a file system may be coarse: the time that tells of the change is set.
    private static void Change(string folder, Action change, int when)
    {
        change();
        Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch.AddDays(when));
    }
}
