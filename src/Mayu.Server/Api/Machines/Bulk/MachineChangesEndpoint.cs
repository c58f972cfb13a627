using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines.Bulk;

/// <summary>
/// One change for several machines: first what would become of each, then, confirmed, the same. Each machine's is a change of its own in the history; one that
/// is refused keeps no other from it.
/// </summary>
internal sealed class MachineChangesEndpoint(IMachineStore store, MachineChanges changes, Func<ClusterPlan> plan, OverrideChecks overrides)
{
    // The store writes those together that come together.
    private const int AtOnce = 64;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/machine-changes", AnswerAsync).For(Role.Operator)
        .WithName("changeMachines").WithSummary("Changes all machines that a selector means. Without confirm nothing is changed: the answer says what would be, and what to confirm it with.");

    private async Task<Results<Ok<Contracts.MachineChangesResult>, Problem>> AnswerAsync(JsonBody<Contracts.MachineChangesRequest> body, Caller caller)
    {
        var request = body.Value;
        if (!SharedChange.TryRead(request, plan(), overrides, out var change, out var refusal))
        {
            return Problem.Of(refusal);
        }

        var foreseen = Foresee(change, new ChangeOrder(caller, request.Reason, IfMatch.Any));
        var confirm = ConfirmOf(request, foreseen);
        if (request.Confirm is null)
        {
            return TypedResults.Ok(ResultOf([.. foreseen.Select(one => one.Item)], isDryRun: true, confirm) with { Warning = WarningOf(request) });
        }

        if (request.Confirm != confirm)
        {
            return Problem.Of(new Refusal(RefusalReason.Stale, "The machines that the selector means, or their records, or the change, are not as they were when it was prepared: ask without confirm, look at the answer, then confirm it."));
        }

        var items = foreseen.Select(one => one.Item).ToArray();
        // What was begun is ended: whoever asked may be gone, and half of the machines would be changed.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Length).Where(i => items[i].Outcome == Contracts.MachineChangesItem.Changed),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = CancellationToken.None },
            async (i, _) =>
            {
                var order = new ChangeOrder(caller, request.Reason, IfMatch.Of(foreseen[i].Tag));
                if (await WhyNotAsync(foreseen[i].Machine.Serial, order, change) is { } why)
                {
                    items[i] = items[i] with { Outcome = Contracts.MachineChangesItem.Refused, Detail = why };
                }
            });
        return TypedResults.Ok(ResultOf(items, isDryRun: false, confirm: null) with { Warning = WarningOf(request) });
    }

    private string? WarningOf(Contracts.MachineChangesRequest request) => request.Override is { Value: not null, Name: var name } ? overrides.Warning(name) : null;

    // What the disk does to one machine's change is that one's answer: others may be changed already.
    private async Task<string?> WhyNotAsync(Serial serial, ChangeOrder order, SharedChange change)
    {
        try
        {
            return (await changes.ChangeAsync(serial, order, change.Decide, CancellationToken.None)).Refusal?.Detail;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    // One after the other, so that two do not take the same last place.
    private List<Foreseen> Foresee(SharedChange change, ChangeOrder order)
    {
        var (snapshot, foreseen) = (store.Current, new List<Foreseen>());
        foreach (var machine in snapshot.Machines.Where(change.Selector.Matches).OrderBy(machine => machine.Serial.Text, StringComparer.Ordinal))
        {
            var proposal = MachineChanges.Foresee(snapshot, machine, order, change.Decide);
            snapshot = proposal switch
            {
                Proposal.Put put => snapshot.With(put.Machine),
                Proposal.Delete delete => snapshot.Without(delete.Machine.Serial),
                _ => snapshot,
            };
            foreseen.Add(new Foreseen(machine, IfMatch.TagOf(machine), ItemOf(machine, proposal)));
        }

        return foreseen;
    }

    private static Contracts.MachineChangesItem ItemOf(Machine machine, Proposal proposal)
    {
        var (outcome, detail) = proposal switch
        {
            Proposal.Put put => (Contracts.MachineChangesItem.Changed, put.What),
            Proposal.Delete delete => (Contracts.MachineChangesItem.Changed, delete.What),
            Proposal.Refuse refuse => (Contracts.MachineChangesItem.Refused, refuse.Refusal.Detail),
            _ => (Contracts.MachineChangesItem.Unchanged, null),
        };
        return new Contracts.MachineChangesItem { Serial = machine.Serial.Text, State = Lifecycle.NameOf(machine.State), Outcome = outcome, Detail = detail };
    }

    // Another for each other request, machine, or record. Null where nothing would change.
    private static string? ConfirmOf(Contracts.MachineChangesRequest request, List<Foreseen> foreseen)
    {
        if (foreseen.TrueForAll(one => one.Item.Outcome != Contracts.MachineChangesItem.Changed))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(request with { Confirm = null, Reason = null }, Contracts.ApiJsonContext.Default.MachineChangesRequest));
        foreach (var one in foreseen)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{one.Item.Serial} {one.Item.Outcome} {one.Tag}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static Contracts.MachineChangesResult ResultOf(Contracts.MachineChangesItem[] items, bool isDryRun, string? confirm) => new()
    {
        IsDryRun = isDryRun,
        Confirm = confirm,
        Changed = items.Count(item => item.Outcome == Contracts.MachineChangesItem.Changed),
        Unchanged = items.Count(item => item.Outcome == Contracts.MachineChangesItem.Unchanged),
        Refused = items.Count(item => item.Outcome == Contracts.MachineChangesItem.Refused),
        Items = items,
    };

    private sealed record Foreseen(Machine Machine, string Tag, Contracts.MachineChangesItem Item);
}
