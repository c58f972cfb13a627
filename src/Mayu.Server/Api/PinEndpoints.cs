using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Pins: an operator's word about machines to come.</summary>
internal static class PinEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapGet("/api/v1/pins", context => ListAsync(context, api));
        routes.MapGet("/api/v1/pins/{key}", context => ShowAsync(context, api));
        routes.MapPut("/api/v1/pins/{key}", context => SetAsync(context, api));
        routes.MapDelete("/api/v1/pins/{key}", context => RemoveAsync(context, api));
    }

    private static Task ListAsync(HttpContext context, ApiContext api) => ApiContext.AnswerAsync(
        context, new Contracts.PinList { Items = [.. api.Store.Current.Pins.Select(ViewOf)] }, Contracts.ApiJsonContext.Default.PinList);

    private static async Task ShowAsync(HttpContext context, ApiContext api)
    {
        if (await KeyAsync(context) is { } key)
        {
            await (api.Store.Current.FindPin(key) is { } pin ? AnswerAsync(context, pin) : Problems.WriteAsync(context, NotFound(key)));
        }
    }

    private static async Task SetAsync(HttpContext context, ApiContext api)
    {
        if (await KeyAsync(context) is not { } key
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.PinRequest) is not { } request)
        {
            return;
        }

        var address = default(Ipv4);
        if (request.Address is { } text && !Ipv4.TryParse(text, out address))
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, "address is no IPv4 address."));
            return;
        }

        Pin? pin = null;
        var outcome = await api.ChangeAsync(context, request.Reason, snapshot =>
        {
            var proposal = Pinning.Set(snapshot, api.Plan(), key, request.Profile, request.Address is null ? null : address);
            pin = proposal is Proposal.PutPin put ? put.Pin : snapshot.FindPin(key);
            return proposal;
        });
        if (outcome is not null)
        {
            await AnswerAsync(context, pin!);
        }
    }

    private static async Task RemoveAsync(HttpContext context, ApiContext api)
    {
        var query = new QueryReader(context.Request.Query);
        var reason = query.Text("reason", ApiContext.MaxReason);
        if (!await query.AcceptAsync(context) || await KeyAsync(context) is not { } key)
        {
            return;
        }

        Pin? former = null;
        var outcome = await api.ChangeAsync(context, reason, snapshot =>
        {
            former = snapshot.FindPin(key);
            return Pinning.Remove(snapshot, key);
        });
        if (outcome is not null)
        {
            await AnswerAsync(context, former!);
        }
    }

    private static async Task<PinKey?> KeyAsync(HttpContext context)
    {
        if (PinKey.TryParse(WireRequest.Segment(context, "key"), out var key, out var refusal))
        {
            return key;
        }

        await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, $"The key cannot be used: {refusal}."));
        return null;
    }

    private static Task AnswerAsync(HttpContext context, Pin pin) =>
        ApiContext.AnswerAsync(context, ViewOf(pin), Contracts.ApiJsonContext.Default.Pin);

    private static Contracts.Pin ViewOf(Pin pin) => new() { Key = pin.Key.Text, Profile = pin.Profile, Address = pin.Address?.ToString() };

    private static Refusal NotFound(PinKey key) => new(RefusalReason.NotFound, $"There is no pin {key}. `mayuctl pins` shows all.");
}
