using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Server.Access;
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

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/history", AnswerAsync).For(Role.Viewer)
        .WithName("listHistory").WithSummary("Changes, newest first.");

    private async Task<Results<Ok<Contracts.ItemList<Contracts.Change>>, Problem>> AnswerAsync(Query<ChangesQuery> query, CancellationToken aborted)
    {
        var asked = query.Value.Asked;
        var changes = await store.HistoryAsync(asked, aborted);
        return TypedResults.Ok(new Contracts.ItemList<Contracts.Change> { Items = [.. changes.Select(change => ViewOf(change, asked.WithFields))] });
    }

    private static Contracts.Change ViewOf(Change change, bool withFields) => new()
    {
        Id = change.Id,
        Cursor = change.Cursor,
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
            Serial = query.Serial("serial", "Changes of this machine."),
            Since = query.Time("since", "Changes at this time or later."),
            Until = query.Time("until", "Changes before this time."),
            Who = query.Text("who", about: ("Changes by this author, exactly.", "operator")),
            Field = query.Text("field", about: ("Changes of this field of the record.", "State")),
            Before = query.Text("before", about: ("Changes older than this one: the cursor of the last change that you have. An id leaves out all changes of that commit.", "8df4dfbe5bac4037e1d2c3b4a5968778695a4b3c:0")),
            WithFields = query.Flag("fields", "Whether each change has the fields that it changed."),
            Limit = query.Number("limit", 1, HistoryQuery.MaxLimit, new HistoryQuery().Limit, "The most changes."),
        });
    }
}
