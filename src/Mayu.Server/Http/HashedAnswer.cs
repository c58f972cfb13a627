using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Mayu.Server.Http;

/// <summary>A JSON body with an entity tag that is made of it (RFC 9110 §8.8.3): who has it already, and says so with <c>If-None-Match</c>, is answered 304.</summary>
/// <param name="value">The body.</param>
internal sealed class HashedAnswer<T>(T value) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(RequestParameter.OfText(
            RequestParameter.Header, "If-None-Match", "The ETag of an answer that you have: if it would be the same again, this one is 304, without a body.", "\"5f0c1d2e3a4b59687786958493a2b1c0\""));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
        return TypedResults.Bytes(bytes, "application/json; charset=utf-8", entityTag: tag).ExecuteAsync(httpContext);
    }
}
