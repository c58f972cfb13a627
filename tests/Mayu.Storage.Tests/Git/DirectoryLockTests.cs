using System.Runtime.InteropServices;
using Mayu.Storage.Disk;

namespace Mayu.Storage.Tests.Git;

public sealed partial class DirectoryLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_lock_is_had_once_and_tells_who_has_it()
    {
        var path = _directory.File("lock");
        using var held = DirectoryLock.TryTake(path, out _);
        Assert.NotNull(held);
        Assert.Null(DirectoryLock.TryTake(path, out var holder));
        Assert.Equal($"{Environment.ProcessId}", holder);
    }

    [Fact]
    public void It_is_free_at_once_though_a_child_that_is_being_started_still_has_the_file_open()
    {
        var path = _directory.File("lock");
        var held = DirectoryLock.TryTake(path, out _);
        Assert.NotNull(held);

        // What fork(2) does to every open file, held open for as long as we like.
        var copies = Directory.EnumerateFiles("/proc/self/fd")
            .Where(file => new FileInfo(file).LinkTarget == path)
            .Select(file => Duplicate(int.Parse(Path.GetFileName(file), System.Globalization.CultureInfo.InvariantCulture)))
            .ToList();
        Assert.NotEmpty(copies);
        held.Dispose();
        using var again = DirectoryLock.TryTake(path, out _);
        Assert.NotNull(again);
        copies.ForEach(copy => Assert.Equal(0, Close(copy)));
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
