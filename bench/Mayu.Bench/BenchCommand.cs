using System.CommandLine;
using Mayu.Lab;

namespace Mayu.Bench;

/// <summary>The command line of <c>mayu-bench</c>: which benchmark, how long, and where its figures go.</summary>
internal static class BenchCommand
{
    private const int Failed = 1;
    private const int WrongCommandLine = 2;
    private const int Interrupted = 130;

    /// <summary>The benchmarks, in the order of their making.</summary>
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new Smoke.SmokeBenchmark(), new Store.StoreBenchmark(), new Start.StartBenchmark(), new Dhcp.DhcpBenchmark(), new Tftp.TftpBenchmark(), new Provisioning.ProvisioningBenchmark(),
        new Api.ApiBenchmark(), new Images.ImagesBenchmark(),
    ];

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var name = new Argument<string>("name") { Description = "The benchmark." };
        name.AcceptOnlyFromAmong([.. All.Select(one => one.Name)]);
        var quick = new Option<bool>("--quick") { Description = "Small counts and few rounds: only to see that it works." };
        var json = new Option<string?>("--json") { Description = "File for the figures, as JSON." };
        json.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var file }] && (file.Length == 0 || Directory.Exists(file) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
            {
                result.AddError($"--json {file}: it must be a file in an existing folder");
            }
        });
        var root = new RootCommand("Benchmarks of Mayu next to a peer. Run by bench/run.") { name, quick, json };
        root.SetAction((parsed, token) => MeasureAsync(
            All.Single(one => one.Name == parsed.GetValue(name)), parsed.GetValue(quick), parsed.GetValue(json), token));
        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, cancellation);
        return parsed.Errors.Count > 0 ? WrongCommandLine : code;
    }

    private static async Task<int> MeasureAsync(IBenchmark benchmark, bool quick, string? json, CancellationToken cancellation)
    {
        try
        {
            var comparisons = await new BenchRun(benchmark, quick ? Scale.Quick : Scale.Full, Console.Out).RunAsync(cancellation);
            if (json is not null)
            {
                await File.WriteAllTextAsync(json, Report.Json(comparisons), cancellation);
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("bench: interrupted; nothing is left behind");
            return Interrupted;
        }
        catch (Exception failure) when (failure is LabException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("bench: error: " + failure.Message);
            return Failed;
        }
    }
}
