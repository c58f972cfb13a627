using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>What the pages point at is there.</summary>
public partial class PathTests
{
    // What builds and runs make.
    private static readonly string[] Made = ["artifacts/", "lab/.cache", ".demo/"];

    private static readonly string[] Folders = ["src/", "tests/", "lab/", "templates/", "template_snippets/", "docs/", "bench/", "packaging/", ".ci/"];

    private static readonly HashSet<string> FileNames =
        [.. Folders.Where(Repository.Has).SelectMany(Repository.Files).Concat(Directory.EnumerateFiles(Repository.Root)).Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Pages => [.. Repository.Pages.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_inside_the_repository_resolves(string path)
    {
        var page = Repository.Page(path);
        Assert.All(page.Links().Where(link => !link.Target.StartsWith("https://", StringComparison.Ordinal)), link =>
        {
            var (target, anchor) = link.Target.Split('#') is [var file, var heading] ? (file, heading) : (link.Target, null);
            var resolved = target.Length == 0 ? path : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, target));
            Assert.True(Repository.Has(resolved), $"{path}:{link.Number}: there is no {resolved}");
            if (anchor is not null)
            {
                Assert.True(Repository.Page(resolved).Anchors().Contains(anchor), $"{path}:{link.Number}: {resolved} has no heading #{anchor}");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_of_the_repository_that_is_named_is_there(string path) =>
        Assert.All(Repository.Page(path).CodeSpans(), span =>
        {
            var word = span.Text.Split(' ')[0];
            Assert.True(!LooksLikeOurs(word) || IsThere(word), $"{path}:{span.Number}: there is no {word}");
        });

    [Fact]
    public void Commands_stand_in_blocks_that_are_run() =>
        Assert.All(
            Repository.Pages.SelectMany(page => page.Blocks.Select(block => (page.Path, block))),
            // Programs are run by the tests of their pages.
            one => Assert.Contains(one.block.Language, new[] { "console", "text", "yaml", "json", "csharp", "python" }));

    private static bool LooksLikeOurs(string word) =>
        Plain().IsMatch(word)
        && !Made.Any(made => word.StartsWith(made, StringComparison.Ordinal))
        && (word.StartsWith("./", StringComparison.Ordinal) || Folders.Any(folder => word.StartsWith(folder, StringComparison.Ordinal)) || IsSource(word));

    private static bool IsSource(string word) =>
        !word.Contains('/') && Path.GetExtension(word) is ".cs" or ".csproj" or ".props" or ".targets" or ".slnx" or ".md" or ".sh";

    private static bool IsThere(string word) => IsSource(word) ? FileNames.Contains(word) : Repository.Has(word);

    [GeneratedRegex(@"^[A-Za-z0-9_.][A-Za-z0-9_./-]*$")]
    private static partial Regex Plain();
}
