using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Http;

/// <summary>A JSON body with the entity tag of what it shows (RFC 9110 §8.8.3).</summary>
/// <param name="value">The body.</param>
/// <param name="tag">The tag, in quotes; null: what it shows has none.</param>
internal sealed class TaggedAnswer<T>(T value, string? tag) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (tag is not null)
        {
            httpContext.Response.Headers.ETag = tag;
        }

        return TypedResults.Ok(value).ExecuteAsync(httpContext);
    }
}
