using System.Globalization;
using Mayu.Core.Machines;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>GET /api/v1/history</c>: the changes, newest first.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 10_000;

    public static void Map(IEndpointRouteBuilder routes, ApiContext api) =>
        routes.MapGet("/api/v1/history", context => AnswerAsync(context, api));

    private static async Task AnswerAsync(HttpContext context, ApiContext api)
    {
        var limit = DefaultLimit;
        if (context.Request.Query.TryGetValue("limit", out var given)
            && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, $"limit must be a number from 1 to {MaxLimit}."));
            return;
        }

        Serial? serial = null;
        if (context.Request.Query.TryGetValue("serial", out var name))
        {
            if (!Serial.TryParse(name, out var parsed, out var refusal))
            {
                await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, $"The serial cannot be used: {refusal}."));
                return;
            }

            serial = parsed;
        }

        var changes = await api.Store.HistoryAsync(new HistoryQuery { Serial = serial, Limit = limit }, context.RequestAborted);
        var list = new Contracts.ChangeList
        {
            Items = [.. changes.Select(change => new Contracts.Change
            {
                Id = change.Id, At = change.At, Who = change.Who, Serial = change.Serial?.Text ?? "", What = change.What, Why = change.Why,
            })],
        };
        await ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.ChangeList);
    }
}
