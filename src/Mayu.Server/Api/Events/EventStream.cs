using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: what happens to machines, as server-sent events, from now on or after the event that <c>Last-Event-ID</c> names. Every
/// reader reads one shared ring: one that is too slow gets an event <c>gap</c> with how many it missed, and one that reads nothing
/// any more is cut off by the listener.
/// </summary>
internal sealed class EventStream(BootTrace trace, MachineDirectory directory, EventReaders readers, EventIds ids, TimeProvider clock)
{
    private const int Portion = 128;

    private readonly EventLines _lines = new(trace.Events, ids);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/events", Answer).For(Role.Viewer)
        .WithName("watchEvents").WithSummary("What happens to machines, as server-sent events. Each has an id; data is a BootEvent.");

    private Results<EventAnswer<Contracts.BootEvent>, Problem> Answer(Query<EventsQuery> query, LastEventId last, HttpRequest request) =>
        readers.Answer<Contracts.BootEvent>(request, (writer, ended) => SendAsync(writer, query.Value.Of, last.Value, ended));

    private async Task SendAsync(EventWriter writer, Serial? of, string lastEventId, CancellationToken ended)
    {
        var last = Math.Min(ids.Read(lastEventId) ?? long.MaxValue, trace.Events.Newest);
        if (lastEventId.Length > 0 && ids.Read(lastEventId) is null)
        {
            await WriteGapAsync(writer, last, missed: null, ended);
        }
        else
        {
            // Headers go out with the first byte, and a client waits for them.
            await writer.WriteAsync(": watching\n\n"u8.ToArray(), ended);
        }

        var page = new List<EventLine>(Portion);
        while (true)
        {
            page.Clear();
            var missed = _lines.Read(last, page, Portion);
            if (missed > 0)
            {
                last += missed;
                await WriteGapAsync(writer, last, missed, ended);
                continue;
            }

            foreach (var line in page)
            {
                last = line.Number;
                if (of is not { } serial || IsOf(line.Happened, serial))
                {
                    await writer.WriteAsync(line.Bytes, ended);
                }
            }

            if (page.Count < Portion)
            {
                await writer.WaitAsync(trace.Events.WaitAsync(last, ended), ended);
            }
        }
    }

    private ValueTask WriteGapAsync(EventWriter writer, long last, long? missed, CancellationToken ended) =>
        writer.WriteAsync(EventLines.BytesOf(ids.Line(last), new Contracts.BootEvent { Kind = Contracts.BootEvent.GapKind, At = clock.GetUtcNow(), Missed = missed }), ended);

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
