namespace Mayu.Lab.Server;

/// <summary>A profile as the lab writes it into the server's configuration.</summary>
public sealed record LabProfile
{
    public required string Name { get; init; }

    /// <summary>How many machines may take it; null for <c>default</c>, which has no limit.</summary>
    public int? Quantity { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How its live systems get their config; as Mayu does by itself when null.</summary>
    public string? TokenDelivery { get; init; }

    /// <summary>The image its machines install; the default one when null.</summary>
    public string? Image { get; init; }
}
