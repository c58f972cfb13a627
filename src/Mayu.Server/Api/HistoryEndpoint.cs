using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>GET /api/v1/history</c>: the changes, newest first.</summary>
internal sealed class HistoryEndpoint(IMachineStore store)
{
    // A field is of a record of 1 MiB at most; escaped, a character has up to six.
    private const int LongestValue = 8 << 20;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/history", AnswerAsync).For(Role.Viewer);

    private async Task<Results<Ok<Contracts.ItemList<Contracts.Change>>, Problem>> AnswerAsync(Query<ChangesQuery> query, CancellationToken aborted)
    {
        var asked = query.Value.Asked;
        var changes = await store.HistoryAsync(asked, aborted);
        return TypedResults.Ok(new Contracts.ItemList<Contracts.Change> { Items = [.. changes.Select(change => ViewOf(change, asked.WithFields))] });
    }

    private static Contracts.Change ViewOf(Change change, bool withFields) => new()
    {
        Id = change.Id,
        At = change.At,
        Who = change.Who,
        Serial = change.Serial?.Text ?? "",
        What = change.What,
        Why = change.Why,
        Fields = withFields ? [.. change.Fields.Select(ViewOf)] : null,
    };

    private static Contracts.FieldChange ViewOf(FieldChange field) => new() { Name = field.Name, Old = ValueOf(field.Old), New = ValueOf(field.New) };

    private static JsonElement? ValueOf(string? json) => json is null ? null : BoundedJson.Element(json, LongestValue);

    internal sealed record ChangesQuery(HistoryQuery Asked) : IQuery<ChangesQuery>
    {
        public static ChangesQuery Read(QueryReader query) => new(new HistoryQuery
        {
            Serial = query.Serial("serial"),
            Since = query.Time("since"),
            Until = query.Time("until"),
            Who = query.Text("who"),
            Field = query.Text("field"),
            Before = query.Text("before"),
            WithFields = query.Flag("fields"),
            Limit = query.Number("limit", 1, HistoryQuery.MaxLimit, new HistoryQuery().Limit),
        });
    }
}
