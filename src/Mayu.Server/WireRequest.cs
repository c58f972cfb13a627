using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Primitives;
using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server;

/// <summary>Reads what requests of both listeners have in common.</summary>
internal static class WireRequest
{
    /// <summary>The serial in the path, or an answered 400.</summary>
    public static async Task<Serial?> SerialAsync(HttpContext context)
    {
        if (Serial.TryParse(Segment(context, "serial"), out var serial, out var refusal))
        {
            return serial;
        }

        await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "No serial", $"The serial in the path cannot be used: {refusal}.");
        return null;
    }

    /// <summary>The body as JSON, or an answered 400.</summary>
    [SuppressMessage("Design", "MA0016:Prefer using collection abstraction", Justification = "JsonTypeInfo is what the serializer takes")]
    public static async Task<T?> JsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } value)
            {
                return value;
            }

            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "No JSON body", "The body must be a JSON object.");
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // Its framing is broken: nothing that a client of ours sends, and no reason for a stack in the log.
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The body cannot be read", e.Message);
        }
        catch (JsonException e)
        {
            // The parser's own message may quote the body; where it stands is enough.
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The body is no valid JSON",
                $"Line {e.LineNumber + 1 ?? 1}, byte {e.BytePositionInLine ?? 0}, at {e.Path ?? "$"}.");
        }

        return null;
    }

    /// <summary>A segment of the path, decoded.</summary>
    /// <remarks>
    /// The web server decodes a path but for %2F, which would divide it. Vendors write slashes into serials (/0001/CN7016…),
    /// so the segment is decoded from what stood on the wire.
    /// </remarks>
    public static string? Segment(HttpContext context, string name)
    {
        const string Slash = "%2F";
        var routeValue = (string?)context.Request.RouteValues[name];
        if (routeValue is null || !routeValue.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return routeValue;
        }

        var path = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];
        var segment = Array.Find(path.Split('/'), raw =>
            Uri.UnescapeDataString(raw.Replace(Slash, "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)) == routeValue);
        return segment is null ? routeValue : Uri.UnescapeDataString(segment);
    }
}
