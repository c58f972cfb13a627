using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Core.Machines;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Mayu.Server.Http;

/// <summary>The body of a request, as JSON of the listener's context.</summary>
internal sealed class JsonBody<T>(T? value, Problem? problem) : RequestPart<T>(value, problem), IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } value
                ? new(value, problem: null)
                : Malformed("No JSON body", "The body must be a JSON object.");
        }
        catch (BadHttpRequestException e)
        {
            return new(value: null, RequestGuard.ProblemOf(e));
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Its framing is broken: nothing that a client of ours sends, and no reason for a stack in the log.
            return Malformed("The body cannot be read", e.Message);
        }
        catch (JsonException e)
        {
            // The parser's own message may quote the body; where it stands is enough. The reader's failure is inside, where the text is no JSON.
            var place = $"Line {e.LineNumber + 1 ?? 1}, byte {e.BytePositionInLine + 1 ?? 1}, at {e.Path ?? "$"}";
            return e.InnerException is JsonException
                ? Malformed("The body is not valid JSON", $"{place}.")
                : Malformed("The body has a wrong key or value", $"{place}: {JsonKeys.Fault(type, e.Path)}", JsonPath.FieldOf(e.Path));
        }
    }

    // No media type is named here: one that is would be demanded of clients, and machines post with whatever curl says by itself.
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new AcceptsMetadata([], typeof(T)));

    private static JsonBody<T> Malformed(string title, string detail, string? field = null) =>
        new(value: null, new Problem(StatusCodes.Status400BadRequest, title, detail) { Faults = field is null ? [] : [new FieldFault(field, detail)] });
}
