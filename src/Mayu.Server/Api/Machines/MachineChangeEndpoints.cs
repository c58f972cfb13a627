using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Access;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>An operator's word about a machine.</summary>
internal sealed class MachineChangeEndpoints(MachineChanges changes, MachineDirectory directory, Func<ClusterPlan> plan, OverrideChecks overrides)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/v1/machines/{serial}/state", SetStateAsync).For(Role.Operator)
            .WithName("setState").WithSummary("Sets a machine's state. Setting configured has it installed at its next network boot, which wipes its disk.");
        routes.MapPatch("/api/v1/machines/{serial}", ChangeFieldsAsync).For(Role.Operator)
            .WithName("changeMachine").WithSummary("Changes the fields that are named, all of them or none. An empty uuid, providerId, cabinet or notes removes it.");
        routes.MapPut("/api/v1/machines/{serial}/overrides/{name}", SetOverrideAsync).For(Role.Operator)
            .WithName("setOverride").WithSummary("Sets a template variable for one machine.");
        routes.MapDelete("/api/v1/machines/{serial}/overrides/{name}", RemoveOverrideAsync).For(Role.Operator)
            .WithName("removeOverride").WithSummary("Removes a template variable of one machine.");
        routes.MapPost("/api/v1/machines/{serial}/rollback", RollBackAsync).For(Role.Operator)
            .WithName("rollBack").WithSummary("Restores a record to what it was right after a change, or at a time.");
        routes.MapPost("/api/v1/machines/{serial}/conflict", ResolveAsync).For(Role.Operator)
            .WithName("resolveConflict").WithSummary("Resolves a conflict: whether who may be this machine is it.");
        routes.MapDelete("/api/v1/machines/{serial}", DeleteAsync).For(Role.Operator)
            .WithName("deleteMachine").WithSummary("Deletes a record, or the boot trace of a machine without one. The answer is the machine as it was.");
    }

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> SetStateAsync(
        SerialSegment asked, JsonBody<Contracts.StateChangeRequest> body, Caller caller, IfMatch match, CancellationToken aborted)
    {
        var request = body.Value;
        return Lifecycle.TryParseState(request.State, out var state)
            ? Answer(await changes.ChangeAsync(asked.Value, new ChangeOrder(caller, request.Reason, match), (_, machine) => Lifecycle.OperatorSets(machine, state, request.KeepDiskData), aborted))
            : Problem.Invalid("state", $"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}.");
    }

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> ChangeFieldsAsync(
        SerialSegment asked, JsonBody<Contracts.MachineChangeRequest> body, Caller caller, IfMatch match, CancellationToken aborted)
    {
        var outcome = await changes.ChangeAsync(asked.Value, new ChangeOrder(caller, body.Value.Reason, match), FieldChanges.Read(body.Value, plan()).Decide, aborted);
        return Answer(outcome, body.Value.MacAddresses is not null && outcome.Machine is { } machine ? directory.SharedMacs(machine) : null);
    }

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> SetOverrideAsync(
        SerialSegment asked, JsonBody<Contracts.OverrideRequest> body, NameSegment variable, Caller caller, IfMatch match, CancellationToken aborted) =>
        body.Value.Value is not { } value ? Problem.Invalid("value", "The request has no value.")
            : overrides.Refusal(variable.Value, value) is { } refusal ? Problem.Invalid("value", refusal)
            : Answer(
                await changes.ChangeAsync(asked.Value, new ChangeOrder(caller, body.Value.Reason, match), (_, machine) => OperatorChanges.Override(machine, variable.Value, value), aborted),
                overrides.Warning(variable.Value));

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> RemoveOverrideAsync(
        Query<ReasonQuery> query, SerialSegment asked, NameSegment variable, Caller caller, IfMatch match, CancellationToken aborted) =>
        Answer(await changes.ChangeAsync(
            asked.Value, new ChangeOrder(caller, query.Value.Reason, match), (_, machine) => OperatorChanges.Override(machine, variable.Value, value: null), aborted));

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> RollBackAsync(
        SerialSegment asked, JsonBody<Contracts.RollbackRequest> body, Caller caller, IfMatch match, CancellationToken aborted) =>
        HistoryPointText.Parse(body.Value.To) is { } point
            ? Answer(await changes.RollBackAsync(asked.Value, point, body.Value.To, new ChangeOrder(caller, body.Value.Reason, match), aborted))
            : Problem.Invalid("to", $"to must be {HistoryPointText.Form}.");

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> ResolveAsync(
        SerialSegment asked, JsonBody<Contracts.ConflictRequest> body, Caller caller, IfMatch match, CancellationToken aborted)
    {
        ConflictVerdict? verdict = body.Value.Verdict switch
        {
            Contracts.ConflictRequest.Accept => ConflictVerdict.Accept,
            Contracts.ConflictRequest.Separate => ConflictVerdict.Separate,
            Contracts.ConflictRequest.Dismiss => ConflictVerdict.Dismiss,
            _ => null,
        };
        return verdict is { } word
            ? Answer(await changes.ChangeAsync(asked.Value, new ChangeOrder(caller, body.Value.Reason, match), (snapshot, machine) => ConflictResolution.Decide(snapshot, machine, word), aborted))
            : Problem.Invalid("verdict", "verdict must be one of: accept, separate, dismiss.");
    }

    private async Task<Results<TaggedAnswer<Contracts.Machine>, Problem>> DeleteAsync(Query<DeletionQuery> query, SerialSegment asked, Caller caller, IfMatch match, CancellationToken aborted) =>
        changes.ForgetSighted(asked.Value, caller) is { } sighted
            ? new TaggedAnswer<Contracts.Machine>(sighted, tag: null)
            : Answer(await changes.DeleteAsync(asked.Value, query.Value.Force, new ChangeOrder(caller, query.Value.Reason, match), aborted));

    private Results<TaggedAnswer<Contracts.Machine>, Problem> Answer(ChangeOutcome outcome, string? warning = null) =>
        outcome.Refusal is { } refusal ? Problem.Of(refusal) : new TaggedAnswer<Contracts.Machine>(directory.ViewOf(outcome.Machine!) with { Warning = warning }, IfMatch.TagOf(outcome.Machine!));

    internal sealed record DeletionQuery(bool Force, string? Reason) : IQuery<DeletionQuery>
    {
        public static DeletionQuery Read(QueryReader query) => new(query.Flag("force", "Also if the machine is enabled and has an operating system."), ReasonQuery.Read(query).Reason);
    }
}

/// <summary>Why something is changed, where a request has no body.</summary>
internal sealed record ReasonQuery(string? Reason) : IQuery<ReasonQuery>
{
    public static ReasonQuery Read(QueryReader query) => new(query.Text("reason", MachineChanges.MaxReason, ("Why, for the history.", "board replaced")));
}
