using System.Diagnostics.Metrics;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Net;
using Mayu.Server.Api.Status;
using Mayu.Server.Http;
using Mayu.Server.Watch;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>
/// What monitoring is told of the cluster: numbers, with names of states, profiles and pools beside them. No serial and nothing of a
/// record: a series for each machine would cost the monitoring more than it tells.
/// </summary>
internal sealed class ClusterMetrics(IMachineStore store, Func<ClusterPlan> plan, BootWatch watch, EngineStatus engine, RefusalCounts refusals, TimeProvider clock) : IDisposable
{
    public const string MeterName = "Mayu";

    private readonly Meter _meter = new(MeterName, ProductVersion.Text);

    /// <summary>Begins to measure.</summary>
    public void Start()
    {
        _meter.CreateObservableGauge("mayu.machines", Machines, description: "Machines with a record, by state");
        _meter.CreateObservableGauge("mayu.profile.machines", () => OfProfiles(profile => profile.Used), description: "Machines that have a profile");
        _meter.CreateObservableGauge("mayu.profile.pins", () => OfProfiles(profile => profile.Pinned), description: "Slots of a profile that are reserved by pins");
        _meter.CreateObservableGauge("mayu.profile.slots", () => OfProfiles(profile => profile.Quantity), description: "Slots of a profile; absent for default and for orphaned profiles");
        _meter.CreateObservableGauge("mayu.profiles.orphaned", () => Profiles.Orphaned.Count, description: "Profiles that machines have but the configuration does not");
        _meter.CreateObservableGauge("mayu.pool.addresses", Addresses, description: "Addresses of a pool, by their use");
        _meter.CreateObservableGauge("mayu.addresses.occupied", Occupied, description: "Addresses of all pools, including DHCP's, that unknown devices use, by how this was found");
        _meter.CreateObservableGauge("mayu.addresses.untrusted_macs", () => engine.UntrustedMacs, description: "MACs that answer ARP for, or decline, so many addresses that Mayu ignores them");
        _meter.CreateObservableCounter("mayu.boot_token.refusals", refusals.OfBootTokens, description: "Requests to the boot port that were refused for their boot token");
        _meter.CreateObservableCounter("mayu.api.refusals", refusals.OfApi, description: "Requests to the API that were refused: no valid token, or one that does not allow them");
        _meter.CreateObservableCounter("mayu.syslog.lines", SyslogLines, description: "Datagrams on the syslog port, by what became of them; absent without syslog.enabled");
        _meter.CreateObservableGauge("mayu.conflicts", () => Snapshot.Machines.Count(machine => machine.Conflict is not null), description: "Serials that two machines have");
        _meter.CreateObservableGauge("mayu.machines.stalled", Stalled, description: "Machines that are stuck in the middle of a boot, by their last hop");
        _meter.CreateObservableGauge("mayu.dhcp.other_servers", () => engine.OtherDhcpServers, description: "Other DHCP servers that answer on the segment; only searched for with dhcp.mode auto");
        _meter.CreateObservableGauge("mayu.records.quarantined", () => store.Quarantined.Count, description: "Records that could not be read and were set aside");
        _meter.CreateObservableGauge("mayu.store.writable", () => store.Trouble is null ? 1 : 0, description: "1 if changes can be written to disk, else 0");
        _meter.CreateObservableGauge("mayu.push.commits.behind", () => OfPush(push => push.CommitsBehind), description: "Commits not yet pushed to the remote of git.push; absent without a remote");
        _meter.CreateObservableGauge("mayu.push.lag", () => OfPush(Lag), "s", "Age of the oldest commit not yet pushed to the remote of git.push");
        _meter.CreateObservableGauge("mayu.push.failing", () => OfPush(push => push.Error is null ? 0 : 1), description: "1 if the last push failed, else 0");
    }

    private ClusterSnapshot Snapshot => store.Current;

    private Contracts.ProfileList Profiles => ProfileUse.Of(Snapshot, plan());

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Machines()
    {
        var counts = Snapshot.Machines.CountBy(machine => machine.State).ToDictionary();
        return Enum.GetValues<MachineState>().Select(state => Of(counts.GetValueOrDefault(state), ("state", Lifecycle.NameOf(state))));
    }

    // Every hop has its series, or an alarm on one would not see it fall back to nothing.
    private IEnumerable<Measurement<int>> Stalled()
    {
        var counts = watch.Stalled;
        return StallTable.Rules.Select(rule => rule.After).Distinct().Select(hop => Of(counts.GetValueOrDefault(hop), ("hop", Hop.NameOf(hop))));
    }

    private IEnumerable<Measurement<int>> OfProfiles(Func<Contracts.ProfileUse, int?> number)
    {
        var profiles = Profiles;
        return from profile in profiles.Items.Concat(profiles.Orphaned)
               let value = number(profile)
               where value is not null
               select Of(value.Value, ("profile", profile.Name));
    }

    private IEnumerable<Measurement<long>> Addresses() =>
    [
        .. AddressUse.Of(Snapshot, plan()).SelectMany(pool => OfPool(pool.Name, pool.Used, pool.Reserved, pool.Excluded, pool.Occupied, pool.Free)),
        .. engine.DhcpPools.SelectMany(pool => OfPool(AddressUse.NameOf(pool), pool.Leased, pool.Kept, pool.Excluded, pool.Occupied, pool.Free)),
    ];

    private static IEnumerable<Measurement<long>> OfPool(string name, long used, long reserved, long excluded, long occupied, long free) =>
        from part in new[] { ("used", used), ("reserved", reserved), ("excluded", excluded), ("occupied", occupied), ("free", free) }
        select Of(part.Item2, ("pool", name), ("use", part.Item1));

    private IEnumerable<Measurement<int>> Occupied()
    {
        var counts = engine.Strangers.CountBy(stranger => stranger.How).ToDictionary();
        return Enum.GetValues<OccupiedHow>().Select(how => Of(counts.GetValueOrDefault(how), ("how", PlanEndpoints.NameOf(how))));
    }

    private IEnumerable<Measurement<long>> SyslogLines() => engine.Syslog is { } counts
        ? [Of(counts.Kept, ("result", "kept")), Of(counts.Empty, ("result", "empty")), Of(counts.Limited, ("result", "limited")), Of(counts.Unknown, ("result", "unknown"))]
        : [];

    private IEnumerable<Measurement<double>> OfPush(Func<PushState, double> number) =>
        store.Push is { } push ? [new Measurement<double>(number(push))] : [];

    private double Lag(PushState push) => push.BehindSince is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0;

    private static Measurement<T> Of<T>(T value, params ReadOnlySpan<(string Name, string Value)> labels)
        where T : struct
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            tags[i] = new(labels[i].Name, labels[i].Value);
        }

        return new Measurement<T>(value, tags);
    }
}

/// <summary>How many requests each listener has refused.</summary>
/// <param name="OfBootTokens">The boot listener, for their boot token.</param>
/// <param name="OfApi">The API.</param>
internal sealed record RefusalCounts(Func<long> OfBootTokens, Func<long> OfApi);
