using System.Globalization;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Api;

/// <summary>How long a command takes as a process, from its start to its end.</summary>
internal static class CommandTime
{
    private const int Runs = 15;

    // The shell's clock is in microseconds; the first run, which reads the program from the disk, is not counted.
    private const string Script = """
        for run in $(seq 0 "$1"); do
            start=${EPOCHREALTIME//[.,]/}
            "${@:2}" > /dev/null || exit
            end=${EPOCHREALTIME//[.,]/}
            [ "$run" = 0 ] || echo $((end - start))
        done
        """;

    /// <summary>Runs a command several times at the clients' end.</summary>
    /// <param name="network">Where.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The median, in milliseconds.</returns>
    /// <exception cref="LabException">It failed.</exception>
    public static async Task<double> MedianAsync(BenchNetwork network, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var output = await network.RunClientAsync("bash", ["-c", Script, "bash", Runs.ToString(CultureInfo.InvariantCulture), .. command], cancellation);
        double[] times = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.TryParse(line, CultureInfo.InvariantCulture, out var time) ? time : double.NaN).Order()];
        return times.Length == Runs && !double.IsNaN(times[0]) ? times[Runs / 2] / 1000 : throw new LabException($"`{string.Join(' ', command)}` failed: {output}");
    }
}
