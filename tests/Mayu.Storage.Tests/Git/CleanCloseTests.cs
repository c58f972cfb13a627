using Mayu.Core.Machines;

namespace Mayu.Storage.Tests.Git;

/// <summary>
/// A file that holds what the commit before had: left by a crash between commit and rename, or the work of hands. Which of them, is told by whether the
/// store was closed.
/// </summary>
public sealed class CleanCloseTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    private string Mark => Path.Combine(Cluster, ".git", "mayu", "closed");

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "1")]
    public async Task A_record_with_the_content_before_the_last_change_is_an_edit_after_a_close_and_a_leftover_after_a_crash(bool closed, string expected)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            Assert.False(File.Exists(Mark));
        }

        await GitAsync("checkout", "-q", "HEAD~1", "--", "a/conf.json");
        if (!closed)
        {
            File.Delete(Mark);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(expected, store.Current.Find(A)!.Overrides.GetValueOrDefault("n", ""));
            Assert.Equal(closed ? 3 : 2, (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Count);
            await AssertSoundAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_of_a_machine_that_was_deleted_last_is_an_edit_after_a_close_and_a_leftover_after_a_crash(bool closed)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token);
        }

        await GitAsync("checkout", "-q", "HEAD~1", "--", "a/conf.json");
        if (!closed)
        {
            File.Delete(Mark);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(closed, store.Current.Find(A) is not null);
            Assert.Equal(closed, File.Exists(RecordOf("a")));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_mark_of_another_commit_says_nothing()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        }

        await File.WriteAllTextAsync(Mark, await GitAsync("rev-parse", "HEAD~1"), Token);
        await GitAsync("checkout", "-q", "HEAD~1", "--", "a/conf.json");
        await using (var store = await OpenAsync())
        {
            Assert.Equal("1", store.Current.Find(A)?.Overrides["n"]);
        }
    }
}
