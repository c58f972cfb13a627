using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Live;
using Mayu.Server.Webhooks;

namespace Mayu.Server.Api.Status;

/// <summary>What an operator should look at although machines are answered, each as a sentence that begins with its kind. Each is asked anew.</summary>
/// <param name="store">The machines.</param>
/// <param name="plan">The cluster's plan.</param>
/// <param name="engine">DHCP, TFTP and the pools.</param>
/// <param name="certificate">The API's.</param>
/// <param name="live">The configuration in effect.</param>
/// <param name="webhooks">The webhooks.</param>
internal sealed class ClusterRemarks(IMachineStore store, Func<ClusterPlan> plan, EngineStatus engine, ServerCertificate certificate, LiveConfiguration live, WebhookService webhooks)
{
    private const int MaxConflicts = 20;

    /// <summary>DHCP, TFTP and the pools.</summary>
    public EngineStatus Engine => engine;

    /// <summary>Why the server is not ready; null: it is.</summary>
    public string? Trouble => store.Trouble ?? engine.Trouble;

    /// <summary>All of them.</summary>
    public IEnumerable<string> All =>
    [
        .. OfRecords,
        .. certificate.Remark is { } remark ? [$"certificate: {remark}"] : Enumerable.Empty<string>(),
        .. OfConfiguration,
        .. engine.Remarks,
        .. OfPush,
        .. OfPlan,
        .. OfWebhooks,
        .. OfMachines,
    ];

    /// <summary>Records that cannot be read.</summary>
    public IEnumerable<string> OfRecords => store.Quarantined.Select(record => $"quarantined: {record.Name}: {record.Reason}");

    /// <summary>The configuration, and configs that machines did not get.</summary>
    public IEnumerable<string> OfConfiguration => live.Remarks(serial => store.Current.Find(serial)?.Profile);

    /// <summary>The remote that changes are pushed to. One that has only not been asked yet is no news. The error may name hosts, and here no token is asked for.</summary>
    public IEnumerable<string> OfPush => store.Push is { Error: not null } push ? [$"push: the last try failed, and the log says why; {LackOf(push)}"] : [];

    /// <summary>Messages that were given up.</summary>
    public IEnumerable<string> OfWebhooks => webhooks.Hooks.Where(hook => hook.Queue.Dead.Count > 0)
        .Select(hook => $"webhook: {hook.Settings.Name} has {Counted.Of(hook.Queue.Dead.Count, "dead letter")}: mayuctl webhook dead-letters {hook.Settings.Name}");

    /// <summary>Pools and profiles.</summary>
    public IEnumerable<string> OfPlan
    {
        get
        {
            var (snapshot, now) = (store.Current, plan());
            var profiles = ProfileUse.Of(snapshot, now);
            return
            [
                .. AddressUse.Of(snapshot, now).Where(pool => pool.Free == 0)
                    .Select(pool => $"alarm: address pool {pool.Name} {pool.Start}-{pool.End} is full: new machines are refused. Widen {KeyOf(pool.Name)}, or delete machines that are gone"),
                .. engine.DhcpPools.Select(pool => pool.Alarm).OfType<string>(),
                .. profiles.Items.Where(profile => profile.OverFull)
                    .Select(profile => $"over-full: profile {profile.Name} has {Counted.Of(profile.Quantity ?? 0, "slot")}, {ProfileUse.Holders(profile)}"),
                .. profiles.Orphaned.Select(profile =>
                    $"orphaned: profile {profile.Name} is not in the configuration; it is the profile of {ProfileUse.Holders(profile)}"),
            ];
        }
    }

    /// <summary>Machines of which another one may have the name.</summary>
    public IEnumerable<string> OfMachines
    {
        get
        {
            var conflicts = store.Current.Machines.Where(machine => machine.Conflict is not null).Select(machine => machine.Serial).Order().ToList();
            return
            [
                .. conflicts.Take(MaxConflicts).Select(serial => $"conflict: another machine may be {serial}: mayuctl status {serial}"),
                .. conflicts.Count > MaxConflicts ? [$"conflict: {Counted.Of(conflicts.Count - MaxConflicts, "more machine")}"] : Enumerable.Empty<string>(),
            ];
        }
    }

    // Only the commits since the start are counted: what the remote has of those before, nobody has asked it.
    private static string LackOf(PushState push) => push switch
    {
        { Commit: null, CommitsBehind: 0 } => "nothing was pushed since the start, so it is not known which commits the remote has",
        { Commit: null } => $"the remote lacks the {Commits(push)} since the start, and it is not known whether it has those before",
        { CommitsBehind: 0 } => "the remote has all that Mayu committed",
        _ => $"the remote lacks {Commits(push)}",
    };

    private static string Commits(PushState push) => Counted.Of(push.CommitsBehind, "commit");

    private static string KeyOf(string pool) => pool == AddressUse.InternalPool ? "network.internal_range" : $"the range of {pool} in network.extra_nics";
}
