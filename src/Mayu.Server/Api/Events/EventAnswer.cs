using System.Reflection;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Api.Events;

/// <summary>Answers events, one after the other, until who reads them has gone.</summary>
/// <typeparam name="T">What the data of each event is.</typeparam>
internal sealed class EventAnswer<T>(Func<HttpContext, Task> send) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["text/event-stream"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream; charset=utf-8";
        return send(httpContext);
    }
}

/// <summary>The header <c>Last-Event-ID</c>; empty when there is none.</summary>
internal sealed class LastEventId(string id) : RequestPart<string>(id, problem: null), IEndpointParameterMetadataProvider
{
    private const string Name = "Last-Event-ID";

    public static ValueTask<LastEventId?> BindAsync(HttpContext context) => ValueTask.FromResult<LastEventId?>(new(context.Request.Headers[Name].ToString()));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(RequestParameter.OfText(RequestParameter.Header, Name, "The id of the last event that you have: the stream resumes after it.", "8df4dfbe5bac403-7"));
}
