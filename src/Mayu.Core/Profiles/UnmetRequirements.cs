using System.Globalization;
using System.IO.Enumeration;
using Mayu.Primitives;

namespace Mayu.Core.Profiles;

/// <summary>Whether a machine has what a profile requires.</summary>
public static class UnmetRequirements
{
    /// <summary>What a machine lacks, as half a sentence (<c>it has 8 GB of memory, 64 GB are required</c>); null when it has all.</summary>
    public static string? Unmet(this ProfileRequirements least, MachineFacts? facts)
    {
        if (least == ProfileRequirements.None)
        {
            return null;
        }

        if (facts is null)
        {
            return "its hardware is not known";
        }

        return Less("of memory", least.MemoryBytes, facts.MemoryBytes ?? 0, Size)
            ?? Less("on its largest disk", least.DiskBytes, facts.Disks.Where(disk => !disk.Removable && !disk.ReadOnly).Select(disk => disk.SizeBytes).DefaultIfEmpty().Max(), Size)
            ?? Less("CPU threads", least.CpuThreads, Math.Max(facts.Cpu?.Threads ?? 0, facts.Cpu?.Cores ?? 0), Number)
            ?? Less("network interfaces", least.Nics, facts.NetDevs.Count, Number)
            ?? (least.NicSpeedMbps is { } speed
                ? Less($"interfaces of {Number(speed)} Mbit/s", least.Nics ?? 1, facts.NetDevs.Count(nic => nic.SpeedMbps >= speed), Number)
                : null)
            ?? Mismatch("vendor", least.Vendor, facts.Dmi?.Vendor)
            ?? Mismatch("product", least.Product, facts.Dmi?.Product);
    }

    private static string? Less(string what, long? required, long found, Func<long, string> text) =>
        required is { } least && found < least ? $"it has {text(found)} {what}, {text(least)} are required" : null;

    private static string? Mismatch(string what, string? pattern, string? found) =>
        pattern is null || FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), found ?? "", ignoreCase: true)
            ? null
            : $"its {what} is \"{found}\", \"{pattern}\" is required";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.##} MiB"),
    };
}
