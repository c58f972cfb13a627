using System.Diagnostics.CodeAnalysis;

namespace Mayu.Primitives;

/// <summary>One physical disk.</summary>
public sealed record DiskFacts
{
    /// <summary>The kernel's name, without <c>/dev/</c> (<c>sda</c>, <c>nvme0n1</c>).</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Size in bytes; 0 for a drive without a medium.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Vendor's model name, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The disk's own serial number, or null.</summary>
    public string? Serial { get; init; }

    /// <summary>World-wide name (<c>naa.…</c>, <c>eui.…</c>, <c>t10.…</c>), or null.</summary>
    public string? Wwn { get; init; }

    /// <summary>True for spinning disks, false for flash, or null where the kernel does not say.</summary>
    public bool? Rotational { get; init; }

    /// <summary>True for sticks and card readers.</summary>
    public bool Removable { get; init; }

    /// <summary>True where it cannot be written.</summary>
    public bool ReadOnly { get; init; }
}
