using System.Globalization;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Api.Machines;
using Mayu.Server.Configuration.Settings;
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
    public static Proposal Override(ClusterSnapshot snapshot, Machine machine, Contracts.LegacyHost told, OverrideChecks checks) =>
        told.Overrides is not { Count: > 0 } overrides
            ? Missing("Overrides", "a map of names and values")
            : DecisionsInOrder.Decide(snapshot, machine, overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (Func<ClusterSnapshot, Machine, Proposal>)((_, current) => Override(current, pair.Key, pair.Value ?? "", checks))));

    private static Proposal Override(Machine machine, string name, string value, OverrideChecks checks) =>
        checks.Refusal(name, value) is { } refusal ? Proposal.Refused(RefusalReason.Invalid, refusal) : OperatorChanges.Override(machine, name, value);

    private static Proposal Missing(string field, string expected) => Proposal.Refused(RefusalReason.Invalid, $"{field} must be {expected}.");
}
