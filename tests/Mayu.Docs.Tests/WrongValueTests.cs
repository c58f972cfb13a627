using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>Every program of this repository ends with a sentence and its exit code, whatever it is given.</summary>
public sealed partial class WrongValueTests
{
    private const int Usage = 2;

    // Texts that only the server, or only the network, can find wrong.
    private static readonly string[] Unchecked =
    [
        "list --profile", "history --who", "history --field", "history --before", "pin --profile", "override --remove", "simulate --serial",
        "explain --firmware", "explain --mac", "explain --uuid", "explain --network",
    ];

    public static TheoryData<string> Wrong =>
    [
        "mayu serve --config /nowhere", "mayu serve --set x", "mayu config check --config /nowhere", "mayu config check --set x", "mayu render --profile a --config /nowhere", "mayu render --profile a --set x", "mayu diff --from a --set x", "mayu diff --from a --config /nowhere", "mayu diff --from a -o x", "mayu diff --from a --output x",
        "mayuctl -o x list", "mayuctl list --output x", "mayuctl list --server x", "mayuctl list --ca /nowhere", "mayuctl list --ca system --token-file /nowhere", "mayuctl list --timeout x",
        "mayuctl list --selector x", "mayuctl list --tag x", "mayuctl list --profile a,b",
        "mayuctl set --selector x cabinet 7", "mayuctl set --profile a,b cabinet 7", "mayuctl set --state x cabinet 7", "mayuctl set --tag x cabinet 7", "mayuctl list --ca system --cert /nowhere", "mayuctl override --selector x swap_size 8G", "mayuctl override --profile a,b swap_size 8G", "mayuctl override --state x swap_size 8G", "mayuctl override --tag x swap_size 8G", "mayuctl list --context x", "mayuctl list --fields x", "mayuctl list --state x", "mayuctl history --limit x", "mayuctl history --since x", "mayuctl history --until x",
        "mayuctl status a --at x", "mayuctl rollback a --to x", "mayuctl explain a --loader x", "mayuctl diff a --from x", "mayuctl diff a --from 1h --to x",
        "mayuctl simulate --interface", "mayuctl simulate --interface lo --firmware x", "mayuctl simulate --interface lo --loader x",
        "mayuctl simulate --interface lo --mac x", "mayuctl simulate --interface lo --uuid x",
        "infopusher push --url x", "infopusher push --url http://10.0.0.1/ --timeout x", "infopusher push --url http://10.0.0.1/ --retries x", "infopusher push --url http://10.0.0.1/ --output",
        "mayu-lab demo --machines x", "mayu-lab demo --machines 0", "mayu-lab demo --firmware x", "mayu-lab demo --engine x", "mayu-lab demo --timeout x", "mayu-lab demo --mayu",
        "mayu-bench x", "mayu-bench smoke --json /nowhere/x", "mayu-bench smoke --json /",
        "mayu-mutation --root /nowhere", "mayu-mutation --projects x", "mayu-mutation --tests x", "mayu-mutation --mutants x", "mayu-mutation --seed x",
        "mayu-mutation --at-least x", "mayu-mutation --jobs x", "mayu-mutation -o x",
        "mayu-fuzz replay /nowhere", "mayu-fuzz run x", "mayu-fuzz x",
        "./demo --machines", "./demo --x", "./demo --machines x", "./demo --machines 33", "./demo --firmware Bios", "./demo --engine x", "./demo --timeout 0", "./demo --mayu /nowhere", "./demo --images /nowhere", "./test --filter", "./test --x", "bench/run smoke --json", "bench/run x", "tests/Fuzz/fuzz --seconds x", "tests/Fuzz/fuzz --x",
        "lab/setup x", "lab/setup packages x", "lab/setup images x", "lab/images/build-os --x", "lab/images/build-discovery --x", "lab/images/build-discovery --infopusher", "tests/Mutation/mutate --x",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_value_is_told_with_the_option_and_ends_with_2(string command)
    {
        var words = command.Split(' ');
        var said = await Programs.RunAsync(Programs.PathOf(words[0]), words[1..]);
        var text = said.Output + said.Errors;
        Assert.True(said.ExitCode == Usage, $"`{command}` ended with {said.ExitCode}\n{text}");
        Assert.DoesNotContain("\n   at ", text, StringComparison.Ordinal);
        // The option, or, where there is none, the word that is wrong.
        Assert.Contains(words.LastOrDefault(word => word.StartsWith('-')) ?? words[^1], said.Errors, StringComparison.Ordinal);
    }

    // It was 35 lines of another program's help, after the build.
    [Theory]
    [InlineData("./demo --machines x", "demo: --machines must be a number from 1 to 32, not 'x'\n")]
    [InlineData("./demo --once --machines=33", "demo: --machines must be a number from 1 to 32, not '33'\n")]
    [InlineData("./demo --firmware bois", "demo: --firmware must be bios, uefi or mixed, not 'bois'\n")]
    [InlineData("./demo --engine foo", "demo: --engine must be builtin, dnsmasq or external, not 'foo'\n")]
    [InlineData("mayu-lab demo --machines 33", "mayu-lab: --machines must be a number from 1 to 32, not '33'\n")]
    [InlineData("mayu-lab demo --firmware bois", "mayu-lab: --firmware must be mixed, bios or uefi, not 'bois'\n")]
    [InlineData("mayu-lab reset socket netwrk", "mayu-lab: a machine boots from network or disk first, not from 'netwrk'\n")]
    [InlineData("mayu config chekc", "mayu: \"chekc\" is not a command of mayu config; did you mean \"check\"?\nTry 'mayu config --help'.\n")]
    public async Task A_wrong_value_is_one_sentence(string command, string expected)
    {
        var words = command.Split(' ');
        Assert.Equal(new Said(Usage, "", expected), await Programs.RunAsync(Programs.PathOf(words[0]), words[1..]));
    }

    [Fact]
    public async Task Every_option_of_mayu_and_mayuctl_that_takes_a_value_is_tried()
    {
        var untried = new List<string>();
        foreach (var page in new[] { "mayu serve", "mayu config check", "mayuctl", "mayuctl list", "mayuctl status", "mayuctl explain", "mayuctl simulate", "mayuctl history", "mayuctl rollback", "mayuctl diff", "mayuctl pin", "mayuctl override", "mayuctl set" })
        {
            var help = await Programs.HelpAsync(page.Split(' '));
            untried.AddRange(ValueOption().Matches(help).Select(option => $"{page} {option.Groups[1].Value}").Where(option =>
                !option.EndsWith(" --reason", StringComparison.Ordinal)
                && !Unchecked.Contains(option["mayuctl ".Length..])
                && !Wrong.Any(row => IsOf(option, row.Data))));
        }

        Assert.Empty(untried);
    }

    [Theory]
    [InlineData("mayu config reference")]
    [InlineData("mayu --help")]
    [InlineData("mayuctl version")]
    [InlineData("mayuctl --help")]
    [InlineData("infopusher show")]
    [InlineData("infopusher --help")]
    public async Task Output_to_a_full_disk_is_told_in_a_sentence(string command)
    {
        var words = command.Split(' ');
        var said = await Programs.RunAsync("sh", ["-c", "\"$0\" \"$@\" > /dev/full", Programs.PathOf(words[0]), .. words[1..]]);
        Assert.Contains("No space left on device", said.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\n   at ", said.Errors, StringComparison.Ordinal);
        Assert.InRange(said.ExitCode, 1, 4);
    }

    [Fact]
    public async Task A_server_without_libgit2_says_what_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-docs-").FullName;
        try
        {
            var programs = Path.Combine(folder, "programs");
            await Programs.RunAsync("cp", ["-r", Programs.FolderOf("Mayu.Server"), programs]);
            var libraries = Directory.GetFiles(programs, "libgit2*", SearchOption.AllDirectories);
            Assert.NotEmpty(libraries);
            Array.ForEach(libraries, File.Delete);
            var said = await Programs.RunAsync(Path.Combine(programs, "mayu"), ["serve", "--config", ConfigIn(folder, 4081, 4080)]);
            Assert.Equal(1, said.ExitCode);
            Assert.Contains("libgit2 cannot be loaded", said.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("\n   at ", said.Output + said.Errors, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_whose_log_is_on_a_full_disk_serves_and_ends_with_0()
    {
        var token = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("mayu-docs-").FullName;
        try
        {
            var (boot, api) = (FreePort(), FreePort());
            var serve = $"exec {Programs.PathOf("mayu")} serve --config {ConfigIn(folder, boot, api)} > /dev/full 2> /dev/full";
            using var server = Process.Start(new ProcessStartInfo("sh", ["-c", serve]))!;
            var answer = "";
            while (answer.Length == 0 && !server.HasExited)
            {
                answer = (await Programs.RunAsync("bash", ["-c", $"exec 3<>/dev/tcp/127.0.0.1/{boot} && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && cat <&3"])).Output;
            }

            await Programs.RunAsync("kill", ["-TERM", $"{server.Id}"]);
            await server.WaitForExitAsync(token);
            Assert.Contains("200 OK", answer, StringComparison.Ordinal);
            Assert.Equal(0, server.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ConfigIn(string folder, int bootPort, int apiPort)
    {
        var config = Path.Combine(folder, "config.yaml");
        File.WriteAllText(config, $$"""
            engine: external
            data_dir: {{folder}}/data
            network: {address: 127.0.0.1, subnet: 127.0.0.0/8, internal_range: {start: 127.0.1.1, end: 127.0.1.9} }
            defaults: {image: none}
            boot: {port: {{bootPort}} }
            api: {port: {{apiPort}} }
            """);
        return config;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsOf(string option, string command)
    {
        var words = option.Split(' ');
        // What all commands take is tried with one of them.
        return words is ["mayuctl", var global] ? command.StartsWith("mayuctl", StringComparison.Ordinal) && command.Contains(global, StringComparison.Ordinal)
            : command.StartsWith(string.Join(' ', words[..^1]), StringComparison.Ordinal) && command.Contains(words[^1], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?m)^  (?:-\w, )?(--?[a-z-]+) <")]
    private static partial Regex ValueOption();
}
