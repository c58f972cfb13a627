namespace Mayu.Client.Contracts;

/// <summary>The least that a machine must have to take a profile by itself. What is null asks for nothing.</summary>
public sealed record ProfileRequirements
{
    /// <summary>Main memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>One disk of this size in bytes.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Hardware threads over all sockets.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Network interfaces.</summary>
    public int? Nics { get; init; }

    /// <summary>The speed in Mbit/s that so many interfaces must reach.</summary>
    public int? NicSpeedMbps { get; init; }

    /// <summary>The DMI system vendor, with <c>*</c> and <c>?</c>.</summary>
    public string? Vendor { get; init; }

    /// <summary>The DMI product name, likewise.</summary>
    public string? Product { get; init; }
}
