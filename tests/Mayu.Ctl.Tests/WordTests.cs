using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary>The words of a command line are what they are: no file's content, and nothing of the library that reads them.</summary>
public sealed class WordTests
{
    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_no_file()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines/vm-001", """{"serial":"vm-001","hasRecord":true}""").Answer("PATCH /api/v1/machines/vm-001", """{"serial":"vm-001"}""");
        var file = Path.Combine(api.Folder, "private");
        await File.WriteAllTextAsync(file, "secret", TestContext.Current.CancellationToken);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", "vm-001", "notes", "@" + file, "--reason", "@alice asked for it"));

        var sent = api.Requests.Single(asked => asked.Line.StartsWith("PATCH", StringComparison.Ordinal)).Body;
        Assert.Contains("@" + file, sent, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[suggest]")]
    [InlineData("[diagram]")]
    public async Task A_word_in_brackets_asks_the_library_for_nothing(string word)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        // The list, of a server that has none.
        Assert.Equal(ExitCode.Unreachable, await run.RunAsync(word, "list"));

        Assert.Equal("", run.Out);
    }
}
