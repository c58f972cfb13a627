using Mayu.Netboot.Leases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Hostile.Tests;

/// <summary>Other users of the host: what they can read, and what they can take away.</summary>
public sealed class PrivateFilesTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_that_a_server_writes_can_be_read_by_others(bool hasHistory)
    {
        using var place = new WholeServer();
        await place.RunAsync(hasHistory: hasHistory);
        Leases(Path.Combine(place.Folder, "dhcp"));

        Assert.DoesNotContain(Directory.EnumerateDirectories(place.Folder), IsOpen);
        var files = new[] { "keys", "dhcp" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(place.Folder, folder))).ToList();
        Assert.Contains(Path.Combine(place.Folder, "dhcp", "leases"), files);
        Assert.DoesNotContain(files, IsOpen);
    }

    [Fact]
    public void Leases_that_were_open_to_all_are_closed_and_so_is_the_copy_of_damaged_ones()
    {
        using var place = new WholeServer();
        var folder = Directory.CreateDirectory(Path.Combine(place.Folder, "dhcp")).FullName;
        foreach (var name in new[] { "leases", "leases.new" })
        {
            File.WriteAllText(Path.Combine(folder, name), "no lease\n");
            File.SetUnixFileMode(Path.Combine(folder, name), Others | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Leases(folder);
        Assert.Equal(["leases", "leases.damaged"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), IsOpen);
    }

    [Theory]
    [InlineData(true, ".git/mayu/lock", true)]
    [InlineData(true, ".git/mayu", true)]
    [InlineData(false, ".mayu/lock", false)]
    [InlineData(true, ".git/mayu/lock", false)]
    public async Task No_second_server_opens_a_directory_whose_lock_file_was_taken_away(bool hasHistory, string taken, bool secondHasHistory)
    {
        using var place = new WholeServer();
        await using var server = await place.StartAsync(hasHistory: hasHistory);
        var path = Path.Combine(place.Cluster, taken);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        Assert.Contains("another mayu", await place.RefusedAsync(secondHasHistory), StringComparison.Ordinal);
    }

    private static bool IsOpen(string path) => (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;

    private static void Leases(string folder)
    {
        Assert.True(LeaseJournal.TryOpen(folder, TimeProvider.System, NullLogger<LeaseJournal>.Instance, out var journal, out var problem), problem);
        journal.Start([]);
        journal.Dispose();
    }
}
