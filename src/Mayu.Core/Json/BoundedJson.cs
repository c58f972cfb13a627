using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Mayu.Primitives;

namespace Mayu.Core.Json;

/// <summary>
/// Reads JSON up to a size and a depth, which are looked at before anything is built of it; a name that is there twice in one object is
/// refused, and so is what is no UTF-8. Each value takes a byte or more, so the size bounds their number too.
/// </summary>
public static class BoundedJson
{
    /// <summary>How deep objects and lists may stand in one another. Facts nest four deep.</summary>
    public const int MaxDepth = 32;

    private const int LongestNumber = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a document; the bytes must stay as they are until it is disposed.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="JsonException">It is no JSON, or too long, or too deep.</exception>
    public static JsonDocument Document(ReadOnlyMemory<byte> utf8, int most)
    {
        Check(utf8.Span, most);
        return JsonDocument.Parse(utf8, Strict);
    }

    /// <summary>Reads a node.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="JsonException">It is no JSON, or too long, or too deep.</exception>
    public static JsonNode? Node(ReadOnlySpan<byte> utf8, int most)
    {
        Check(utf8, most);
        return JsonNode.Parse(utf8, documentOptions: Strict);
    }

    /// <summary>Reads one value.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="most">The most characters that it may have.</param>
    /// <exception cref="JsonException">It is no JSON, or too long, or too deep.</exception>
    public static JsonElement Element(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckLength(text.Length, most);
        return JsonElement.Parse(text, Strict);
    }

    /// <summary>A number with all its digits, as it stands.</summary>
    /// <param name="text">The number (RFC 8259 §6).</param>
    /// <exception cref="JsonException">It is none, or has more than a mebibyte of digits.</exception>
    public static JsonNode Number(string text) => JsonValue.Create(Element(text, LongestNumber))!;

    /// <summary>Reads an object of a type, whose own properties bound its depth.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="type">The type.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="JsonException">It is no JSON of that type, or too long, or deeper than the serializer's 64.</exception>
    public static T? Value<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, int most)
        where T : class
    {
        Check(utf8, most);
        return JsonSerializer.Deserialize(utf8, type);
    }

    /// <summary>What is wrong with a text, and where: lines and bytes are counted from 1, as editors do.</summary>
    /// <param name="failure">What reading it came to.</param>
    public static string Describe(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure is not JsonException { LineNumber: { } lines, BytePositionInLine: { } bytes })
        {
            return failure.Reason();
        }

        // The reader's sentence ends with the place, counted from 0.
        var text = Before(" Path: ", Before(" LineNumber: ", failure.Message));
        return string.Create(CultureInfo.InvariantCulture, $"line {lines + 1}, byte {bytes + 1}: {FailureText.Unended(text)}");

        static string Before(string part, string text) => text.LastIndexOf(part, StringComparison.Ordinal) is > 0 and var at ? text[..at] : text;
    }

    // Of what is no UTF-8 the parser says so only when it is read, or never.
    private static void Check(ReadOnlySpan<byte> utf8, int most)
    {
        CheckLength(utf8.Length, most);
        if (!Utf8.IsValid(utf8))
        {
            throw new JsonException("it is not UTF-8");
        }
    }

    private static void CheckLength(int length, int most)
    {
        if (length > most)
        {
            throw new JsonException($"it has {length} bytes; at most {most} are allowed");
        }
    }
}
