using System.Diagnostics.CodeAnalysis;

namespace Mayu.Primitives;

/// <summary>
/// What the collector found in a machine, in the one form in which it is sent, kept in the record and shown. Every text comes from outside and
/// is only ever shown or encoded.
/// </summary>
/// <remarks>The names are the wire's, so some of them are written against C#'s custom.</remarks>
public record MachineFacts
{
    /// <summary><c>bios</c> or <c>uefi</c>, or null where the collector does not say.</summary>
    public string? Firmware { get; init; }

    /// <summary>What the firmware's DMI tables say, or null.</summary>
    public DmiFacts? Dmi { get; init; }

    /// <summary>The processors, or null.</summary>
    public CpuFacts? Cpu { get; init; }

    /// <summary>Memory that the kernel may use, in bytes, or null.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>MAC address of the board management controller, or null when not known.</summary>
    public string? IPMIMacAddress { get; init; }

    /// <summary>The physical network interfaces. Null on the wire, as programs written in Go have it, is none.</summary>
    [AllowNull]
    public IReadOnlyList<NetDev> NetDevs { get; init => field = WithoutNull(value); } = [];

    /// <summary>The physical disks; likewise.</summary>
    [AllowNull]
    public IReadOnlyList<DiskFacts> Disks { get; init => field = WithoutNull(value); } = [];

    /// <summary>Whether the two say the same; unlike <c>==</c>, which asks whether their lists are the same objects.</summary>
    public bool IsSameAs(MachineFacts other) =>
        (Firmware, Dmi, Cpu, MemoryBytes, IPMIMacAddress) == (other.Firmware, other.Dmi, other.Cpu, other.MemoryBytes, other.IPMIMacAddress)
        && NetDevs.SequenceEqual(other.NetDevs)
        && Disks.SequenceEqual(other.Disks);

    private static IReadOnlyList<T> WithoutNull<T>(IReadOnlyList<T>? list)
        where T : class => list is null ? [] : list.Contains(null!) ? [.. list.OfType<T>()] : list;
}
