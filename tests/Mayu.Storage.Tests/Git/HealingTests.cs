using System.Diagnostics;
using Mayu.Core.Machines;
using Mayu.Netboot.Tests;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Tests.Git;

/// <summary>
/// Real small file systems that fill up or turn read-only. The store is ready again by itself, with no change coming. Alone, since a program that
/// another test starts has this process's open files for a moment, until its exec: what they are on could not be unmounted then.
/// </summary>
[Collection(nameof(HealingTests))]
[CollectionDefinition(nameof(HealingTests), DisableParallelization = true)]
public sealed class HealingTests : GitStoreFixture
{
    [Fact]
    public async Task A_disk_without_bytes_is_told_changes_nothing_and_heals_without_a_change() => await FillAsync("size=2m", async (store, change) =>
    {
        var filler = Path.Combine(Cluster, ".git", "filler");
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(filler, new byte[2 << 20], Token));
        await change();
        Assert.NotNull(store.Trouble);
        File.Delete(filler);
    });

    [Fact]
    public async Task A_disk_without_inodes_is_told_changes_nothing_and_heals_without_a_change() => await FillAsync("size=8m,nr_inodes=200", async (store, change) =>
    {
        var fillers = Directory.CreateDirectory(Path.Combine(Cluster, ".git", "fillers")).FullName;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(fillers, $"{i}"), "", Token);
            }
        });
        await change();
        Assert.NotNull(store.Trouble);
        Directory.Delete(fillers, recursive: true);
    });

    [Fact]
    public async Task A_disk_that_turns_read_only_is_told_changes_nothing_and_heals_without_a_change() => await FillAsync("size=8m", async (store, change) =>
    {
        await RunAsync("mount", "-o", "remount,ro", Cluster);
        await change();
        Assert.NotNull(store.Trouble);
        await RunAsync("mount", "-o", "remount,rw", Cluster);
    });

    [Fact]
    public async Task A_full_disk_refuses_changes_and_takes_them_again_when_there_is_room()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        Directory.CreateDirectory(Cluster);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Cluster);
        try
        {
            await using (var store = await OpenAsync())
            {
                await AddAsync(store, "a");
                var filler = Path.Combine(Cluster, ".git", "filler");
                await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(filler, new byte[1 << 20], Token));
                await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
                await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
                Assert.Null(store.Current.Find(Samples.Serial("b")));
                File.Delete(filler);
                await AddAsync(store, "b");
                await AssertSoundAsync();
            }

            await RunAsync("mount", "-o", "remount,ro", Cluster);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
        }
        finally
        {
            await RunAsync("umount", Cluster);
        }
    }

    private async Task FillAsync(string options, Func<IMachineStore, Func<Task>, Task> harm)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        Directory.CreateDirectory(Cluster);
        await RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", Cluster);
        using var lines = new LogLines();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(lines));
        try
        {
            await using (var store = await OpenAsync(Cluster, atStep: null, logs))
            {
                await AddAsync(store, "a");
                await harm(store, async () =>
                {
                    for (var i = 0; i < 3; i++)
                    {
                        await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
                        await Assert.ThrowsAsync<StoreUnavailableException>(
                            () => store.ChangeAsync(Samples.Operator, Samples.Delete(Samples.Serial("a")), Token));
                    }
                });
                Assert.Equal(["a"], store.Current.Machines.Select(m => m.Serial.Text));
                await Eventually.TrueAsync(() => store.Trouble is null);
                await AddAsync(store, "b");
                await AssertSoundAsync();
            }

            // A sentence each, and no stack trace.
            Assert.All(lines.All, line => Assert.Null(line.Failure));
        }
        finally
        {
            await RunAsync("umount", Cluster);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}
