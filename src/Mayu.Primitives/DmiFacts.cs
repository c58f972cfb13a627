namespace Mayu.Primitives;

/// <summary>What the firmware's DMI tables (SMBIOS types 1 to 3) say, trimmed; null for what they leave out.</summary>
public sealed record DmiFacts
{
    /// <summary>Type 1 manufacturer (<c>Dell Inc.</c>).</summary>
    public string? Vendor { get; init; }

    /// <summary>Type 1 product name (<c>PowerEdge R640</c>).</summary>
    public string? Product { get; init; }

    /// <summary>Type 1 version.</summary>
    public string? Version { get; init; }

    /// <summary>Type 1 serial number, as it is: it may be a vendor's placeholder.</summary>
    public string? Serial { get; init; }

    /// <summary>Type 1 UUID.</summary>
    public string? Uuid { get; init; }

    /// <summary>Type 2 serial number: the board's.</summary>
    public string? BoardSerial { get; init; }

    /// <summary>Type 3 asset tag: the chassis's.</summary>
    public string? ChassisAssetTag { get; init; }
}
