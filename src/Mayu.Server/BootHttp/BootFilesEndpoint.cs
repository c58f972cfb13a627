using Mayu.Core.Boot;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Auth;
using Mayu.Server.BootScripts;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// What is for one boot, below <c>/boot/TOKEN/</c>: <c>mayu.cpio</c>, the initial RAM disk that carries the token to the discovery system, or its config
/// to a live system; <c>config</c>, for live systems that fetch theirs; and <c>nocloud/</c>, cloud-init's four files.
/// </summary>
internal sealed class BootFilesEndpoint(BootContext boot, BootAccess access, ConfigIssue issue)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/{BootInitrds.FileName}", InitrdAsync);
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/config", ConfigAsync);
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/nocloud/{{name}}", NoCloudAsync);
    }

    private async Task<Results<BytesAnswer, Problem>> InitrdAsync(SentToken sent, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, peer, isLive: true) is not { } live)
        {
            return new BytesAnswer(BootInitrds.OfToken(sent.Text!));
        }

        if (live.Profile.Provisioning == ProvisioningKind.CloudInit)
        {
            var (seed, wrong) = await issue.SeedAsync(live, "the seed", aborted);
            return seed is null ? wrong! : new BytesAnswer(BootInitrds.OfSeed(seed));
        }

        var (config, problem) = await issue.ConfigAsync(live, asked: null, aborted);
        return config is null ? problem! : new BytesAnswer(BootInitrds.OfConfig(live.Profile.Provisioning, config.Text));
    }

    // A live system asks for its config at every boot. It has no disk on which the config could lie.
    private async Task<Results<TextAnswer, Problem>> ConfigAsync(SentToken sent, HttpPeer peer, HttpRequest request, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, peer, isLive: true) is not { } live)
        {
            return NotLive(token!);
        }

        var (config, problem) = await issue.ConfigAsync(live, IgnitionSpec.FromAccept(request.Headers.Accept), aborted);
        return config is null ? problem! : new TextAnswer(config.Text, config.ContentType) { Machine = live.Machine.Serial };
    }

    // For live systems; and for the first-stage script, which lays the files beside the image.
    private async Task<Results<TextAnswer, Problem>> NoCloudAsync(SentToken sent, NameSegment name, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, peer, isLive: false) is not { Profile.Provisioning: ProvisioningKind.CloudInit } receiver)
        {
            return new Problem(StatusCodes.Status404NotFound, "No such file", "The machine's profile does not use provisioning: cloud-init, or the machine is not installing.");
        }

        var (seed, problem) = await issue.SeedAsync(receiver, name.Value, aborted);
        return seed is null ? problem!
            : seed.Files.FirstOrDefault(file => file.Name == name.Value).Text is { } text ? new TextAnswer(text, "text/cloud-config; charset=utf-8") { Machine = receiver.Machine.Serial }
            : new Problem(StatusCodes.Status404NotFound, "No such file", $"NoCloud has meta-data, user-data, vendor-data and network-config, and not {name.Value}.");
    }

    private Problem NotLive(BootToken token) => new(StatusCodes.Status409Conflict, "No live system", token.Machine is { } serial
        ? $"Machine {serial} does not run a live system: {boot.Decisions.AnswerFor(serial).Reason}."
        : "The machine is not known yet.");

    private ConfigReceiver? ReceiverOf(BootToken token, HttpPeer peer, bool isLive) =>
        token.Machine is { } serial && boot.Store.Current.Find(serial) is { } machine && boot.Configuration.Cluster.FindProfile(machine.Profile) is { } profile
        && (boot.Decisions.AnswerFor(serial).Kind == BootAnswerKind.Live || (!isLive && machine.State == MachineState.Installing))
            ? new ConfigReceiver(machine, profile, token, peer)
            : null;
}
