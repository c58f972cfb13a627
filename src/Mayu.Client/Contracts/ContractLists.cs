using System.Collections.Immutable;

namespace Mayu.Client.Contracts;

/// <summary>What came over the wire, made safe to walk: no list, and no entry of a list, is null.</summary>
internal static class ContractLists
{
    /// <summary>The list without its null entries; an empty list for null.</summary>
    /// <remarks>Programs written in Go send <c>null</c> for an empty list, the first Mayu's infopusher among them.</remarks>
    public static IReadOnlyList<T> Clean<T>(IReadOnlyList<T>? list)
        where T : class => list switch
        {
            null => [],
            _ when list.Any(entry => entry is null) => [.. list.Where(entry => entry is not null)],
            _ => list,
        };

    /// <summary>The map without its null values; an empty map for null.</summary>
    public static IReadOnlyDictionary<string, string> Clean(IReadOnlyDictionary<string, string>? map) => map switch
    {
        null => ImmutableDictionary<string, string>.Empty,
        _ when map.Values.Any(value => value is null) => map.Where(entry => entry.Value is not null).ToImmutableDictionary(),
        _ => map,
    };
}
