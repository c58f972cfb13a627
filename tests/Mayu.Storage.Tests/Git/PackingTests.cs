using System.Diagnostics;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

/// <summary>Loose objects are packed beside the changes.</summary>
public sealed class PackingTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Fact]
    public async Task Loose_objects_are_packed_while_changes_go_on_and_no_handle_stays_open()
    {
        int before;
        await using (var store = await OpenPackingAsync())
        {
            await AddAsync(store, "a");
            before = Handles();
            for (var i = 0; i < 400 && Packs().Length == 0; i++)
            {
                await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            }

            await Eventually.TrueAsync(() => Packs().Length > 0);
            var value = int.Parse((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine!.Overrides["n"]);
            Assert.Equal(value + 1, (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 1000 }, Token)).Count);
            Assert.InRange(Handles(), 1, before + 10);
        }

        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    public async Task A_packing_that_is_killed_leaves_a_sound_repository(int milliseconds)
    {
        await using (var store = await OpenPackingAsync())
        {
            await AddAsync(store, "a");
            while (!Directory.EnumerateFiles(Path.Combine(Cluster, ".git", "objects", "pack")).Any())
            {
                await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            }

            // Closing kills the child in the midst of its work.
            await Task.Delay(milliseconds, Token);
        }

        await using (var store = await OpenPackingAsync())
        {
            Assert.NotNull(store.Current.Find(A));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task Folders_of_objects_that_vanish_because_all_in_them_was_packed_stop_no_change()
    {
        var vanish = false;
        await using var store = await OpenAsync(step =>
        {
            if (vanish && step == CommitStep.Staged)
            {
                foreach (var folder in Directory.GetDirectories(Path.Combine(Cluster, ".git", "objects"), "??").Where(f => !Directory.EnumerateFileSystemEntries(f).Any()))
                {
                    Directory.Delete(folder);
                }
            }
        });
        await AddAsync(store, "a");
        vanish = true;
        for (var i = 0; i < 10; i++)
        {
            Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
        }

        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_packing_that_is_killed_from_outside_stops_no_change_and_is_made_up_for()
    {
        var killed = false;
        await using (var store = await OpenPackingAsync(new GitOptions { PackAfterObjects = 40, PackRetry = TimeSpan.FromMilliseconds(1) }))
        {
            await AddAsync(store, "a");
            var pid = Path.Combine(Cluster, ".git", "mayu", "packing.pid");
            for (var i = 0; i < 1000 && !killed; i++)
            {
                Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
                killed = File.Exists(pid) && await TryKillAsync(await File.ReadAllTextAsync(pid, Token));
            }

            Assert.True(killed);
            var packs = Packs().Length;
            for (var i = 0; i < 1000 && Packs().Length <= packs; i++)
            {
                Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
            }

            Assert.NotEqual(packs, Packs().Length);
            Assert.Null(store.Trouble);
        }

        await AssertSoundAsync();
    }

    [Fact]
    public async Task Many_packs_become_one_and_what_no_commit_leads_to_stays()
    {
        await using (var store = await OpenPackingAsync(new GitOptions { PackAfterObjects = 12, MaxPacks = 3 }))
        {
            await AddAsync(store, "a");
            var lost = await GitAsync("commit-tree", "-m", "nobody leads here", "HEAD^{tree}");
            var most = 0;
            for (var i = 0; i < 2000 && (most <= 3 || Packs().Length > 1); i++)
            {
                Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
                most = Math.Max(most, Packs().Length);
            }

            Assert.InRange(most, 4, 6);
            Assert.Equal("commit", await GitAsync("cat-file", "-t", lost));
            var count = int.Parse(store.Current.Find(A)!.Overrides["n"]) + 1;
            Assert.Equal(count, (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 5000 }, Token)).Count);
        }

        await AssertSoundAsync();
    }

    // Only a git that works in this test's own directory.
    private async Task<bool> TryKillAsync(string pid)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(pid));
            if (!(await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline", Token)).Contains(Cluster + "\0", StringComparison.Ordinal))
            {
                return false;
            }

            process.Kill();
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or IOException)
        {
            // It has ended already, or its number is being written.
            return false;
        }
    }

    // Of this cluster alone: other tests run in the same process, and open theirs.
    private int Handles() => new DirectoryInfo("/proc/self/fd").EnumerateFiles()
        .Count(handle => handle.LinkTarget?.StartsWith(Cluster, StringComparison.Ordinal) == true);

    private string[] Packs() => Directory.GetFiles(Path.Combine(Cluster, ".git", "objects", "pack"), "*.pack");

    private Task<MachineStore> OpenPackingAsync(GitOptions? options = null) => GitStore.OpenAsync(
        Cluster, options ?? new GitOptions { PackAfterObjects = 40 }, TimeProvider.System, NullLogger<MachineStore>.Instance, Token);
}
