using System.Text;

namespace Mayu.Server.Api;

/// <summary>
/// <c>GET /readyz</c>: ready with remarks. What is wrong with one machine, one profile or one pool does not stop the others, and
/// an operator must hear of it. A store that cannot write is not ready, nor is an engine that does not answer.
/// </summary>
internal static class ReadyEndpoint
{
    private const int MaxConflicts = 20;

    public static Task AnswerAsync(HttpContext context, ApiContext api)
    {
        var trouble = api.Store.Trouble ?? api.EngineTrouble();
        var text = new StringBuilder(trouble is null ? "ready\n" : $"not ready: {trouble}\n");
        foreach (var remark in Remarks(api))
        {
            text.Append(remark).Append('\n');
        }

        context.Response.StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static IEnumerable<string> Remarks(ApiContext api)
    {
        var (snapshot, plan) = (api.Store.Current, api.Plan());
        foreach (var record in api.Store.Quarantined)
        {
            yield return $"quarantined: {record.Name}: {record.Reason}";
        }

        if (api.Keys.Certificate.Remark is { } certificate)
        {
            yield return $"certificate: {certificate}";
        }

        foreach (var remark in api.EngineRemarks())
        {
            yield return remark;
        }

        // A remote that has only not been asked yet is no news. The error may name hosts, and no token is asked for here.
        if (api.Store.Push is { Error: not null } push)
        {
            yield return $"push: the remote is {push.CommitsBehind} commits behind, and the last try failed; the log says why";
        }

        foreach (var pool in AddressUse.Of(snapshot, plan).Where(pool => pool.Free == 0))
        {
            yield return $"alarm: address pool {pool.Name} {pool.Start}-{pool.End} is full: new machines are refused";
        }

        foreach (var alarm in api.DhcpPools().Select(pool => pool.Alarm).OfType<string>())
        {
            yield return alarm;
        }

        var profiles = ProfileUse.Of(snapshot, plan);
        foreach (var profile in profiles.Items.Where(profile => profile.OverFull))
        {
            yield return $"over-full: profile {profile.Name} has {profile.Quantity} slots, {profile.Used} machines and {profile.Pinned} pins";
        }

        foreach (var profile in profiles.Orphaned)
        {
            yield return $"orphaned: profile {profile.Name} is not in the configuration; {profile.Used} machines and {profile.Pinned} pins have it";
        }

        var conflicts = snapshot.Machines.Where(machine => machine.Conflict is not null).Select(machine => machine.Serial).Order().ToList();
        foreach (var serial in conflicts.Take(MaxConflicts))
        {
            yield return $"conflict: another machine may be {serial}: mayuctl status {serial}";
        }

        if (conflicts.Count > MaxConflicts)
        {
            yield return $"conflict: {conflicts.Count - MaxConflicts} more machines";
        }
    }
}
