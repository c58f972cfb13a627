using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Selection;
using Mayu.Server.Live;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines.Bulk;

/// <summary>One change that several machines get alike.</summary>
/// <param name="Selector">The machines.</param>
/// <param name="Decide">What becomes of one of them.</param>
internal sealed record SharedChange(Selector Selector, Func<ClusterSnapshot, Machine, Proposal> Decide)
{
    /// <summary>Reads a request.</summary>
    public static bool TryRead(
        Contracts.MachineChangesRequest request, ClusterPlan plan, OverrideChecks overrides, [NotNullWhen(true)] out SharedChange? change, [NotNullWhen(false)] out string? problem)
    {
        change = null;
        if (!Selector.TryParse(request.Selector, out var selector, out problem))
        {
            problem = $"selector: {problem}";
            return false;
        }

        if (selector.IsEverything)
        {
            problem = "selector is empty: name the machines, as rack=7 or profile=core; serial=* means every machine that has a record.";
            return false;
        }

        if (Wrong(request) is { } wrong || !TryDecide(request, plan, overrides, out var decide, out wrong))
        {
            problem = wrong;
            return false;
        }

        change = new SharedChange(selector, decide);
        return true;
    }

    private static string? Wrong(Contracts.MachineChangesRequest request) =>
        new object?[] { request.State, request.Change, request.Override, request.Delete }.Count(one => one is not null) != 1
            ? "The request must have exactly one of: state, change, override, delete."
        : (request.State?.Reason ?? request.Change?.Reason) is not null ? "reason stands beside selector, not within the change."
        : request.Change is { } fields && OfOneMachine(fields) is { } own ? $"{own} is of one machine alone: change it with PATCH /api/v1/machines/{{serial}}."
        : null;

    private static string? OfOneMachine(Contracts.MachineChangeRequest fields) =>
        fields.Hostname is not null ? "hostname"
        : fields.InternalAddress is not null ? "internalAddress"
        : fields.BmcAddress is not null ? "bmcAddress"
        : fields.MacAddresses is not null ? "macAddresses"
        : fields.Uuid is not null ? "uuid"
        : fields.ProviderId is not null ? "providerId"
        : null;

    private static bool TryDecide(
        Contracts.MachineChangesRequest request, ClusterPlan plan, OverrideChecks overrides,
        [NotNullWhen(true)] out Func<ClusterSnapshot, Machine, Proposal>? decide, [NotNullWhen(false)] out string? problem)
    {
        (decide, problem) = (null, null);
        if (request.State is { } set)
        {
            if (!Lifecycle.TryParseState(set.State, out var state))
            {
                problem = $"There is no such state; the states are {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}.";
                return false;
            }

            decide = (_, machine) => Lifecycle.OperatorSets(machine, state, set.KeepDiskData);
        }
        else if (request.Change is { } fields)
        {
            if (!FieldChanges.TryRead(fields, plan, out var changes, out problem))
            {
                return false;
            }

            decide = changes.Decide;
        }
        else if (request.Override is { } variable)
        {
            if (variable.Value is { } value && overrides.Refusal(variable.Name, value) is { } refusal)
            {
                problem = refusal;
                return false;
            }

            decide = (_, machine) => OperatorChanges.Override(machine, variable.Name, variable.Value);
        }
        else
        {
            decide = (_, machine) => OperatorChanges.Delete(machine, request.Delete!.Force);
        }

        return true;
    }
}
