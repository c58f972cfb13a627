using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Http;

/// <summary>
/// Answers <c>{"items": […]}</c>, and makes each item only when it is its turn: ten thousand machines are 30 MB of JSON, and more as objects.
/// </summary>
/// <param name="items">The items.</param>
/// <param name="type">How each is written.</param>
/// <param name="isBare">Whether the answer is the list itself, without an object around it.</param>
[SuppressMessage("Design", "MA0016:Prefer using collection abstraction", Justification = "JsonTypeInfo is what the serializer takes")]
internal sealed class ListAnswer<T>(IEnumerable<T> items, JsonTypeInfo<T> type, bool isBare = false) : IResult, IEndpointMetadataProvider
    where T : class
{
    private const int Portion = 32 << 10;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ItemList<T>), ["application/json"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        var body = httpContext.Response.BodyWriter;
        await using var writer = new Utf8JsonWriter(body);
        if (!isBare)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("items"u8);
        }

        writer.WriteStartArray();
        var sent = 0L;
        foreach (var item in items)
        {
            JsonSerializer.Serialize(writer, item, type);
            if (writer.BytesCommitted + writer.BytesPending - sent >= Portion)
            {
                sent = writer.BytesCommitted + writer.BytesPending;
                await writer.FlushAsync(httpContext.RequestAborted);
                if ((await body.FlushAsync(httpContext.RequestAborted)).IsCompleted)
                {
                    return;
                }
            }
        }

        writer.WriteEndArray();
        if (!isBare)
        {
            writer.WriteEndObject();
        }
    }
}
