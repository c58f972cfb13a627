using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>Which fields of a record differ, whoever wrote it.</summary>
internal static class FieldChanges
{
    /// <summary>The fields that differ, in ordinal order. What cannot be read has no fields.</summary>
    /// <param name="old">The former record; null when there was none.</param>
    /// <param name="next">The record; null when it is gone.</param>
    public static ImmutableArray<FieldChange> Between(byte[]? old, byte[]? next)
    {
        var (before, after) = (Fields(old), Fields(next));
        return
        [
            .. before.Select(f => f.Key).Union(after.Select(f => f.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(key => before.ContainsKey(key) != after.ContainsKey(key) || !JsonNode.DeepEquals(before[key], after[key]))
                .Select(key => new FieldChange(key, Text(before, key), Text(after, key))),
        ];
    }

    private static string? Text(JsonObject fields, string key) =>
        fields.TryGetPropertyValue(key, out var value) ? value?.ToJsonString() ?? "null" : null;

    private static JsonObject Fields(byte[]? record)
    {
        try
        {
            var fields = record is null ? null : BoundedJson.Node(record, RecordCodec.MaxBytes) as JsonObject;

            // A lone surrogate shows only when it is written.
            _ = fields?.ToJsonString();
            return fields ?? [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }
}
