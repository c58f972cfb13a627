using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Machines;
using Mayu.Server.Configuration.Settings;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Legacy;

/// <summary>A record as the first Mayu's clients read it: what is empty is left out, and a cabinet is a number.</summary>
internal static class LegacyHostView
{
    public static Contracts.LegacyHost Of(Machine machine) => new()
    {
        ProviderId = machine.ProviderId,
        Enabled = machine.Enabled,
        Serial = machine.Serial.Text,
        MacAddresses = machine.MacAddresses.IsEmpty ? null : [.. machine.MacAddresses.Select(mac => mac.ToString())],
        InternalAddr = machine.InternalAddress?.ToString(),
        AdditionalAddrs = machine.AdditionalAddresses.IsEmpty ? null
            : machine.AdditionalAddresses.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
        // The old client ends with an error at a list that has another one.
        Cabinet = ulong.TryParse(machine.Cabinet, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        IPMIAddr = machine.BmcAddress?.ToString(),
        Hostname = machine.Hostname,
        MachineID = machine.MachineId,
        ConnectedNIC = machine.ConnectedNic,
        FleetMetadata = machine.Metadata.IsEmpty ? null : machine.Metadata,
        KeepDiskData = machine.KeepDiskData,
        LastBoot = machine.LastBoot,
        Profile = machine.Profile,
        EtcdClusterToken = machine.Overrides.GetValueOrDefault(EtcdDiscoverySettings.Override),
        Overrides = machine.Overrides.IsEmpty ? null : machine.Overrides,
        State = Lifecycle.NameOf(machine.State),
        CoreOSVersion = Version(machine, LegacyVersions.CoreOS) ?? machine.Image,
        FlatcarVersion = Version(machine, LegacyVersions.Flatcar),
        MayuVersion = Version(machine, LegacyVersions.Mayu),
        DockerVersion = Version(machine, LegacyVersions.Docker),
        FleetVersion = Version(machine, LegacyVersions.Fleet),
        EtcdVersion = Version(machine, LegacyVersions.Etcd),
        RktVersion = Version(machine, LegacyVersions.Rkt),
        K8sVersion = Version(machine, LegacyVersions.K8s),
        YochuVersion = Version(machine, LegacyVersions.Yochu),
    };

    private static string? Version(Machine machine, string name) => machine.Versions.GetValueOrDefault(name);
}
