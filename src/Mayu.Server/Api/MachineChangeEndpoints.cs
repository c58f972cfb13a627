using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>An operator's word about a machine. Each is one change in the history, with the token's name and the reason.</summary>
internal static class MachineChangeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ApiContext api)
    {
        routes.MapPut("/api/v1/machines/{serial}/state", context => SetStateAsync(context, api));
        routes.MapPatch("/api/v1/machines/{serial}", context => ChangeFieldsAsync(context, api));
        routes.MapPut("/api/v1/machines/{serial}/overrides/{name}", context => SetOverrideAsync(context, api));
        routes.MapDelete("/api/v1/machines/{serial}/overrides/{name}", context => RemoveOverrideAsync(context, api));
        routes.MapPost("/api/v1/machines/{serial}/rollback", context => RollBackAsync(context, api));
        routes.MapPost("/api/v1/machines/{serial}/conflict", context => ResolveAsync(context, api));
        routes.MapDelete("/api/v1/machines/{serial}", context => DeleteAsync(context, api));
    }

    private static async Task SetStateAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.StateChangeRequest) is not { } request)
        {
            return;
        }

        await (Lifecycle.TryParseState(request.State, out var state)
            ? api.ChangeMachineAsync(context, serial, request.Reason, (_, machine) => Lifecycle.OperatorSets(machine, state, request.KeepDiskData))
            : RefuseAsync(context, $"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}."));
    }

    private static async Task ChangeFieldsAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.MachineChangeRequest) is not { } request)
        {
            return;
        }

        await (FieldChanges.TryRead(request, api.Plan(), out var changes, out var problem)
            ? api.ChangeMachineAsync(context, serial, request.Reason, changes.Decide)
            : RefuseAsync(context, problem));
    }

    private static async Task SetOverrideAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.OverrideRequest) is not { } request)
        {
            return;
        }

        var name = WireRequest.Segment(context, "name") ?? "";
        await (request.Value is { } value
            ? api.ChangeMachineAsync(context, serial, request.Reason, (_, machine) => OperatorChanges.Override(machine, name, value))
            : RefuseAsync(context, "The request has no value."));
    }

    private static async Task RemoveOverrideAsync(HttpContext context, ApiContext api)
    {
        var query = new QueryReader(context.Request.Query);
        var reason = query.Text("reason", ApiContext.MaxReason);
        if (!await query.AcceptAsync(context) || await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        var name = WireRequest.Segment(context, "name") ?? "";
        await api.ChangeMachineAsync(context, serial, reason, (_, machine) => OperatorChanges.Override(machine, name, value: null));
    }

    private static async Task RollBackAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.RollbackRequest) is not { } request)
        {
            return;
        }

        if (!Moments.TryParse(request.To, out var point))
        {
            await RefuseAsync(context, $"to must be {Moments.Form}.");
            return;
        }

        var earlier = await api.Store.MachineAtAsync(serial, point, context.RequestAborted);
        var deletedAs = earlier is null || api.Store.Current.Find(serial) is not null ? null : await StateWhenDeletedAsync(api, serial, context.RequestAborted);
        var isRestored = false;
        var outcome = await api.ChangeAsync(context, request.Reason, snapshot =>
        {
            isRestored = snapshot.Find(serial) is null;
            return Rollback.Decide(snapshot, serial, earlier, request.To, deletedAs);
        });
        if (outcome is not null)
        {
            if (isRestored)
            {
                // Its cards were nobody's for a while, and may have been said to be anybody's.
                api.Decisions.Forget(outcome.Machine!.MacAddresses);
            }

            await ApiContext.AnswerAsync(context, api.ViewOf(outcome.Machine!), Contracts.ApiJsonContext.Default.Machine);
        }
    }

    private static async Task<MachineState?> StateWhenDeletedAsync(ApiContext api, Serial serial, CancellationToken cancellationToken)
    {
        var last = await api.Store.HistoryAsync(new HistoryQuery { Serial = serial, Field = "State", Limit = 1 }, cancellationToken);
        return last is [var change] && Lifecycle.TryParseState(change.Fields.First(f => f.Name == "State").Old?.Trim('"'), out var state) ? state : null;
    }

    private static async Task ResolveAsync(HttpContext context, ApiContext api)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial
            || await WireRequest.JsonAsync(context, Contracts.ApiJsonContext.Default.ConflictRequest) is not { } request)
        {
            return;
        }

        ConflictVerdict? verdict = request.Verdict switch
        {
            Contracts.ConflictRequest.Accept => ConflictVerdict.Accept,
            Contracts.ConflictRequest.Separate => ConflictVerdict.Separate,
            Contracts.ConflictRequest.Dismiss => ConflictVerdict.Dismiss,
            _ => null,
        };
        await (verdict is { } word
            ? api.ChangeMachineAsync(context, serial, request.Reason, (snapshot, machine) => ConflictResolution.Decide(snapshot, machine, word))
            : RefuseAsync(context, "verdict must be one of: accept, separate, dismiss."));
    }

    private static async Task DeleteAsync(HttpContext context, ApiContext api)
    {
        var query = new QueryReader(context.Request.Query);
        var force = query.Flag("force");
        var reason = query.Text("reason", ApiContext.MaxReason);
        if (!await query.AcceptAsync(context) || await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        await api.ChangeMachineAsync(context, serial, reason, (_, machine) => OperatorChanges.Delete(machine, force));
        if (api.Store.Current.Find(serial) is null)
        {
            // Else it would stay in the list as a machine that was seen and has no record yet.
            api.Trace.Forget(serial);
        }
    }

    private static Task RefuseAsync(HttpContext context, string problem) => Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, problem));
}
