using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>Single values into a record's JSON. What is empty is left out.</summary>
internal static class RecordWriting
{
    /// <summary>Records are read by people and by git, never pasted into HTML: indented, and <c>+</c> and <c>ü</c> stay what they are.</summary>
    public static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Put(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            fields.WriteString(key, value);
        }
    }

    public static void Put(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, bool value)
    {
        if (value)
        {
            fields.WriteBoolean(key, value);
        }
    }

    public static void Put(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, DateTimeOffset? value) =>
        fields.Put(key, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"));

    public static void Put(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, ImmutableArray<MacAddress> values) =>
        fields.Put(key, values, static (writer, mac) => writer.WriteStringValue(mac.ToString()));

    public static void Put(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, ImmutableArray<string> values) =>
        fields.Put(key, values, static (writer, text) => writer.WriteStringValue(text));

    public static void Put<T>(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, ImmutableArray<T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.IsEmpty)
        {
            return;
        }

        fields.WriteStartArray(key);
        foreach (var value in values)
        {
            write(fields, value);
        }

        fields.WriteEndArray();
    }

    public static void Put<T>(this Utf8JsonWriter fields, ReadOnlySpan<byte> key, ImmutableSortedDictionary<string, T> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        fields.WriteStartObject(key);
        foreach (var (name, value) in values)
        {
            fields.WriteString(name, value?.ToString());
        }

        fields.WriteEndObject();
    }
}
