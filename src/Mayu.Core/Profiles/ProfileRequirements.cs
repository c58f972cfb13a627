using System.Globalization;
using System.IO.Enumeration;
using Mayu.Core.Machines;

namespace Mayu.Core.Profiles;

/// <summary>The least that a machine must have to take a profile by itself. What is null asks for nothing.</summary>
public sealed record ProfileRequirements
{
    /// <summary>Asks for nothing.</summary>
    public static ProfileRequirements None { get; } = new();

    /// <summary>Main memory in bytes. Firmware keeps some for itself: a machine sold with 64 GiB shows a little less.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>One disk of this size in bytes, neither removable nor read-only.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Hardware threads over all sockets.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Network interfaces.</summary>
    public int? Nics { get; init; }

    /// <summary>The speed in Mbit/s that so many interfaces (<see cref="Nics"/>, or one) must reach. A link that is down tells no speed.</summary>
    public int? NicSpeedMbps { get; init; }

    /// <summary>The DMI system vendor; <c>*</c> and <c>?</c> stand for any text and any character, case does not count.</summary>
    public string? Vendor { get; init; }

    /// <summary>The DMI product name, likewise.</summary>
    public string? Product { get; init; }

    /// <summary>What a machine lacks, as half a sentence (<c>it has 8 GB of memory, 64 GB are required</c>); null when it has all.</summary>
    public string? Unmet(MachineFacts? facts)
    {
        if (this == None)
        {
            return null;
        }

        if (facts is null)
        {
            return "its hardware is not known";
        }

        return Less("of memory", MemoryBytes, facts.MemoryBytes ?? 0, Size)
            ?? Less("on its largest disk", DiskBytes, facts.Disks.Where(disk => !disk.Removable && !disk.ReadOnly).Select(disk => disk.SizeBytes).DefaultIfEmpty().Max(), Size)
            ?? Less("CPU threads", CpuThreads, facts.CpuThreads ?? facts.CpuCores ?? 0, Number)
            ?? Less("network interfaces", Nics, facts.NetworkInterfaces.Length, Number)
            ?? UnmetSpeed(facts)
            ?? Mismatch("vendor", Vendor, facts.Vendor)
            ?? Mismatch("product", Product, facts.Product);
    }

    private string? UnmetSpeed(MachineFacts facts) => NicSpeedMbps is { } speed
        ? Less($"interfaces of {Number(speed)} Mbit/s", Nics ?? 1, facts.NetworkInterfaces.Count(nic => nic.SpeedMbps >= speed), Number)
        : null;

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
