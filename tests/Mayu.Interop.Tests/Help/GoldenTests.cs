using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Help;

/// <summary>
/// What the main commands print of a real server, beside what they printed when somebody looked at it last. WRITE_GOLDEN=1 writes the files again; look at
/// the difference before you commit it.
/// </summary>
public sealed class GoldenTests
{
    private static readonly (string Name, string Command)[] Commands =
    [
        ("list", "mayuctl list"),
        ("list-wide", "mayuctl list -o wide"),
        ("status", "mayuctl status vm-009"),
        ("trace", "mayuctl trace vm-009"),
        ("explain", "mayuctl explain vm-009"),
        ("history", "mayuctl history vm-001"),
        ("history-fields", "mayuctl history vm-001 --fields --limit 2"),
        ("diff", "mayuctl diff vm-001 --from 2d"),
        // Whether a time service runs is the host's.
        ("doctor", "mayuctl doctor | grep -v -e ' clock ' -e ' unknown, '"),
        ("profiles", "mayuctl profiles"),
        ("override-dry-run", "mayuctl override --tag rack=7 swap_size 8G --dry-run"),
    ];

    [Fact]
    public async Task The_main_commands_print_what_they_printed()
    {
        TestNetwork.NeedRoot();
        await using var world = await ExampleWorld.BuildAsync();
        await world.BootAsync("vm-009", "52:54:00:00:00:09");
        var differences = new List<string>();
        foreach (var (name, command) in Commands)
        {
            var (_, output) = await world.RunAsync(command);
            var file = Path.Combine(Folder(), name + ".txt");
            var printed = $"$ {command}\n{ExampleWorld.Normalized(output)}";
            if (Environment.GetEnvironmentVariable("WRITE_GOLDEN") == "1")
            {
                await File.WriteAllTextAsync(file, printed, TestContext.Current.CancellationToken);
            }
            else if (printed != await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            {
                differences.Add($"{name}.txt\n{printed}");
            }
        }

        Assert.Equal([], differences);
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");
}
