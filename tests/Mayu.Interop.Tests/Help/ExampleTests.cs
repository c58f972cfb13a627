using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Help;

/// <summary>Each command has examples, and each example of the help pages works as it is printed, on a host where what it names is there.</summary>
public sealed class ExampleTests
{
    // The page says so.
    private static readonly (string Start, int Code)[] OtherCodes =
    [
        ("mayu diff --from HEAD~1", 1),
    ];

    // Asked once for all tests.
    private static readonly Lazy<Task<IReadOnlyList<HelpPage>>> PagesOfMayu = new(() => HelpPage.OfAsync(Programs.Mayu, "mayu"));
    private static readonly Lazy<Task<IReadOnlyList<HelpPage>>> PagesOfMayuctl = new(() => HelpPage.OfAsync(Programs.Mayuctl, "mayuctl"));

    [Fact]
    public async Task Every_command_has_examples_of_itself()
    {
        List<HelpPage> pages = [.. await PagesOfMayu.Value, .. await PagesOfMayuctl.Value];

        Assert.True(pages.Count > 40, $"{pages.Count} pages");
        Assert.Equal([], pages.Where(page => !page.HasCommands && !page.Examples.Any(example => example.Contains(page.Command, StringComparison.Ordinal))).Select(page => page.Command));
    }

    [Fact]
    public async Task Every_example_of_mayu_works()
    {
        TestNetwork.NeedRoot();
        await using var world = await ExampleWorld.BuildAsync();
        await world.StopAsync();
        var failures = new List<string>();
        foreach (var example in await ExamplesAsync(PagesOfMayu))
        {
            var (code, output) = example switch
            {
                _ when example.Contains("mayu serve", StringComparison.Ordinal) => await ServeAsync(world, example),
                // On a terminal it asks; the interface is one of several, and the rest is proposed.
                "mayu init" => await world.RunAsync($"rm -f /etc/mayu/config.yaml ~/config.yaml; printf 'eth1\\n\\n\\n\\n\\n\\n\\n' | script --quiet --return --command '{example}' /dev/null"),
                _ when example.StartsWith("mayu init", StringComparison.Ordinal) || example.StartsWith("mayu config import", StringComparison.Ordinal) =>
                    await world.RunAsync($"rm -f /etc/mayu/config.yaml config.yaml; {example}", folder: world.EmptyFolder),
                _ => await world.RunAsync(example),
            };
            if (code != CodeOf(example))
            {
                failures.Add($"`{example}` ended with {code}: {output}");
            }

            if (example.Contains("init", StringComparison.Ordinal) || example.Contains("import", StringComparison.Ordinal) || example.Contains("-o ", StringComparison.Ordinal))
            {
                await world.ResetAsync();
                await world.StopAsync();
            }
        }

        Assert.Equal([], failures);
    }

    [Fact]
    public async Task Every_example_of_mayuctl_works()
    {
        TestNetwork.NeedRoot();
        var examples = await ExamplesAsync(PagesOfMayuctl);
        await using var world = await ExampleWorld.BuildAsync();

        var failures = await new CtlExamples(world).FailuresAsync(examples);

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task<List<string>> ExamplesAsync(Lazy<Task<IReadOnlyList<HelpPage>>> pages) =>
        [.. (await pages.Value).SelectMany(page => page.Examples).Distinct(StringComparer.Ordinal)];

    private static int CodeOf(string example) => OtherCodes.Where(other => example.StartsWith(other.Start, StringComparison.Ordinal)).Select(other => other.Code).FirstOrDefault();

    // Until it is ready; then as a service manager ends it.
    private static Task<(int Code, string Output)> ServeAsync(ExampleWorld world, string example) => world.RunAsync(
        $"(exec env {example}) > ~/serve.log 2>&1 & server=$!; for i in $(seq 600); do grep -q ': ready,' ~/serve.log && break; sleep 0.05; done; "
        + "kill -TERM $server; wait $server; code=$?; grep -q ': ready,' ~/serve.log && exit $code; cat ~/serve.log; exit 99");
}
