using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>GET /api/v1/history</c>: the changes, newest first.</summary>
internal static class HistoryEndpoint
{
    // A field is of a record of 1 MiB at most; escaped, a character has up to six.
    private const int LongestValue = 8 << 20;

    public static void Map(IEndpointRouteBuilder routes, ApiContext api) =>
        routes.MapGet("/api/v1/history", context => AnswerAsync(context, api));

    private static async Task AnswerAsync(HttpContext context, ApiContext api)
    {
        var reader = new QueryReader(context.Request.Query);
        var query = new HistoryQuery
        {
            Serial = reader.Serial("serial"),
            Since = reader.Time("since"),
            Until = reader.Time("until"),
            Who = reader.Text("who"),
            Field = reader.Text("field"),
            Before = reader.Text("before"),
            WithFields = reader.Flag("fields"),
            Limit = reader.Number("limit", 1, HistoryQuery.MaxLimit, new HistoryQuery().Limit),
        };
        if (!await reader.AcceptAsync(context))
        {
            return;
        }

        var changes = await api.Store.HistoryAsync(query, context.RequestAborted);
        var list = new Contracts.ChangeList { Items = [.. changes.Select(change => ViewOf(change, query.WithFields))] };
        await ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.ChangeList);
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
}
