using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Live;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines.Bulk;

/// <summary>One change that several machines get alike.</summary>
/// <param name="Selector">The machines.</param>
/// <param name="Decide">What becomes of one of them.</param>
internal sealed record SharedChange(Selector Selector, Func<ClusterSnapshot, Machine, Proposal> Decide)
{
    private static readonly Machine Anyone = new() { Serial = Serial.TryParse("anyone", out var serial, out _) ? serial : throw new InvalidOperationException(), State = MachineState.Unknown };

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">The plan of the cluster.</param>
    /// <param name="overrides">What is known of overrides.</param>
    /// <param name="change">The change.</param>
    /// <param name="refusal">All that is wrong with the request, whatever the machines are.</param>
    public static bool TryRead(
        Contracts.MachineChangesRequest request, ClusterPlan plan, OverrideChecks overrides, [NotNullWhen(true)] out SharedChange? change, [NotNullWhen(false)] out Refusal? refusal)
    {
        var wrong = new List<Refusal>();
        if (!Selector.TryParse(request.Selector, out var selector, out var problem))
        {
            wrong.Add(Wrong("selector", $"selector: {problem}"));
        }
        else if (selector.IsEverything)
        {
            wrong.Add(Wrong("selector", "selector is empty: name the machines, as rack=7 or profile=core; serial=* means every machine that has a record."));
        }

        if (MachineChanges.RefuseReason(request.Reason) is { } tooLong)
        {
            wrong.Add(tooLong);
        }

        Func<ClusterSnapshot, Machine, Proposal>? decide = null;
        if (new object?[] { request.State, request.Change, request.Override, request.Delete }.Count(one => one is not null) != 1)
        {
            wrong.Add(new Refusal(RefusalReason.Invalid, "The request must have exactly one of: state, change, override, delete."));
        }
        else
        {
            decide = ReadDecision(request, plan, overrides, wrong);
        }

        // What is invalid of a machine that has nothing, is so of every one: it is told once, and not of each.
        if (wrong.Count == 0 && decide!(ClusterSnapshot.Empty, Anyone) is Proposal.Refuse { Refusal: { Reason: RefusalReason.Invalid } invalid })
        {
            wrong.Add(invalid.Of(request.State is not null ? "state" : request.Change is not null ? "change" : "override"));
        }

        (change, refusal) = wrong.Count > 0 ? (null, Refusal.Together(wrong)) : (new SharedChange(selector!, decide!), (Refusal?)null);
        return change is not null;
    }

    private static Func<ClusterSnapshot, Machine, Proposal> ReadDecision(Contracts.MachineChangesRequest request, ClusterPlan plan, OverrideChecks overrides, List<Refusal> wrong)
    {
        if (request.State is { } set)
        {
            return ReadState(set, wrong);
        }

        if (request.Change is { } change)
        {
            return ReadFields(change, plan, wrong);
        }

        if (request.Override is not { } variable)
        {
            return (_, machine) => OperatorChanges.Delete(machine, request.Delete!.Force);
        }

        if (variable.Value is { } value && overrides.Refusal(variable.Name, value) is { } unfit)
        {
            wrong.Add(Wrong("override/value", unfit));
        }

        return (_, machine) => OperatorChanges.Override(machine, variable.Name, variable.Value);
    }

    private static Func<ClusterSnapshot, Machine, Proposal> ReadState(Contracts.StateChangeRequest set, List<Refusal> wrong)
    {
        if (!Lifecycle.TryParseState(set.State, out var state))
        {
            wrong.Add(Wrong("state/state", $"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}."));
        }

        CheckReason("state", set.Reason, wrong);
        return (_, machine) => Lifecycle.OperatorSets(machine, state, set.KeepDiskData);
    }

    private static Func<ClusterSnapshot, Machine, Proposal> ReadFields(Contracts.MachineChangeRequest change, ClusterPlan plan, List<Refusal> wrong)
    {
        var own = OfOneMachine(change).ToList();
        wrong.AddRange(own.Select(name => Wrong($"change/{name}", $"{name} is of one machine alone: change it with PATCH /api/v1/machines/{{serial}}.")));
        CheckReason("change", change.Reason, wrong);
        var fields = FieldChanges.Read(change, plan);
        if (own.Count == 0 && fields.Refused is { } refused)
        {
            wrong.Add(refused.Of("change"));
        }

        return fields.Decide;
    }

    private static void CheckReason(string field, string? reason, List<Refusal> wrong)
    {
        if (reason is not null)
        {
            wrong.Add(Wrong($"{field}/reason", "reason stands beside selector, not within the change."));
        }
    }

    private static IEnumerable<string> OfOneMachine(Contracts.MachineChangeRequest fields) => new (string Name, object? Value)[]
    {
        ("hostname", fields.Hostname),
        ("internalAddress", fields.InternalAddress),
        ("bmcAddress", fields.BmcAddress),
        ("macAddresses", fields.MacAddresses),
        ("uuid", fields.Uuid),
        ("providerId", fields.ProviderId),
    }.Where(field => field.Value is not null).Select(field => field.Name);

    private static Refusal Wrong(string field, string detail) => new Refusal(RefusalReason.Invalid, detail).Of(field);
}
