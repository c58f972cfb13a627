using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Help;

/// <summary>Each example of each help page works as it is printed, on a host where what it names is there.</summary>
public sealed class ExampleTests
{
    private const string NobodyToAsk = "There is no terminal to ask this on";

    // They change nothing that another example reads.
    private static readonly string[] Reading =
    [
        "addresses", "completion", "diff", "doctor", "events", "explain", "history", "inventory", "leases", "list", "pins", "profiles", "status", "trace", "version",
    ];

    // After one of their examples another one has nothing to do.
    private static readonly string[] Exhausting = ["delete", "reinstall", "resolve", "rollback", "set"];

    // What a machine or an operator does before, so that the command has something to do.
    private static readonly (string Start, Func<ExampleWorld, Task> Do)[] Before =
    [
        ("mayuctl resolve", world => world.ClaimAsync(ExampleWorld.Machine)),
        ("mayuctl delete vm-001", world => world.OrFailAsync("mayuctl disable vm-001")),
        ("mayuctl token revoke grafana", world => world.RunAsync("mayuctl token create grafana --role viewer")),
        ("mayuctl trace 52:54:00:00:00:07", world => world.OrFailAsync("mayuctl simulate -i eth1 --mac 52:54:00:00:00:07 --serial vm-007", world.Client)),
    ];

    // The page says so.
    private static readonly (string Start, int Code)[] OtherCodes =
    [
        ("mayu diff --from HEAD~1", 1),
    ];

    [Fact]
    public async Task Every_command_has_examples_of_itself()
    {
        var pages = await PagesAsync("mayu");
        pages.AddRange(await PagesAsync("mayuctl"));

        Assert.True(pages.Count > 40, $"{pages.Count} pages");
        Assert.Equal([], pages.Where(page => !page.HasCommands && !page.Examples.Any(example => example.Contains(page.Command, StringComparison.Ordinal))).Select(page => page.Command));
    }

    [Fact]
    public async Task Every_example_of_mayuctl_works()
    {
        TestNetwork.NeedRoot();
        await using var world = await ExampleWorld.BuildAsync();
        var failures = new List<string>();
        var (before, isChanged) = ("", false);
        foreach (var example in await ExamplesAsync("mayuctl"))
        {
            var command = CommandOf(example);
            if (isChanged && (command != before || Exhausting.Contains(command)))
            {
                await world.ResetAsync();
                isChanged = false;
            }

            (before, isChanged) = (command, isChanged || !Reads(example));
            failures.AddRange(await FailureOfAsync(world, example));
        }

        Assert.Equal([], failures);
    }

    [Fact]
    public async Task Every_example_of_mayu_works()
    {
        TestNetwork.NeedRoot();
        await using var world = await ExampleWorld.BuildAsync();
        await world.StopAsync();
        var failures = new List<string>();
        foreach (var example in await ExamplesAsync("mayu"))
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

    private static async Task<List<HelpPage>> PagesAsync(string program) => [.. await HelpPage.OfAsync(program == "mayu" ? Programs.Mayu : Programs.Mayuctl, program)];

    private static async Task<List<string>> ExamplesAsync(string program) => [.. (await PagesAsync(program)).SelectMany(page => page.Examples).Distinct(StringComparer.Ordinal)];

    private static int CodeOf(string example) => OtherCodes.Where(other => example.StartsWith(other.Start, StringComparison.Ordinal)).Select(other => other.Code).FirstOrDefault();

    private static string CommandOf(string example) => example.Split(' ')[1];

    private static bool Reads(string example) => Reading.Contains(CommandOf(example)) || example.EndsWith("list", StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> FailureOfAsync(ExampleWorld world, string example)
    {
        foreach (var (_, prepare) in Before.Where(before => example.StartsWith(before.Start, StringComparison.Ordinal)))
        {
            await prepare(world);
        }

        var (code, output) = await RunAsync(world, world.Mapped(example));
        return code == CodeOf(example) ? [] : [$"`{example}` ended with {code}: {output}"];
    }

    private static async Task<(int Code, string Output)> RunAsync(ExampleWorld world, string example)
    {
        if (example.StartsWith("mayuctl events", StringComparison.Ordinal) || example.Contains("--follow", StringComparison.Ordinal))
        {
            return await FollowAsync(world, example);
        }

        if (example.Contains("--proxy", StringComparison.Ordinal))
        {
            // Mayu beside a server that gives the addresses.
            await world.ResetAsync("dhcp.mode=proxy");
            await using var other = await world.StartOtherServerAsync();
            return await world.RunAsync(example, world.Client);
        }

        if (example.StartsWith("mayuctl simulate", StringComparison.Ordinal))
        {
            return await world.RunAsync(example, world.Client);
        }

        var (code, output) = await world.RunAsync(example);
        return code == 2 && output.Contains(NobodyToAsk, StringComparison.Ordinal)
            ? await world.RunAsync($"echo y | script --quiet --return --command {Quoted(example)} /dev/null")
            : (code, output);
    }

    // Once it is connected: Ctrl-C.
    private static Task<(int Code, string Output)> FollowAsync(ExampleWorld world, string example)
    {
        var words = example.Split(" | ", 2);
        var (follow, rest) = (words[0], words.Length > 1 ? " | " + words[1] : "");
        return world.RunAsync(
            $"set -o pipefail; {{ env --default-signal=INT {follow} & follower=$!; for i in $(seq 600); do ss -Htnp state established dport = :4080 | grep -q \"pid=$follower,\" && break; sleep 0.05; done; "
            + $"kill -INT $follower; wait $follower; }}{rest}");
    }

    // Until it is ready; then as a service manager ends it.
    private static Task<(int Code, string Output)> ServeAsync(ExampleWorld world, string example) => world.RunAsync(
        $"(exec env {example}) > ~/serve.log 2>&1 & server=$!; for i in $(seq 600); do grep -q ': ready,' ~/serve.log && break; sleep 0.05; done; "
        + "kill -TERM $server; wait $server; code=$?; grep -q ': ready,' ~/serve.log && exit $code; cat ~/serve.log; exit 99");

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
