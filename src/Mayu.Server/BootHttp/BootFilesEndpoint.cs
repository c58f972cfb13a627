using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.BootScripts;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// What is for one boot, below <c>/boot/TOKEN/</c>: <c>mayu.cpio</c>, the initial RAM disk that carries the token to the discovery system, or its config
/// to a live system; and <c>config</c>, for live systems that fetch theirs.
/// </summary>
internal sealed class BootFilesEndpoint(BootContext boot, BootAccess access, ConfigIssue issue)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/{BootInitrds.FileName}", InitrdAsync);
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/config", ConfigAsync);
    }

    private async Task<Results<BytesAnswer, Problem>> InitrdAsync(SentToken sent, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (LiveProfileOf(token!) is not { } live)
        {
            return new BytesAnswer(BootInitrds.OfToken(sent.Text!));
        }

        var (config, problem) = await issue.ToAsync(live.Machine, live.Profile, token, peer, aborted);
        return config is null ? problem! : new BytesAnswer(BootInitrds.OfConfig(live.Profile.Provisioning, config.Text));
    }

    // A live system asks for its config at every boot. It has no disk on which the config could lie.
    private async Task<Results<TextAnswer, Problem>> ConfigAsync(SentToken sent, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (LiveProfileOf(token!) is not { } live)
        {
            return new Problem(StatusCodes.Status409Conflict, "No live system", token!.Machine is { } serial
                ? $"Machine {serial} does not run a live system: {boot.Decisions.AnswerFor(serial).Reason}."
                : "The machine is not known yet.");
        }

        var (config, problem) = await issue.ToAsync(live.Machine, live.Profile, token, peer, aborted);
        return config is null ? problem! : new TextAnswer(config.Text, config.ContentType) { Machine = live.Machine.Serial };
    }

    private (Core.Machines.Machine Machine, Profile Profile)? LiveProfileOf(BootToken token) =>
        token.Machine is { } serial && boot.Store.Current.Find(serial) is { } machine
        && boot.Decisions.AnswerFor(serial).Kind == BootAnswerKind.Live && boot.Configuration.Cluster.FindProfile(machine.Profile) is { } profile
            ? (machine, profile)
            : null;
}
