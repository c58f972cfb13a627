using System.Text.Json.Serialization.Metadata;
using Mayu.Primitives;

namespace Mayu.Server.Http;

/// <summary>What the keys of a JSON object are, for who wrote another one.</summary>
internal static class JsonKeys
{
    /// <summary>What is wrong at a path, as the end of a sentence with its full stop or question mark: the serializer's own message may quote the body.</summary>
    /// <param name="type">What the whole was to be.</param>
    /// <param name="path">Where reading ended.</param>
    public static string Fault(JsonTypeInfo type, string? path)
    {
        var comparison = type.Options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var name in JsonPath.NamesOf(path))
        {
            if (type.Kind != JsonTypeInfoKind.Object)
            {
                break;
            }

            if (type.Properties.FirstOrDefault(property => property.Name.Equals(name, comparison)) is not { } property)
            {
                return Suggestion.For(name, type.Properties.Select(known => known.Name)) is { Length: > 0 } meant ? "there is no such key" + meant : "there is no such key.";
            }

            if (!type.Options.TryGetTypeInfo(property.PropertyType, out var next))
            {
                break;
            }

            type = next;
        }

        return "it is there twice, or its value is of another type.";
    }
}
