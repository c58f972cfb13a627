using System.Diagnostics;

namespace Mayu.Bench.Tests;

/// <summary>What <c>bench/run</c> promises of its command line; it judges it before it installs or builds anything.</summary>
public class CommandLineTests
{
    [Fact]
    public async Task The_help_lists_the_benchmarks_that_there_are()
    {
        var (code, help) = await RunAsync("--help");

        var listed = help.Split('\n').SkipWhile(line => line != "Benchmarks:").Skip(1).TakeWhile(line => line.Length > 0).Where(line => line[2] != ' ');
        Assert.Equal(0, code);
        Assert.Equal(BenchCommand.All.Select(one => one.Name), listed.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
    }

    [Theory]
    [InlineData("the name of a benchmark is required")]
    [InlineData("no benchmark 'nonsense'", "nonsense")]
    [InlineData("there is no option '--fast'", "smoke", "--fast")]
    [InlineData("--json needs a file", "smoke", "--json")]
    [InlineData("one benchmark at a time", "smoke", "smoke")]
    public async Task A_wrong_command_line_is_told_and_ends_with_2(string expected, params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_before_anything_is_measured() =>
        Assert.Equal(2, await BenchCommand.RunAsync(["smoke", "--json", "/no/such/folder/x.json"], TestContext.Current.CancellationToken));

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
        {
            folder = folder.Parent!;
        }

        var start = new ProcessStartInfo(Path.Combine(folder.FullName, "bench", "run"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
