using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Client.Contracts;

/// <summary>A profile, and how many of its slots are taken.</summary>
public sealed record ProfileUse
{
    /// <summary>Its name.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>How many machines may take it; null for <c>default</c>, which is never full, and for one that the configuration lost.</summary>
    public int? Quantity { get; init; }

    /// <summary>How many machines have it.</summary>
    public int Used { get; init; }

    /// <summary>How many slots are kept for pinned machines to come.</summary>
    public int Pinned { get; init; }

    /// <summary>How many more machines may take it; null where there is no limit.</summary>
    public int? Free { get; init; }

    /// <summary>Whether more machines have it, or are pinned to it, than it has slots.</summary>
    public bool OverFull { get; init; }

    /// <summary>What a machine must have to take it by itself, or null where it asks for nothing.</summary>
    public ProfileRequirements? Requires { get; init; }

    /// <summary>The machines that have it, at most 100 of them; only for a profile that the configuration lost.</summary>
    public IReadOnlyList<string>? Serials { get; init; }
}
