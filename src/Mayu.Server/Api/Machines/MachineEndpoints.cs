using Mayu.Core.Machines;
using Mayu.Server.Access;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>Machines: list and look at, as they are and as they were.</summary>
internal sealed class MachineEndpoints(MachineDirectory directory, IMachineStore store)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/machines", (Query<MachineList> query) =>
            new ListAnswer<Contracts.Machine>(query.Value.Of(directory.All(query.Value.Selector)), query.Value.Type)).For(Role.Viewer)
            .WithName("listMachines").WithSummary("Machines by serial, also those that were seen booting and have no record yet (hasRecord).");
        routes.MapGet("/api/v1/machines/{serial}", ShowAsync).For(Role.Viewer)
            .WithName("getMachine").WithSummary("A machine as it is, or as it was.");
    }

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> ShowAsync(Query<PointQuery> query, SerialSegment asked, CancellationToken aborted)
    {
        var serial = asked.Value;
        if (query.Value.At is not { } at)
        {
            return store.Current.Find(serial) is { } machine ? new TaggedAnswer<Contracts.Machine>(directory.ViewOf(machine), IfMatch.TagOf(machine))
                : directory.Find(serial) is { } sighted ? new TaggedAnswer<Contracts.Machine>(sighted, tag: null)
                : Problem.Of(directory.NotFound(serial));
        }

        return await store.MachineAtAsync(serial, at, aborted) is { } earlier
            ? new TaggedAnswer<Contracts.Machine>(MachineView.Of(earlier, trace: null, stall: null), tag: null)
            : Problem.Of(new Refusal(RefusalReason.NotFound, $"Machine {serial} had no record at {at.Change ?? $"{at.At:u}"}."));
    }

    internal sealed record PointQuery(HistoryPoint? At) : IQuery<PointQuery>
    {
        public static PointQuery Read(QueryReader query) => new(query.Point("at", "The record as it was: right after a change, which is named by its id, or at a time."));
    }
}
