using Mayu.Core.Machines;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Machines: list and look at, as they are and as they were.</summary>
internal sealed class MachineEndpoints(MachineDirectory directory, IMachineStore store)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/machines", () => new ListAnswer<Contracts.Machine>(directory.All(), Contracts.ApiJsonContext.Default.Machine));
        routes.MapGet("/api/v1/machines/{serial}", ShowAsync);
    }

    private async Task<Results<Ok<Contracts.Machine>, Problem>> ShowAsync(Query<PointQuery> query, SerialSegment asked, CancellationToken aborted)
    {
        var serial = asked.Value;
        if (query.Value.At is not { } at)
        {
            return directory.Find(serial) is { } now ? TypedResults.Ok(now) : Problem.Of(directory.NotFound(serial));
        }

        return await store.MachineAtAsync(serial, at, aborted) is { } earlier
            ? TypedResults.Ok(MachineView.Of(earlier, trace: null, stall: null))
            : Problem.Of(new Refusal(RefusalReason.NotFound, $"Machine {serial} had no record at {at.Change ?? $"{at.At:u}"}."));
    }

    internal sealed record PointQuery(HistoryPoint? At) : IQuery<PointQuery>
    {
        public static PointQuery Read(QueryReader query) => new(query.Point("at"));
    }
}
