using Mayu.Lab.Rack;

namespace Mayu.Bench;

/// <summary>What figures are worthless without: which machine, which day, which versions.</summary>
internal static class BenchMachine
{
    /// <param name="folder">Where the sides write.</param>
    /// <param name="programs">Programs, and the argument that has them say their version.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<string> DescribeAsync(string folder, IEnumerable<(string Program, string Argument)> programs, CancellationToken cancellation)
    {
        var disk = await Tool.RunAsync("findmnt", ["--noheadings", "--output", "FSTYPE", "--target", folder], cancellation: cancellation);
        var versions = new List<string>();
        foreach (var (program, argument) in programs)
        {
            // nginx says it on standard error.
            var said = (await Tool.RunAsync(program, [argument], cancellation: cancellation)).OrThrow();
            versions.Add($"{Path.GetFileName(program)} {Number(said.Output + said.Errors)}");
        }

        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        var kernel = Environment.OSVersion.Version;
        var today = TimeProvider.System.GetUtcNow();
        var busy = (await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0];
        return $"{today:yyyy-MM-dd}: {Environment.ProcessorCount} cores ({Processor()}), {memory} GiB, Linux {kernel.ToString(2)}, {disk.Output.Trim()}; load before: {busy}\n"
            + string.Join(", ", versions);
    }

    // The first word that looks like one; of a commit the first seven digits say enough.
    private static string Number(string said)
    {
        var word = said.Split([' ', '/', ',', '-', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0]) && word.Contains('.'));
        return word?.Split('+') is [var version, { Length: > 7 } commit] ? $"{version}+{commit[..7]}" : word ?? "of unknown version";
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
