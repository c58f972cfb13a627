using System.Collections.Immutable;
using Mayu.Core.Identity;
using Mayu.Primitives;

namespace Mayu.Core.Assignment;

/// <summary>What a machine says of itself when it asks for its config.</summary>
public sealed record FactsReceived
{
    /// <summary>What tells it from others; lists all its MACs.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>
    /// The serial that it asks as, where its report says so besides its DMI fields: its boot script told it, or who ran the collector. No
    /// evidence, but what contradicts the evidence is a conflict.
    /// </summary>
    public Serial? Claimed { get; init; }

    /// <summary>Its DMI UUID, when usable.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Its MACs, the boot interface's first.</summary>
    public required ImmutableArray<MacAddress> MacAddresses { get; init; }

    /// <summary>The interface it boots from.</summary>
    public string? ConnectedNic { get; init; }

    /// <summary>Address of its BMC.</summary>
    public Ipv4? BmcAddress { get; init; }

    /// <summary>All else that was found.</summary>
    public MachineFacts? Facts { get; init; }

    /// <summary>How it is called before it is decided who it is: for logs, and as the author of its changes.</summary>
    public string Caller => (Claimed ?? Evidence.Serial)?.Text ?? Evidence.Uuid?.ToString("D") ?? Evidence.BootMac?.ToString() ?? "without a name";
}
