using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>Single values in and out of a record's JSON. Reading is lenient: what has another form counts as absent.</summary>
internal static class RecordNodes
{
    public static string? Text(JsonObject fields, string key) =>
        fields[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;

    public static long? Number(JsonObject fields, string key) =>
        fields[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : null;

    public static int? SmallNumber(JsonObject fields, string key) =>
        Number(fields, key) is { } number && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static bool? Flag(JsonObject fields, string key) =>
        fields[key] is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? fields[key]!.GetValue<bool>() : null;

    // The first Mayu wrote Go's zero time where there was none.
    public static DateTimeOffset? Time(JsonObject fields, string key) =>
        Text(fields, key) is { } text && DateTimeOffset.TryParse(text, out var time) && time.Year > 1 ? time : null;

    public static ImmutableArray<string> Texts(JsonObject fields, string key) =>
        fields[key] is JsonArray items
            ? [.. items.OfType<JsonValue>().Where(i => i.GetValueKind() == JsonValueKind.String).Select(i => i.GetValue<string>())]
            : [];

    public static ImmutableSortedDictionary<string, string> Map(JsonObject fields, string key) =>
        fields[key] is JsonObject map
            ? Machine.NoStrings.AddRange(map.Where(p => p.Value?.GetValueKind() == JsonValueKind.String)
                .Select(p => KeyValuePair.Create(p.Key, p.Value!.GetValue<string>())))
            : Machine.NoStrings;

    public static void Put(JsonObject fields, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            fields[key] = value;
        }
    }

    public static void Put(JsonObject fields, string key, long? value)
    {
        if (value is { } number)
        {
            fields[key] = number;
        }
    }

    public static void Put(JsonObject fields, string key, bool? value)
    {
        if (value is { } flag)
        {
            fields[key] = flag;
        }
    }

    public static void Put(JsonObject fields, string key, DateTimeOffset? value) =>
        Put(fields, key, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"));

    public static void Put(JsonObject fields, string key, IEnumerable<string> values)
    {
        var items = new JsonArray();
        foreach (var value in values)
        {
            items.Add((JsonNode?)value);
        }

        if (items.Count > 0)
        {
            fields[key] = items;
        }
    }

    public static void Put(JsonObject fields, string key, IEnumerable<KeyValuePair<string, string>> values)
    {
        var map = new JsonObject(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
        if (map.Count > 0)
        {
            fields[key] = map;
        }
    }
}
