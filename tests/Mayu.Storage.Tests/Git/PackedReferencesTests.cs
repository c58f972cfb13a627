using Mayu.Primitives;

namespace Mayu.Storage.Tests.Git;

/// <summary><c>git pack-refs</c> and <c>git gc</c> by hand, which take the branch's own file away.</summary>
public sealed class PackedReferencesTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Fact]
    public async Task A_branch_with_a_slash_takes_changes_though_git_packed_it_and_took_its_folder_away()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("checkout", "-q", "-b", "site/munich/rack");
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        await GitAsync("pack-refs", "--all");
        Assert.False(Directory.Exists(Path.Combine(Cluster, ".git", "refs", "heads", "site")));
        Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
        Assert.Equal("a: set n to 2", await GitAsync("log", "-1", "--format=%s", "site/munich/rack"));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_branch_with_a_slash_is_packed_again_and_again_and_no_change_is_lost_or_refused()
    {
        const int Changes = 150;
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("checkout", "-q", "-b", "site/a");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var packing = Task.Run(
            async () =>
            {
                var packed = 0;
                for (; !stop.IsCancellationRequested; packed++)
                {
                    await GitProgram.TryAsync(Cluster, "pack-refs", "--all");
                }

                return packed;
            },
            Token);
        for (var i = 0; i < Changes; i++)
        {
            Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
            Assert.Null(store.Trouble);
        }

        await stop.CancelAsync();
        Assert.InRange(await packing, 5, int.MaxValue);
        Assert.Equal($"{Changes}", store.Current.Find(A)!.Overrides["n"]);
        Assert.Equal($"{Changes + 2}", await GitAsync("rev-list", "--count", "HEAD"));
        await AssertSoundAsync();
    }
}
