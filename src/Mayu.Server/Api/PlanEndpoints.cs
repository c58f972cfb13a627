using Mayu.Netboot.Net;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>How full the cluster is: its profiles and its pools of addresses.</summary>
internal static class PlanEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapGet("/api/v1/profiles", context => ApiContext.AnswerAsync(
            context, ProfileUse.Of(api.Store.Current, api.Plan()), Contracts.ApiJsonContext.Default.ProfileList));
        routes.MapGet("/api/v1/addresses", context => AddressesAsync(context, api));
    }

    private static Task AddressesAsync(HttpContext context, ApiContext api)
    {
        var strangers = api.Strangers().OrderBy(stranger => stranger.Address);
        var list = new Contracts.AddressList
        {
            Pools = AddressUse.Of(api.Store.Current, api.Plan()),
            Occupied = [.. strangers.Select(ViewOf)],
        };
        return ApiContext.AnswerAsync(context, list, Contracts.ApiJsonContext.Default.AddressList);
    }

    private static Contracts.OccupiedAddress ViewOf(OccupiedAddress stranger) => new()
    {
        Address = stranger.Address.ToString(),
        Mac = stranger.Mac?.ToString() ?? "",
        How = NameOf(stranger.How),
        Since = stranger.Since,
        LastSeen = stranger.At,
        Until = stranger.Until,
    };

    /// <summary>The word of the API and of the metrics.</summary>
    public static string NameOf(OccupiedHow how) => how switch
    {
        OccupiedHow.Ping => "ping",
        OccupiedHow.Decline => "declined",
        _ => "answers",
    };
}
