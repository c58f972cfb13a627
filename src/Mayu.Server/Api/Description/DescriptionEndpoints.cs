using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Mayu.Server.Api.Description;

/// <summary>
/// <c>GET /openapi/v1.json</c> and <c>GET /docs</c>: what the API can be asked, for programs and for people. Both are for everybody: they tell of the program,
/// and nothing of the machines. They are made at the first request and kept.
/// </summary>
/// <param name="routes">The routes of the listener, when all are there.</param>
internal sealed class DescriptionEndpoints(Func<IEnumerable<RouteEndpoint>> routes)
{
    private readonly Lazy<Made> _made = new(() => Make(routes()));

    public void Map(IEndpointRouteBuilder listener)
    {
        listener.MapGet("/openapi/v1.json", (HttpResponse response) => Answer(response, _made.Value.Document, "application/json")).ForAll()
            .WithName("getDescription").WithSummary("This description, as OpenAPI 3.1.")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(JsonObject), ["application/json"]));
        listener.MapGet("/docs", (HttpResponse response) =>
        {
            // Its own style is all that the page may load.
            response.Headers.ContentSecurityPolicy = DescriptionPage.SecurityPolicy;
            return Answer(response, _made.Value.Page, "text/html; charset=utf-8");
        }).ForAll()
            .WithName("getDescriptionPage").WithSummary("This description, as a page to read.")
            .WithMetadata(ProducedText.Of("text/html"));
    }

    private static Made Make(IEnumerable<RouteEndpoint> routes)
    {
        var document = OpenApiDocument.Of(routes);
        return new Made(new Tagged(Encoding.UTF8.GetBytes(document.ToJsonString())), new Tagged(Encoding.UTF8.GetBytes(DescriptionPage.Of(document))));
    }

    private static FileContentHttpResult Answer(HttpResponse response, Tagged made, string contentType)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.File(made.Bytes, contentType, entityTag: made.Tag);
    }

    private sealed record Made(Tagged Document, Tagged Page);

    private sealed class Tagged(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public EntityTagHeaderValue Tag { get; } = new($"\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
    }
}
