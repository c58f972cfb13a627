namespace Mayu.Primitives;

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
}
