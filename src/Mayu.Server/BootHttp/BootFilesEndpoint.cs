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
/// to a live system; <c>config</c>, for live systems that fetch theirs; <c>config.ign</c>, which a pointer in that RAM disk names; and <c>nocloud/</c>,
/// cloud-init's four files.
/// </summary>
internal sealed class BootFilesEndpoint(BootContext boot, BootAccess access, ConfigIssue issue)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/{BootInitrds.FileName}", InitrdAsync);
        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/config", (SentToken sent, HttpPeer peer, HttpRequest request, CancellationToken aborted) =>
            ConfigAsync(sent, peer, IgnitionSpec.FromAccept(request.Headers.Accept), aborted));
        // With the hash that its pointer tells: in the profile's own version, whatever the machine could read.
        foreach (var folder in new[] { BootInitrds.Folder, $"{BootInitrds.Folder}/{{token}}" })
        {
            routes.MapGet($"/{folder}/{PointerInitrds.ConfigName}", (SentToken sent, HttpPeer peer, CancellationToken aborted) => ConfigAsync(sent, peer, asked: null, aborted));
        }

        routes.MapGet($"/{BootInitrds.Folder}/{{token}}/nocloud/{{name}}", NoCloudAsync);
    }

    private async Task<Results<BytesAnswer, Problem>> InitrdAsync(SentToken sent, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, sent, peer, isLive: true) is not { } live)
        {
            return new BytesAnswer(BootInitrds.OfToken(sent.Text!));
        }

        if (live.Profile.TokenDelivery == TokenDelivery.PointerConfig && PointerInitrds.Has(live.Profile.Provisioning))
        {
            return PointerTo(live);
        }

        if (live.Profile.Provisioning == ProvisioningKind.CloudInit)
        {
            var (seed, wrong) = await issue.SeedAsync(live, "the seed", aborted);
            return seed is null ? wrong! : new BytesAnswer(BootInitrds.OfSeed(seed));
        }

        var (config, problem) = await issue.ConfigAsync(live, asked: null, aborted);
        return config is null ? problem! : new BytesAnswer(BootInitrds.OfConfig(live.Profile.Provisioning, config.Text));
    }

    private Results<BytesAnswer, Problem> PointerTo(ConfigReceiver live)
    {
        if (access.MayFetch(live.Token, live.Machine.Serial, BootInitrds.FileName, live.Peer) is { } spent)
        {
            return spent;
        }

        var (initrd, missing) = boot.Pointers.Of(live.Machine, live.Profile, issue.RequestOf(live), isServed: !live.Peer.IsHead);
        return initrd is null ? issue.None(live.Machine.Serial, live.Peer, StatusCodes.Status503ServiceUnavailable, missing!) : new BytesAnswer(initrd);
    }

    // A live system asks for its config at every boot. It has no disk on which the config could lie.
    private async Task<Results<TextAnswer, Problem>> ConfigAsync(SentToken sent, HttpPeer peer, IgnitionSpec? asked, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, sent, peer, isLive: true) is not { } live)
        {
            return NotLive(token!);
        }

        var (config, problem) = await issue.ConfigAsync(live, asked, aborted);
        return config is null ? problem! : new TextAnswer(config.Text, config.ContentType) { Machine = live.Machine.Serial };
    }

    // For live systems; and for the first-stage script, which lays the files beside the image.
    private async Task<Results<TextAnswer, Problem>> NoCloudAsync(SentToken sent, NameSegment name, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Refuse(sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (ReceiverOf(token!, sent, peer, isLive: false) is not { Profile.Provisioning: ProvisioningKind.CloudInit } receiver)
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

    private ConfigReceiver? ReceiverOf(BootToken token, SentToken sent, HttpPeer peer, bool isLive) =>
        token.Machine is { } serial && boot.Store.Current.Find(serial) is { } machine && boot.Configuration.Cluster.FindProfile(machine.Profile) is { } profile
        && (boot.Decisions.AnswerFor(serial).Kind == BootAnswerKind.Live || (!isLive && machine.State == MachineState.Installing))
            ? new ConfigReceiver(machine, profile, token, sent, peer)
            : null;
}
