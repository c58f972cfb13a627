using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>
/// <c>GET /api/v1/events</c>: what happens to machines, as server-sent events, from now on or after the event that <c>Last-Event-ID</c> names. Every
/// watcher reads one shared ring: one that is too slow gets an event <c>gap</c> with how many it missed, and one that reads nothing
/// any more is cut off by the listener.
/// </summary>
internal sealed class EventStream(BootTrace trace, MachineDirectory directory, TimeProvider clock, CancellationToken stopping)
{
    private const int MaxWatchers = 64;
    private const int Portion = 128;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Numbers begin anew with each start of the server.
    private readonly string _epoch = clock.GetUtcNow().UtcTicks.ToString("x", CultureInfo.InvariantCulture);
    private int _watchers;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/events", Answer).For(Role.Viewer)
        .WithName("watchEvents").WithSummary("What happens to machines, as server-sent events. Each has an id; data is a BootEvent.");

    private Results<EventAnswer, Problem> Answer(Query<EventsQuery> query, LastEventId last, HttpRequest request)
    {
        if (HttpMethods.IsHead(request.Method))
        {
            return new EventAnswer(_ => Task.CompletedTask);
        }

        if (Interlocked.Increment(ref _watchers) <= MaxWatchers)
        {
            return new EventAnswer(context => SendAsync(context, query.Value.Of, last.Value));
        }

        Interlocked.Decrement(ref _watchers);
        return new Problem(StatusCodes.Status503ServiceUnavailable, "Too many watchers", $"{MaxWatchers} programs already watch the events. Close one, or try again later.");
    }

    private async Task SendAsync(HttpContext context, Serial? of, string lastEventId)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context.Response, of, lastEventId, ended.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The stream ends in order; who watches comes back when the server does.
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task SendAsync(HttpResponse response, Serial? of, string lastEventId, CancellationToken ended)
    {
        var (last, isOther) = Begin(lastEventId);
        if (isOther)
        {
            await response.WriteAsync($"id: {_epoch}-{last}\nevent: gap\ndata: {{}}\n\n", ended);
        }
        else
        {
            // Headers go out with the first byte, and a client waits for them.
            await response.WriteAsync(": watching\n\n", ended);
        }

        await response.Body.FlushAsync(ended);
        while (true)
        {
            var events = trace.Events.Read(last, Portion, out var missed);
            if (missed > 0)
            {
                last += missed;
                await response.WriteAsync($"id: {_epoch}-{last}\nevent: gap\ndata: {{\"missed\":{missed}}}\n\n", ended);
            }

            foreach (var (number, happened) in events)
            {
                last = number;
                if (of is not { } serial || IsOf(happened, serial))
                {
                    await WriteAsync(response, number, happened, ended);
                }
            }

            await response.Body.FlushAsync(ended);
            await WaitAsync(response, last, ended);
        }
    }

    private (long Last, bool IsOther) Begin(string lastEventId)
    {
        var parts = lastEventId.Split('-');
        if (parts is [var epoch, var number] && epoch == _epoch && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            return (Math.Min(last, trace.Events.Newest), false);
        }

        return (trace.Events.Newest, lastEventId.Length > 0);
    }

    private async Task WaitAsync(HttpResponse response, long last, CancellationToken ended)
    {
        var next = trace.Events.WaitAsync(last, ended);
        while (true)
        {
            try
            {
                await next.WaitAsync(Heartbeat, clock, ended);
                return;
            }
            catch (TimeoutException)
            {
                await response.WriteAsync(": heartbeat\n\n", ended);
                await response.Body.FlushAsync(ended);
            }
        }
    }

    private async Task WriteAsync(HttpResponse response, long number, BootEvent happened, CancellationToken ended)
    {
        var view = new Contracts.BootEvent
        {
            Kind = happened.Kind.ToString().ToLowerInvariant(),
            At = happened.At,
            Serial = happened.Serial?.Text,
            MacAddress = happened.Mac?.ToString(),
            Hop = MachineView.HopOf(happened.Hop),
            State = happened.State is { } state ? Lifecycle.NameOf(state) : null,
            Before = happened.Before is { } before ? Lifecycle.NameOf(before) : null,
            Stall = MachineView.StallOf(happened.Stall),
        };
        await response.WriteAsync($"id: {_epoch}-{number}\nevent: {view.Kind}\ndata: ", ended);
        await JsonSerializer.SerializeAsync(response.Body, view, Contracts.ApiJsonContext.Default.BootEvent, ended);
        await response.WriteAsync("\n\n", ended);
    }

    // Asked anew for each event: a stranger gets its serial on the way.
    private bool IsOf(BootEvent happened, Serial asked)
    {
        if (happened.Serial == asked)
        {
            return true;
        }

        return MacAddress.TryParse(asked.Text, out var mac)
            && (happened.Mac == mac || (happened.Serial is { } serial && serial == directory.SerialOf(mac)));
    }

    internal sealed record EventsQuery(Serial? Of) : IQuery<EventsQuery>
    {
        public static EventsQuery Read(QueryReader query) => new(query.Serial("of", "The serial or MAC of one machine. Default: all."));
    }
}

/// <summary>Answers events, one after the other, until who watches has gone.</summary>
internal sealed class EventAnswer(Func<HttpContext, Task> send) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Contracts.BootEvent), ["text/event-stream"]));

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
