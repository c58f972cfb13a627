using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Http;

/// <summary>Answers bytes that were made for this request.</summary>
internal sealed class BytesAnswer(byte[] bytes) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), ["application/octet-stream"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        (httpContext.Response.ContentType, httpContext.Response.ContentLength) = ("application/octet-stream", bytes.Length);
        return httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
