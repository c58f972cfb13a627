using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>
/// What the collector found on a machine: the body of <c>POST /final-ignition-config.json</c> and
/// <c>POST /final-cloud-config.yaml</c>, a superset of what the first Mayu's infopusher sent.
/// </summary>
/// <remarks>
/// The names are the wire's, so some of them are written against C#'s custom. Everything in it was said by a machine:
/// nothing is checked but the shape.
/// </remarks>
public sealed record FactsReport
{
    /// <summary>The identity the collector chose; the server decides again. Empty where it sent none.</summary>
    [AllowNull]
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary>DMI system UUID as the firmware says it, or null.</summary>
    public string? Uuid { get; init; }

    /// <summary>The physical network interfaces.</summary>
    [AllowNull]
    public IReadOnlyList<NetDev> NetDevs { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Name of the interface the machine booted from, else of the first one with a link, or null.</summary>
    public string? ConnectedNIC { get; init; }

    /// <summary>Address of the board management controller, or null when not known.</summary>
    public string? IPMIAddress { get; init; }

    /// <summary>MAC address of the board management controller, or null when not known.</summary>
    public string? IPMIMacAddress { get; init; }

    /// <summary><c>bios</c> or <c>uefi</c>, or null where the collector does not say.</summary>
    public string? Firmware { get; init; }

    /// <summary>What the firmware's DMI tables say, or null.</summary>
    public DmiFacts? Dmi { get; init; }

    /// <summary>The physical disks.</summary>
    [AllowNull]
    public IReadOnlyList<DiskFacts> Disks { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The processors, or null.</summary>
    public CpuFacts? Cpu { get; init; }

    /// <summary>Memory that the kernel may use, in bytes, or null.</summary>
    public long? MemoryBytes { get; init; }
}
