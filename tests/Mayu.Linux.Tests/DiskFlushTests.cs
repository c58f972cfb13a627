using Mayu.Linux.Files;
using Mayu.Storage.Tests;

namespace Mayu.Linux.Tests;

public sealed class DiskFlushTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_folder_that_git_packed_away_meanwhile_needs_no_flush_and_any_other_trouble_is_told()
    {
        DiskFlush.FlushFolderIfThere(_directory.File("gone"));
        Assert.Throws<IOException>(() => DiskFlush.FlushFolder(_directory.File("gone")));
        File.WriteAllText(_directory.File("file"), "");
        Assert.Throws<IOException>(() => DiskFlush.FlushFolderIfThere(_directory.File("file", "beneath")));
    }
}
