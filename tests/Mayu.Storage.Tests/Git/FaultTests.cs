using Mayu.Core.Machines;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Tests.Git;

/// <summary>The disk fails. Nothing is published that is not durable, everybody is told, and it goes on when the disk is well.</summary>
public sealed class FaultTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Theory]
    [InlineData(nameof(CommitStep.Begin))]
    [InlineData(nameof(CommitStep.Staged))]
    [InlineData(nameof(CommitStep.Prepared))]
    public async Task A_failure_before_the_branch_moved_changes_nothing_and_the_next_change_goes_through(string step)
    {
        var failing = false;
        await using var store = await OpenAsync(AtStep);
        await AddAsync(store, "a");
        failing = true;
        var before = store.Current;
        var waiting = new[] { Samples.Count(A, "n"), Samples.Count(A, "n"), Samples.Add(Samples.Machine("b")) }
            .Select(d => store.ChangeAsync(Samples.Operator, d, Token)).ToList();
        foreach (var change in waiting)
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => change);
            Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
            Assert.Contains(Cluster, refused.Message, StringComparison.Ordinal);
        }

        Assert.Same(before, store.Current);
        Assert.NotNull(store.Trouble);
        Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 10 }, Token));

        failing = false;
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.Equal("1", store.Current.Find(A)!.Overrides["n"]);
        Assert.Null(store.Trouble);
        await AssertSoundAsync();

        void AtStep(CommitStep at)
        {
            if (failing && at.ToString() == step)
            {
                throw new IOException("No space left on device");
            }
        }
    }

    [Theory]
    [InlineData(nameof(CommitStep.Staged), "Cannot commit in")]
    [InlineData(nameof(CommitStep.Committed), "Changes are in the history of")]
    public async Task A_full_disk_is_logged_in_a_sentence_without_a_stack_trace(string step, string start)
    {
        using var lines = new LogLines();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var failing = false;
        await using var store = await OpenAsync(Cluster, AtStep, logs);
        await AddAsync(store, "a");
        failing = true;
        await Assert.ThrowsAnyAsync<StoreUnavailableException>(async () =>
        {
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        });

        Assert.Contains(": \"/etc/a\" is denied. Nothing was changed.", store.Trouble, StringComparison.Ordinal);
        Assert.Contains(lines.Texts, line => line.StartsWith($"{start} {Cluster}", StringComparison.Ordinal) && line.EndsWith(": \"/etc/a\" is denied.", StringComparison.Ordinal));
        Assert.All(lines.All, line => Assert.Null(line.Failure));
        failing = false;

        void AtStep(CommitStep at)
        {
            if (failing && at.ToString() == step)
            {
                throw new IOException("\"/etc/a\" is denied.");
            }
        }
    }

    [Theory]
    [InlineData(nameof(CommitStep.Committed))]
    [InlineData(nameof(CommitStep.RecordMoved))]
    [InlineData(nameof(CommitStep.Finished))]
    public async Task A_failure_after_the_branch_moved_is_a_change_that_was_made_and_the_folder_follows(string step)
    {
        var failing = false;
        await using var store = await OpenAsync(AtStep);
        await AddAsync(store, "a");
        failing = true;
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.Equal("1", store.Current.Find(A)!.Overrides["n"]);
        if (step == nameof(CommitStep.Committed))
        {
            // The folder is behind still, and a file two commits behind could not be told from one that was edited by hand.
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token));
        }

        failing = false;
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.Equal("2", store.Current.Find(A)!.Overrides["n"]);
        Assert.Equal(["set n to 2", "set n to 1", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 10 }, Token)).Select(c => c.What));
        await AssertSoundAsync();

        void AtStep(CommitStep at)
        {
            if (failing && at.ToString() == step)
            {
                throw new IOException("Input/output error");
            }
        }
    }

    [Fact]
    public async Task A_directory_that_vanishes_is_named_and_when_it_is_back_changes_go_through()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        Directory.Move(Cluster, Cluster + "-gone");
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
        Assert.Contains(Cluster, refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, store.Current.Count);

        Directory.Move(Cluster + "-gone", Cluster);
        await AddAsync(store, "b");
        Assert.Equal(2, store.Current.Count);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task An_empty_directory_in_the_place_of_the_cluster_is_not_taken_for_a_new_one()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        Directory.Move(Cluster, Cluster + "-gone");
        Directory.CreateDirectory(Cluster);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
        Assert.NotNull(store.Current.Find(A));
        Directory.Delete(Cluster, recursive: true);
        Directory.Move(Cluster + "-gone", Cluster);
        await AddAsync(store, "b");
    }

    [Fact]
    public async Task A_left_over_index_lock_stops_no_change_and_is_removed()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", "index.lock"), "", Token);
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "b");
            Assert.Equal("b: added", await GitAsync("log", "-1", "--format=%s"));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_left_over_lock_of_the_branch_is_removed()
    {
        await using (await OpenAsync())
        {
        }

        var reference = await GitAsync("symbolic-ref", "HEAD");
        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", reference + ".lock"), "", Token);
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_broken_index_stops_nothing_and_is_made_anew()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", "index"), "rubbish", Token);
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "b");
            await AssertSoundAsync();
        }
    }
}
