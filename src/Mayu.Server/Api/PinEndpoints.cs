using System.Reflection;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>Pins: an operator's word about machines to come.</summary>
internal sealed class PinEndpoints(IMachineStore store, MachineChanges changes, Func<ClusterPlan> plan)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/pins", () => TypedResults.Ok(new Contracts.ItemList<Contracts.Pin> { Items = [.. store.Current.Pins.Select(ViewOf)] })).For(Role.Viewer)
            .WithName("listPins").WithSummary("All pins, by key.");
        routes.MapGet("/api/v1/pins/{key}", Show).For(Role.Viewer).WithName("getPin").WithSummary("One pin.");
        routes.MapPut("/api/v1/pins/{key}", SetAsync).For(Role.Operator).WithName("setPin").WithSummary("Keeps a profile, an address or both for a machine that was not seen yet. What is not named stays as it was.");
        routes.MapDelete("/api/v1/pins/{key}", RemoveAsync).For(Role.Operator).WithName("removePin").WithSummary("Removes a pin. The answer is the pin as it was.");
    }

    private Results<Ok<Contracts.Pin>, Problem> Show(PinSegment asked) => store.Current.FindPin(asked.Value) is { } pin
        ? TypedResults.Ok(ViewOf(pin))
        : Problem.Of(new Refusal(RefusalReason.NotFound, $"There is no pin {asked.Value}. `mayuctl pins` shows all."));

    private async Task<Results<Ok<Contracts.Pin>, Problem>> SetAsync(PinSegment asked, JsonBody<Contracts.PinRequest> body, Caller caller, CancellationToken aborted)
    {
        var (key, request, address) = (asked.Value, body.Value, default(Ipv4));
        var unreadable = request.Address is { } text && !Ipv4.TryParse(text, out address)
            ? new Refusal(RefusalReason.Invalid, "address is not an IPv4 address.").Of("address")
            : null;
        Pin? pin = null;
        var now = plan();
        var outcome = await changes.ChangeAsync(
            new ChangeOrder(caller, request.Reason, IfMatch.Any),
            snapshot =>
            {
                var proposal = Pinning.Set(snapshot, now, key, request.Profile, request.Address is null || unreadable is not null ? null : address);
                if (unreadable is not null)
                {
                    return new Proposal.Refuse(proposal is Proposal.Refuse { Refusal: { Faults.IsEmpty: false } other } ? Refusal.Together([unreadable, other]) : unreadable);
                }

                pin = proposal is Proposal.PutPin put ? put.Pin : snapshot.FindPin(key);
                return proposal;
            },
            aborted);
        return outcome.Refusal is { } refusal ? Problem.Of(refusal) : TypedResults.Ok(ViewOf(pin!) with { Warning = WarningOf(pin!) });
    }

    private async Task<Results<Ok<Contracts.Pin>, Problem>> RemoveAsync(Query<ReasonQuery> query, PinSegment asked, Caller caller, CancellationToken aborted)
    {
        Pin? former = null;
        var outcome = await changes.ChangeAsync(
            new ChangeOrder(caller, query.Value.Reason, IfMatch.Any),
            snapshot =>
            {
                former = snapshot.FindPin(asked.Value);
                return Pinning.Remove(snapshot, asked.Value);
            },
            aborted);
        return outcome.Refusal is { } refusal ? Problem.Of(refusal) : TypedResults.Ok(ViewOf(former!));
    }

    // Pins beyond the slots are an operator's right: the machine gets the profile all the same.
    private string? WarningOf(Pin pin) =>
        ProfileUse.Of(store.Current, plan()).Items.FirstOrDefault(profile => profile.Name == pin.Profile) is { OverFull: true } full
            ? $"Profile {full.Name} is over-full: it has {Counted.Of(full.Quantity ?? 0, "slot")}, {ProfileUse.Holders(full)}. Raise its quantity, or move machines"
            : null;

    private static Contracts.Pin ViewOf(Pin pin) => new() { Key = pin.Key.Text, Profile = pin.Profile, Address = pin.Address?.ToString() };
}

/// <summary>The segment <c>{key}</c> of a pin's path.</summary>
internal sealed class PinSegment(PinKey key, Problem? problem) : RequestPart<PinKey>(key, problem), IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(RequestParameter.OfText(RequestParameter.Path, "key", "What the machine will be recognised by: serial:…, uuid:… or mac:….", "mac:52:54:00:00:00:08"));

    public static ValueTask<PinSegment?> BindAsync(HttpContext context) => ValueTask.FromResult<PinSegment?>(
        PinKey.TryParse(PathSegment.Read(context, "key"), out var key, out var refusal)
            ? new(key, problem: null)
            : new(default, Problem.Invalid($"The key is not valid: {refusal}.")));
}
