using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>How full the cluster is: its profiles, its pools of addresses, and who has leases of those.</summary>
internal sealed class PlanEndpoints(IMachineStore store, Func<ClusterPlan> plan, EngineStatus engine, MachineDirectory directory)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/profiles", () => TypedResults.Ok(ProfileUse.Of(store.Current, plan()))).For(Role.Viewer)
            .WithName("listProfiles").WithSummary("The slots of each profile, and profiles that the configuration no longer has.");
        routes.MapGet("/api/v1/addresses", () => TypedResults.Ok(new Contracts.AddressList
        {
            Pools = [.. AddressUse.Of(store.Current, plan()), .. engine.DhcpPools.Select(AddressUse.Of)],
            Occupied = [.. engine.Strangers.OrderBy(stranger => stranger.Address).Select(ViewOf)],
        })).For(Role.Viewer).WithName("listAddresses").WithSummary("How full the address pools are, and addresses that unknown devices use.");
        routes.MapGet("/api/v1/leases", () => TypedResults.Ok(new Contracts.LeaseList
        {
            Items = [.. engine.Leases.OrderBy(lease => lease.Address).Select(ViewOf)],
            Unknown = engine.UnknownLeases,
        })).For(Role.Viewer).WithName("listLeases").WithSummary("The leases of the DHCP pools, by address.");
    }

    private Contracts.Lease ViewOf(PoolLease lease) => new()
    {
        Address = lease.Address.ToString(),
        Mac = lease.Client?.ToString() ?? "",
        Serial = lease.Client is { } mac ? directory.SerialOf(mac)?.Text : null,
        State = lease switch
        {
            { State: LeaseState.Released } => "released",
            { HasEnded: true } => "expired",
            { State: LeaseState.Offered } => "offered",
            _ => "leased",
        },
        Until = lease.EndsAt,
    };

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
