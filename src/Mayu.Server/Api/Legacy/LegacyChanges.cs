using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Live;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Legacy;

/// <summary>What a body of the first Mayu's clients means, as one of an operator's changes. A field that is left out is empty: the client leaves out what is.</summary>
internal static class LegacyChanges
{
    public static Proposal SetMetadata(Machine machine, Contracts.LegacyHost told) => told.FleetMetadata is { } tags
        // Of `set SERIAL metadata ""` the client makes one empty tag.
        ? OperatorChanges.SetTags(machine, [.. tags.Where(tag => !string.IsNullOrEmpty(tag))])
        : Missing("FleetMetadata", "a list of tags like role=core");

    public static Proposal SetProviderId(Machine machine, Contracts.LegacyHost told) => OperatorChanges.SetProviderId(machine, told.ProviderId ?? "");

    public static Proposal SetIpmiAddress(Machine machine, Contracts.LegacyHost told) => Ipv4.TryParse(told.IPMIAddr, out var address)
        ? OperatorChanges.SetBmcAddress(machine, address)
        : Missing("IPMIAddr", "an IPv4 address");

    public static Proposal SetCabinet(Machine machine, Contracts.LegacyHost told) =>
        OperatorChanges.SetCabinet(machine, told.Cabinet is { } cabinet and > 0 ? cabinet.ToString(CultureInfo.InvariantCulture) : "");

    /// <summary>An operator's word about the state. As with the first Mayu, <c>configured</c> said so keeps what is on the data disks; <c>mark_fresh</c> does not.</summary>
    public static Proposal SetState(Machine machine, Contracts.LegacyHost told) => Lifecycle.TryParseState(told.State, out var state)
        ? Lifecycle.OperatorSets(machine, state, keepDiskData: state == MachineState.Configured)
        : Missing("State", $"one of {string.Join(", ", Enum.GetValues<MachineState>().Select(Lifecycle.NameOf))}");

    public static Proposal SetEtcdToken(Machine machine, Contracts.LegacyHost told, OverrideChecks checks) =>
        !string.IsNullOrEmpty(told.EtcdClusterToken) ? Override(machine, EtcdDiscoverySettings.Override, told.EtcdClusterToken, checks)
        : machine.Overrides.ContainsKey(EtcdDiscoverySettings.Override) ? OperatorChanges.Override(machine, EtcdDiscoverySettings.Override, value: null)
        : new Proposal.Nothing(machine);

    /// <summary>Sets all overrides of a body, or none.</summary>
    public static Proposal Override(Machine machine, Contracts.LegacyHost told, OverrideChecks checks)
    {
        if (told.Overrides is not { Count: > 0 } overrides)
        {
            return Missing("Overrides", "a map of names and values");
        }

        var what = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, value) in overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            switch (Override(machine, name, value ?? "", checks))
            {
                case Proposal.Put put:
                    machine = put.Machine;
                    what.Add(put.What);
                    break;
                case Proposal.Nothing:
                    break;
                case var refusal:
                    return refusal;
            }
        }

        return what.Count == 0 ? new Proposal.Nothing(machine) : new Proposal.Put(machine, string.Join("; ", what));
    }

    private static Proposal Override(Machine machine, string name, string value, OverrideChecks checks) =>
        checks.Refusal(name, value) is { } refusal ? Proposal.Refused(RefusalReason.Invalid, refusal) : OperatorChanges.Override(machine, name, value);

    private static Proposal Missing(string field, string expected) => Proposal.Refused(RefusalReason.Invalid, $"{field} must be {expected}.");
}
