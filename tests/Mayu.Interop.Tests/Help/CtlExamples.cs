namespace Mayu.Interop.Tests.Help;

/// <summary>
/// Runs the examples of mayuctl's help in one world. Those that only read come first, some at a time. Then come those that change the machine, and beside them
/// those that change something else, both in the order of the help, and each after what it needs was put there. None is left out.
/// </summary>
/// <param name="world">The world, as it was made.</param>
internal sealed class CtlExamples(ExampleWorld world)
{
    private const int AtOnce = 3;

    private const string NobodyToAsk = "There is no terminal to ask this on";

    // Behind this the shell, which is fish, reads it.
    private const string FishReads = "| source";

    // They change nothing that another example reads.
    private static readonly string[] Reading =
    [
        "addresses", "completion", "config-check", "context list", "diff", "doctor", "events", "explain", "history", "image", "inventory", "leases", "list",
        "pins", "profiles", "reload", "render", "status", "token list", "trace", "version", "webhook dead-letters", "webhook list",
        "--context lab list", "--server https://mayu.example:4080 --ca ca.pem --token-file token list",
    ];

    // They change the machine.
    private static readonly string[] Changing = ["boot-complete", "delete", "disable", "enable", "override", "reinstall", "resolve", "rollback", "set"];

    // What a machine or an operator does before, so that the command has something to do.
    private static readonly (string Start, Func<ExampleWorld, Task> Do)[] Before =
    [
        ("delete vm-001 --force", _ => Task.CompletedTask),
        ("delete", world => world.OrFailAsync("mayuctl disable vm-001")),
        ("enable", world => world.OrFailAsync("mayuctl disable vm-001")),
        ("pin", UnpinAsync),
        ("reserve", UnpinAsync),
        ("resolve", world => world.ClaimAsync(ExampleWorld.Machine)),
        ("unpin", world => world.OrFailAsync("mayuctl pin vm-007 --profile core && mayuctl pin mac:52:54:00:00:00:07 --profile storage")),
        ("webhook retry", world => world.LetterIsDeadAsync()),
    ];

    private bool _isFresh = true;

    private enum Turn
    {
        Machine,
        Rest,
        Last,
    }

    /// <summary>Runs them.</summary>
    /// <param name="examples">The examples, as they are printed.</param>
    /// <returns>What each that failed printed.</returns>
    public async Task<IReadOnlyList<string>> FailuresAsync(IReadOnlyList<string> examples)
    {
        // Somebody without a record boots, and a message is given up.
        await world.OrFailAsync("mayuctl simulate -i eth1 --mac 52:54:00:00:00:07 --serial vm-007", world.Client);
        await world.FailBootAsync();
        var reading = examples.Where(example => Reading.Any(start => Begins(example, start))).ToList();
        var failures = new List<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(reading, options, async (example, _) => Note(failures, example, await RunAsync(example)));

        // Mayu beside a server that gives the addresses is another world: it is the last.
        var changing = examples.Except(reading, StringComparer.Ordinal).ToLookup(TurnOf);
        await Task.WhenAll(InTurnAsync(changing[Turn.Machine], failures), InTurnAsync(changing[Turn.Rest], failures));
        await InTurnAsync(changing[Turn.Last], failures);
        return failures;
    }

    private async Task InTurnAsync(IEnumerable<string> examples, List<string> failures)
    {
        foreach (var example in examples)
        {
            await PrepareAsync(example);
            Note(failures, example, await RunAsync(example));
        }
    }

    private static Turn TurnOf(string example) => IsProxied(example) ? Turn.Last : ChangesMachine(example) ? Turn.Machine : Turn.Rest;

    private static bool ChangesMachine(string example) => Changing.Any(start => Begins(example, start));

    private static bool IsProxied(string example) => example.Contains(" --proxy", StringComparison.Ordinal);

    private static bool Begins(string example, string start) => $"{example} ".StartsWith($"mayuctl {start} ", StringComparison.Ordinal);

    private static async Task UnpinAsync(ExampleWorld world) => await world.RunAsync("mayuctl unpin vm-007; mayuctl unpin mac:52:54:00:00:00:07");

    private static void Note(List<string> failures, string example, (int Code, string Output) end)
    {
        if (end.Code != 0)
        {
            lock (failures)
            {
                failures.Add($"`{example}` ended with {end.Code}: {end.Output}");
            }
        }
    }

    private async Task PrepareAsync(string example)
    {
        if (ChangesMachine(example))
        {
            if (!_isFresh)
            {
                await world.RenewAsync();
            }

            _isFresh = false;
        }

        if (Before.FirstOrDefault(before => Begins(example, before.Start)).Do is { } prepare)
        {
            await prepare(world);
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string example)
    {
        var line = world.Mapped(example);
        if (IsFollowed(example))
        {
            return await FollowAsync(line);
        }

        if (IsProxied(example))
        {
            await world.ResetAsync("dhcp.mode=proxy");
            await using var other = await world.StartOtherServerAsync();
            return await world.RunAsync(line, world.Client);
        }

        if (example.EndsWith(FishReads, StringComparison.Ordinal))
        {
            return await world.RunAsync($"fish --no-config -c {Quoted($"{line}; test \"$pipestatus\" = '0 0'")}");
        }

        var (code, output) = await world.RunAsync($"set -o pipefail; {line}", Begins(example, "simulate") ? world.Client : null);
        return code == 2 && output.Contains(NobodyToAsk, StringComparison.Ordinal)
            ? await world.RunAsync($"echo y | script --quiet --return --command {Quoted(line)} /dev/null")
            : (code, output);
    }

    private static bool IsFollowed(string example) =>
        Begins(example, "events") || example.Contains(" --follow", StringComparison.Ordinal) || example.Contains(" --watch", StringComparison.Ordinal);

    // Until it has printed what happens, and then Ctrl-C. What it printed goes to the rest of the line.
    private Task<(int Code, string Output)> FollowAsync(string line)
    {
        var parts = line.Split(" | ", 2);
        var rest = parts.Length > 1 ? " | " + parts[1] : "";
        return world.RunAsync($$"""
            set -o pipefail
            {
                printed=$(mktemp -p ~)
                env --default-signal=INT {{parts[0]}} > $printed & follower=$!
                for i in $(seq 200); do
                    {{ExampleWorld.Knock}}; [ -s $printed ] && break
                    kill -0 $follower 2> /dev/null || break
                    sleep 0.1
                done
                kill -INT $follower
                wait $follower || exit
                [ -s $printed ] || { echo 'it printed nothing'; exit 99; }
                cat $printed
            }{{rest}}
            """);
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
