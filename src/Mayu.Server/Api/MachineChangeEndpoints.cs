using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>An operator's word about a machine.</summary>
internal sealed class MachineChangeEndpoints(MachineChanges changes, MachineDirectory directory, Func<ClusterPlan> plan)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/v1/machines/{serial}/state", SetStateAsync);
        routes.MapPatch("/api/v1/machines/{serial}", ChangeFieldsAsync);
        routes.MapPut("/api/v1/machines/{serial}/overrides/{name}", SetOverrideAsync);
        routes.MapDelete("/api/v1/machines/{serial}/overrides/{name}", RemoveOverrideAsync);
        routes.MapPost("/api/v1/machines/{serial}/rollback", RollBackAsync);
        routes.MapPost("/api/v1/machines/{serial}/conflict", ResolveAsync);
        routes.MapDelete("/api/v1/machines/{serial}", DeleteAsync);
    }

    private async Task<Results<Ok<Contracts.Machine>, Problem>> SetStateAsync(
        SerialSegment asked, JsonBody<Contracts.StateChangeRequest> body, CancellationToken aborted)
    {
        var request = body.Value;
        return Lifecycle.TryParseState(request.State, out var state)
            ? Answer(await changes.ChangeAsync(asked.Value, request.Reason, (_, machine) => Lifecycle.OperatorSets(machine, state, request.KeepDiskData), aborted))
            : Problem.Invalid($"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}.");
    }

    private async Task<Results<Ok<Contracts.Machine>, Problem>> ChangeFieldsAsync(
        SerialSegment asked, JsonBody<Contracts.MachineChangeRequest> body, CancellationToken aborted) =>
        FieldChanges.TryRead(body.Value, plan(), out var fields, out var problem)
            ? Answer(await changes.ChangeAsync(asked.Value, body.Value.Reason, fields.Decide, aborted))
            : Problem.Invalid(problem);

    private async Task<Results<Ok<Contracts.Machine>, Problem>> SetOverrideAsync(
        SerialSegment asked, JsonBody<Contracts.OverrideRequest> body, NameSegment variable, CancellationToken aborted) =>
        body.Value.Value is { } value
            ? Answer(await changes.ChangeAsync(asked.Value, body.Value.Reason, (_, machine) => OperatorChanges.Override(machine, variable.Value, value), aborted))
            : Problem.Invalid("The request has no value.");

    private async Task<Results<Ok<Contracts.Machine>, Problem>> RemoveOverrideAsync(
        Query<ReasonQuery> query, SerialSegment asked, NameSegment variable, CancellationToken aborted) =>
        Answer(await changes.ChangeAsync(
            asked.Value, query.Value.Reason, (_, machine) => OperatorChanges.Override(machine, variable.Value, value: null), aborted));

    private async Task<Results<Ok<Contracts.Machine>, Problem>> RollBackAsync(
        SerialSegment asked, JsonBody<Contracts.RollbackRequest> body, CancellationToken aborted) =>
        HistoryPointText.Parse(body.Value.To) is { } point
            ? Answer(await changes.RollBackAsync(asked.Value, point, body.Value.To, body.Value.Reason, aborted))
            : Problem.Invalid($"to must be {HistoryPointText.Form}.");

    private async Task<Results<Ok<Contracts.Machine>, Problem>> ResolveAsync(
        SerialSegment asked, JsonBody<Contracts.ConflictRequest> body, CancellationToken aborted)
    {
        ConflictVerdict? verdict = body.Value.Verdict switch
        {
            Contracts.ConflictRequest.Accept => ConflictVerdict.Accept,
            Contracts.ConflictRequest.Separate => ConflictVerdict.Separate,
            Contracts.ConflictRequest.Dismiss => ConflictVerdict.Dismiss,
            _ => null,
        };
        return verdict is { } word
            ? Answer(await changes.ChangeAsync(asked.Value, body.Value.Reason, (snapshot, machine) => ConflictResolution.Decide(snapshot, machine, word), aborted))
            : Problem.Invalid("verdict must be one of: accept, separate, dismiss.");
    }

    private async Task<Results<Ok<Contracts.Machine>, Problem>> DeleteAsync(Query<DeletionQuery> query, SerialSegment asked, CancellationToken aborted) =>
        changes.ForgetSighted(asked.Value) is { } sighted
            ? TypedResults.Ok(sighted)
            : Answer(await changes.DeleteAsync(asked.Value, query.Value.Force, query.Value.Reason, aborted));

    private Results<Ok<Contracts.Machine>, Problem> Answer(ChangeOutcome outcome) =>
        outcome.Refusal is { } refusal ? Problem.Of(refusal) : TypedResults.Ok(directory.ViewOf(outcome.Machine!));

    internal sealed record DeletionQuery(bool Force, string? Reason) : IQuery<DeletionQuery>
    {
        public static DeletionQuery Read(QueryReader query) => new(query.Flag("force"), query.Text("reason", MachineChanges.MaxReason));
    }
}

/// <summary>Why something is changed, where a request has no body.</summary>
internal sealed record ReasonQuery(string? Reason) : IQuery<ReasonQuery>
{
    public static ReasonQuery Read(QueryReader query) => new(query.Text("reason", MachineChanges.MaxReason));
}
