using System.Text.Json.Nodes;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Idempotency;

/// <summary>Says of routes that they take an idempotency key.</summary>
internal static class IdempotentRoutes
{
    private static readonly RequestParameter Key = new(
        RequestParameter.Header,
        IdempotentRequests.Header,
        "A text of your choice in quotes, another one for each other request. If you repeat a request with its key, because its answer did not arrive, you get that answer, "
            + "and nothing is done twice: for 24 hours, or until the server starts again.",
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
        new JsonObject { ["type"] = "string", ["maxLength"] = IdempotentRequests.MaxKey + 2 });

    /// <summary>Says it of each route of a group that changes something.</summary>
    public static IEndpointRouteBuilder WithIdempotencyKeys(this IEndpointRouteBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Add(static route =>
        {
            if (route.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods.All(IdempotentRequests.IsChange))
            {
                route.Metadata.Add(Key);
            }
        });
        return routes;
    }
}

/// <summary>Says of a route that its answer has a secret in it, which is kept for a short time only.</summary>
/// <param name="Lifetime">How long.</param>
internal sealed record SecretAnswer(TimeSpan Lifetime);
