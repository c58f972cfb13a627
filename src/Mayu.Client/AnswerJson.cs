using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mayu.Client;

/// <summary>Reads the JSON of an answer, up to a size; its depth is the serializer's, 64.</summary>
public static class AnswerJson
{
    /// <summary>Reads an object of a type.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="type">The type.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="JsonException">It is no JSON of that type, or too long, or too deep.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type, int most)
        where T : class =>
        body.Length <= most ? JsonSerializer.Deserialize(body, type) : throw new JsonException($"it has {body.Length} bytes; at most {most} are allowed");
}
