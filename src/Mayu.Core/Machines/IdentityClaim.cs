using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>Somebody who may be a machine on record and may be another: what it said of itself.</summary>
/// <param name="Serial">The serial that it says, if it has a usable one.</param>
/// <param name="Uuid">Its DMI UUID, if it has a usable one.</param>
/// <param name="MacAddresses">Its MACs, the boot interface's first.</param>
/// <param name="At">When it was first seen.</param>
public sealed record IdentityClaim(Serial? Serial, Guid? Uuid, ImmutableArray<MacAddress> MacAddresses, DateTimeOffset At)
{
    /// <summary>Why it may be the machine and may be not; null in records of the first Mayu.</summary>
    public string? Why { get; init; }

    /// <summary>What an operator can do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>The other machines that it may be.</summary>
    public ImmutableArray<Serial> Others { get; init; } = [];

    /// <summary>Whether the two say the same; unlike <c>==</c>, which asks whether their lists are the same objects.</summary>
    public bool IsSameAs(IdentityClaim other) =>
        this with { MacAddresses = [], Others = [] } == other with { MacAddresses = [], Others = [] }
        && MacAddresses.SequenceEqual(other.MacAddresses) && Others.SequenceEqual(other.Others);

    /// <summary>Whether the two are of one who says the same of itself, whenever that was and whoever was on record then.</summary>
    public bool IsSameClaimant(IdentityClaim other) => Serial == other.Serial && Uuid == other.Uuid && MacAddresses.SequenceEqual(other.MacAddresses);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Serial is { } serial ? $"serial {serial}, " : "")}MAC {string.Join(", ", MacAddresses)}, UUID {Uuid?.ToString("D") ?? "none"}";
}
