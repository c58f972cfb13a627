using Mayu.Core.Machines;
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
            before = Directory.GetFiles("/proc/self/fd").Length;
            for (var i = 0; i < 400 && Packs().Length == 0; i++)
            {
                await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            }

            await Eventually.TrueAsync(() => Packs().Length > 0);
            var value = int.Parse((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine!.Overrides["n"]);
            Assert.Equal(value + 1, (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 1000 }, Token)).Count);
            Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 1, before + 40);
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

    private string[] Packs() => Directory.GetFiles(Path.Combine(Cluster, ".git", "objects", "pack"), "*.pack");

    private Task<GitMachineStore> OpenPackingAsync() => GitMachineStore.OpenAsync(
        Cluster, new GitStoreOptions { PackAfterObjects = 40 }, TimeProvider.System, NullLogger<GitMachineStore>.Instance, Token);
}
