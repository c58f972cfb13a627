using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Net;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>How full the cluster is: its profiles and its pools of addresses.</summary>
internal sealed class PlanEndpoints(IMachineStore store, Func<ClusterPlan> plan, EngineStatus engine)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/profiles", () => TypedResults.Ok(ProfileUse.Of(store.Current, plan())));
        routes.MapGet("/api/v1/addresses", () => TypedResults.Ok(new Contracts.AddressList
        {
            Pools = AddressUse.Of(store.Current, plan()),
            Occupied = [.. engine.Strangers.OrderBy(stranger => stranger.Address).Select(ViewOf)],
        }));
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
