using System.Collections.Immutable;
using Mayu.Core.Addresses;

namespace Mayu.Core.Machines;

/// <summary>A second machine that says it has a serial which belongs to another.</summary>
/// <param name="Uuid">Its DMI UUID, if it has a usable one.</param>
/// <param name="MacAddresses">Its MACs, the boot interface's first.</param>
/// <param name="At">When it was first seen.</param>
public sealed record IdentityClaim(Guid? Uuid, ImmutableArray<MacAddress> MacAddresses, DateTimeOffset At)
{
    /// <summary>Whether the two say the same; unlike <c>==</c>, which asks whether their lists are the same objects.</summary>
    public bool IsSameAs(IdentityClaim other) => Uuid == other.Uuid && At == other.At && MacAddresses.SequenceEqual(other.MacAddresses);

    /// <inheritdoc/>
    public override string ToString() => $"MAC {string.Join(", ", MacAddresses)}, UUID {Uuid?.ToString("D") ?? "none"}";
}
