using Microsoft.AspNetCore.Http.Features;

namespace Mayu.Server.Http;

/// <summary>Where a listener maps its handlers. What HTTP says of every route is said here once.</summary>
internal static class ListenerRoutes
{
    /// <summary>Begins the routes of a listener.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="isStrict">Whether a query or a condition that a handler does not read is refused. Firmware adds to a URL what it likes.</param>
    public static IEndpointRouteBuilder Of(WebApplication listener, bool isStrict)
    {
        var routes = listener.MapGroup("").AddEndpointFilter((context, next) =>
        {
            if (HttpMethods.IsHead(context.HttpContext.Request.Method))
            {
                // The web server sends no body to HTTP/1; to HTTP/2 it would send what is written to its pipe.
                context.HttpContext.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            }

            var parts = context.Arguments.OfType<RequestPart>().ToList();
            var refused = parts.Find(part => part.Refused is not null)?.Refused ?? (isStrict ? Unread(context.HttpContext.Request, parts) : null);
            return refused is null ? next(context) : ValueTask.FromResult<object?>(refused);
        });
        ((IEndpointConventionBuilder)routes).Add(AnswerHead);
        return routes;
    }

    /// <summary>A route that a library maps for every method is for reading alone.</summary>
    public static TRoute ForReading<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));

    /// <summary>Has a problem be the answer to what no route takes.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="hint">Where its paths are found.</param>
    public static void NameUnknown(this WebApplication listener, string hint) => listener.Use(async (context, next) =>
    {
        await next(context);
        var response = context.Response;
        // No handler of ours answers either of them without a body.
        if (response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status404NotFound })
        {
            await new Problem(StatusCodes.Status404NotFound, "Not found", hint).ExecuteAsync(context);
        }
        else if (response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status405MethodNotAllowed })
        {
            await new Problem(StatusCodes.Status405MethodNotAllowed, "Method not allowed", $"This path answers {response.Headers.Allow} only.").ExecuteAsync(context);
        }
    });

    // Who sends a condition must not have the change made without it (RFC 9110 §13.1).
    private static Problem? Unread(HttpRequest request, List<RequestPart> parts)
    {
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return request.Query.Count > 0 && !parts.Exists(part => part.IsQuery) ? Problem.Invalid("This request takes no parameters.")
            : changes && request.Headers.IfNoneMatch.Count > 0 ? Problem.Invalid("This request takes no If-None-Match.")
            : changes && request.Headers.IfMatch.Count > 0 && !parts.Exists(part => part.IsPrecondition) ? Problem.Invalid("This request takes no If-Match.")
            : null;
    }

    // RFC 9110 §9.1: every server takes GET and HEAD.
    private static void AnswerHead(EndpointBuilder route)
    {
        if (route.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods is [var only] && HttpMethods.IsGet(only))
        {
            route.Metadata.Remove(methods);
            route.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }
}
