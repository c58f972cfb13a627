using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>Single values out of a record's JSON. Lenient: what has another form counts as absent.</summary>
internal static class RecordElements
{
    /// <summary>The value of a field; of no kind when it is absent, or null.</summary>
    public static JsonElement Value(JsonElement fields, ReadOnlySpan<byte> key) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    public static string? Text(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>A text that other machines are likely to have as well.</summary>
    public static string? CommonText(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.String } value && Common(value) is { Length: > 0 } text ? text : null;

    public static long? Number(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static int? SmallNumber(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static bool? Flag(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    // The first Mayu wrote Go's zero time where there was none.
    public static DateTimeOffset? Time(JsonElement fields, ReadOnlySpan<byte> key) =>
        Text(fields, key) is { } text && DateTimeOffset.TryParse(text, out var time) && time.Year > 1 ? time : null;

    public static ImmutableArray<string> Texts(JsonElement fields, ReadOnlySpan<byte> key) =>
        [.. Items(fields, key).Where(i => i.ValueKind == JsonValueKind.String).Select(Common)];

    /// <summary>A map of texts. Its keys are likely to be others' as well.</summary>
    /// <param name="fields">The object.</param>
    /// <param name="key">Its field.</param>
    /// <param name="common">Whether the values are, too. Not where one may be a secret: what is shared is kept for good.</param>
    public static ImmutableSortedDictionary<string, string> Map(JsonElement fields, ReadOnlySpan<byte> key, bool common)
    {
        if (Value(fields, key) is not { ValueKind: JsonValueKind.Object } map)
        {
            return Machine.NoStrings;
        }

        var texts = Machine.NoStrings;
        foreach (var field in map.EnumerateObject())
        {
            texts = field.Value.ValueKind == JsonValueKind.String ? texts.Add(SharedText.Of(field.Name), common ? Common(field.Value) : field.Value.GetString()!) : texts;
        }

        return texts;
    }

    /// <summary>The objects in a list.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement fields, ReadOnlySpan<byte> key) =>
        Items(fields, key).Where(i => i.ValueKind == JsonValueKind.Object);

    /// <summary>What is in a list; nothing when it is none.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement fields, ReadOnlySpan<byte> key) =>
        Value(fields, key) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string Common(JsonElement value)
    {
        // Without the quotes. Most have no escapes, and need no string of their own.
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (raw.Length > SharedText.MaxLength || !Ascii.IsValid(raw) || raw.Contains((byte)'\\'))
        {
            return SharedText.Of(value.GetString()!);
        }

        Span<char> text = stackalloc char[SharedText.MaxLength];
        return Ascii.ToUtf16(raw, text, out var length) == OperationStatus.Done ? SharedText.Of(text[..length]) : value.GetString()!;
    }
}
