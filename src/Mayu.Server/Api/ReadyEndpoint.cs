using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Live;

namespace Mayu.Server.Api;

/// <summary>
/// <c>GET /readyz</c>: ready with remarks. What is wrong with one machine, one profile or one pool does not stop the others, and
/// an operator must hear of it. A store that cannot write is not ready, nor is an engine that does not answer.
/// </summary>
internal sealed class ReadyEndpoint(IMachineStore store, Func<ClusterPlan> plan, EngineStatus engine, ServerCertificate certificate, LiveConfiguration live)
{
    private const int MaxConflicts = 20;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/readyz", Answer).ForAll()
        .WithName("getReadiness").WithSummary("Whether the server is ready (200) or not (503), and what an operator should look at, one remark per line.")
        .WithMetadata(ProducedText.Plain(StatusCodes.Status200OK), ProducedText.Plain(StatusCodes.Status503ServiceUnavailable));

    private TextAnswer Answer()
    {
        var trouble = store.Trouble ?? engine.Trouble;
        var lines = Remarks().Prepend(trouble is null ? "ready" : $"not ready: {trouble}");
        return new TextAnswer(string.Concat(lines.Select(line => line + "\n")), ProducedText.PlainType, status: trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
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

    private IEnumerable<string> Remarks()
    {
        var (snapshot, now) = (store.Current, plan());
        var profiles = ProfileUse.Of(snapshot, now);
        var conflicts = snapshot.Machines.Where(machine => machine.Conflict is not null).Select(machine => machine.Serial).Order().ToList();
        return
        [
            .. store.Quarantined.Select(record => $"quarantined: {record.Name}: {record.Reason}"),
            .. certificate.Remark is { } remark ? [$"certificate: {remark}"] : Enumerable.Empty<string>(),
            .. live.Remarks(serial => snapshot.Find(serial)?.Profile),
            .. engine.Remarks,
            // A remote that has only not been asked yet is no news. The error may name hosts, and no token is asked for here.
            .. store.Push is { Error: not null } push ? [$"push: the last try failed, and the log says why; {LackOf(push)}"] : Enumerable.Empty<string>(),
            .. AddressUse.Of(snapshot, now).Where(pool => pool.Free == 0)
                .Select(pool => $"alarm: address pool {pool.Name} {pool.Start}-{pool.End} is full: new machines are refused. Widen {KeyOf(pool.Name)}, or delete machines that are gone"),
            .. engine.DhcpPools.Select(pool => pool.Alarm).OfType<string>(),
            .. profiles.Items.Where(profile => profile.OverFull)
                .Select(profile => $"over-full: profile {profile.Name} has {Counted.Of(profile.Quantity ?? 0, "slot")}, {ProfileUse.Holders(profile)}"),
            .. profiles.Orphaned.Select(profile =>
                $"orphaned: profile {profile.Name} is not in the configuration; it is the profile of {ProfileUse.Holders(profile)}"),
            .. conflicts.Take(MaxConflicts).Select(serial => $"conflict: another machine may be {serial}: mayuctl status {serial}"),
            .. conflicts.Count > MaxConflicts ? [$"conflict: {Counted.Of(conflicts.Count - MaxConflicts, "more machine")}"] : Enumerable.Empty<string>(),
        ];
    }
}
