using System.Globalization;
using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>Which machines are listed, in which order, and how much of each.</summary>
public sealed record MachineListRequest
{
    /// <summary>The machines (<c>rack=7,state!=running</c>); null: all.</summary>
    public string? Selector { get; init; }

    /// <summary>The fields of each, by their names in JSON; null: all. What is not asked for is not there.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>The field they are sorted by, with <c>-</c> before it for the last first; null: the serial.</summary>
    public string? Sort { get; init; }

    /// <summary>The serial after which the list begins; null: with the first.</summary>
    public string? After { get; init; }

    /// <summary>How many at most; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>The path and query that ask for it.</summary>
    internal string ToPath() => QueryText.Of(
        "api/v1/machines",
        ("selector", Selector),
        ("fields", Fields is null ? null : string.Join(',', Fields)),
        ("sort", Sort),
        ("after", After),
        ("limit", Limit?.ToString(CultureInfo.InvariantCulture)));
}
