using System.Net;

namespace Mayu.Lab.Rack;

/// <summary>How a rack is laid out.</summary>
public sealed record RackOptions
{
    /// <summary>The bridge, inside the namespace; the server listens on it.</summary>
    public string Bridge { get; init; } = "br0";

    /// <summary>The bridge's address.</summary>
    public IPAddress Address { get; init; } = new([10, 77, 0, 1]);

    public int PrefixLength { get; init; } = 24;

    /// <summary>Where disks and logs go; a folder of its own under the system's temporary one when null.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Leaves the work folder behind.</summary>
    public bool KeepWorkFolder { get; init; }
}
