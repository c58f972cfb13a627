using System.Text.Json;
using Mayu.Core.Selection;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Events;

/// <summary>
/// <c>GET /api/v1/events/machines</c>: the list of machines, and every change of it from then on, as server-sent events; or only the changes after the event that
/// <c>Last-Event-ID</c> names. A reader that applies them has the list that the server has.
/// </summary>
internal sealed class MachineStream(MachineFeed feed, MachineDirectory directory, EventReaders readers, EventIds ids)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/events/machines", Answer).For(Role.Viewer)
        .WithName("watchMachines").WithSummary("The machines, then their changes, as server-sent events; data is a MachineEvent. It resumes after Last-Event-ID, without a snapshot where it can.");

    private Results<EventAnswer<Contracts.MachineEvent>, Problem> Answer(Query<MachinesQuery> query, LastEventId last, HttpRequest request) =>
        readers.Answer<Contracts.MachineEvent>(request, (writer, ended) => SendAsync(writer, query.Value.Selector, last.Value, ended));

    private async Task SendAsync(EventWriter writer, Selector selector, string lastEventId, CancellationToken ended)
    {
        using var attached = feed.Attach();
        var reader = feed.Begin(selector, ids.Read(lastEventId), lastEventId.Length == 0 ? Contracts.MachineEvent.First : Contracts.MachineEvent.Restarted);
        // Headers go out with the first byte, and a client waits for them.
        await writer.WriteAsync(": watching\n\n"u8.ToArray(), ended);
        var page = new List<FeedEvent>();
        while (true)
        {
            page.Clear();
            feed.Read(reader, page);
            foreach (var one in page)
            {
                await WriteAsync(writer, one, ended);
            }

            if (reader.IsCurrent)
            {
                await writer.WaitAsync(feed.WaitAsync(reader.Position), ended);
            }
        }
    }

    private async ValueTask WriteAsync(EventWriter writer, FeedEvent one, CancellationToken ended)
    {
        // What is not there any more by now is a delete further on.
        if (BytesOf(one) is not { } bytes)
        {
            return;
        }

        if (one.Id is { } id)
        {
            await writer.WriteAsync(ids.Line(id), ended);
        }

        await writer.WriteAsync(bytes, ended);
    }

    private byte[]? BytesOf(in FeedEvent one) => one.Kind switch
    {
        FeedEventKind.Snapshot => Text("event: snapshot\ndata: "u8, new Contracts.MachineEvent { Kind = Contracts.MachineEvent.SnapshotKind, Reason = one.Reason }),
        FeedEventKind.Synced => Text("event: synced\ndata: "u8, new Contracts.MachineEvent { Kind = Contracts.MachineEvent.SyncedKind }),
        FeedEventKind.Delete => Text("event: delete\ndata: "u8, new Contracts.MachineEvent { Kind = Contracts.MachineEvent.DeleteKind, Serial = one.State!.Serial.Text, Revision = one.State.Revision }),
        _ => one.State!.Bytes ??= UpsertOf(one.State),
    };

    private byte[]? UpsertOf(FeedState state) => directory.ViewOf(state.Serial, state.Record) is not { } view ? null : Text(
        "event: upsert\ndata: "u8, new Contracts.MachineEvent { Kind = Contracts.MachineEvent.UpsertKind, Serial = state.Serial.Text, Revision = state.Revision, Machine = view });

    private static byte[] Text(ReadOnlySpan<byte> beginning, Contracts.MachineEvent data) =>
        [.. beginning, .. JsonSerializer.SerializeToUtf8Bytes(data, Contracts.ApiJsonContext.Default.MachineEvent), .. "\n\n"u8];

    internal sealed record MachinesQuery(Selector Selector) : IQuery<MachinesQuery>
    {
        public static MachinesQuery Read(QueryReader query) => new(query.Selector());
    }
}
