using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Facts in, provisioning config out: registers the machine, and answers its config. <c>/provisioning-config</c> answers in the language of the
/// profile; the two older paths insist on theirs.
/// </summary>
internal sealed class ProvisioningEndpoint(BootContext boot, Registrar registrar, ConfigIssuer issuer)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, only) in new (string, ProvisioningKind?)[]
        {
            ("/provisioning-config", null), ("/final-ignition-config.json", ProvisioningKind.Ignition), ("/final-cloud-config.yaml", ProvisioningKind.CloudConfig),
        })
        {
            routes.MapPost(path, (JsonBody<Contracts.FactsReport> report, HttpPeer peer, CancellationToken aborted) =>
                AnswerAsync(report.Value, peer, (path, only), aborted));
        }

        routes.MapGet("/live-config/{serial}", LiveAsync);
    }

    private async Task<Results<TextAnswer, Problem>> AnswerAsync(
        Contracts.FactsReport report, HttpPeer peer, (string Path, ProvisioningKind? Only) asked, CancellationToken aborted)
    {
        if (!FactsReading.TryRead(report, boot.Decisions.Rule, out var facts, out var malformed))
        {
            return new Problem(StatusCodes.Status400BadRequest, "The facts are not valid", malformed);
        }

        var outcome = await registrar.RegisterAsync(facts, aborted);
        Mark(facts, outcome);
        if (outcome.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        var machine = outcome.Machine!;
        var profile = boot.Configuration.Cluster.FindProfile(machine.Profile)!;
        return asked.Only is { } language && profile.Provisioning != language
            ? NoConfig(machine.Serial, peer, StatusCodes.Status409Conflict, $"Profile {profile.Name} of machine {machine.Serial} uses another provisioning format than {asked.Path} serves.")
            : await IssueAsync(machine, profile, peer, aborted);
    }

    // A live system asks for its config at every boot. It has no disk on which the config could lie.
    private async Task<Results<TextAnswer, Problem>> LiveAsync(SerialSegment asked, HttpPeer peer, CancellationToken aborted)
    {
        var serial = asked.Value;
        var (machine, answer) = (boot.Store.Current.Find(serial), boot.Decisions.AnswerFor(serial));
        return machine is null || answer.Kind != BootAnswerKind.Live || boot.Configuration.Cluster.FindProfile(machine.Profile) is not { } profile
            ? new Problem(StatusCodes.Status409Conflict, "No live system", $"Machine {serial} does not run a live system: {answer.Reason}.")
            : await IssueAsync(machine, profile, peer, aborted);
    }

    private async Task<Results<TextAnswer, Problem>> IssueAsync(Machine machine, Profile profile, HttpPeer peer, CancellationToken aborted)
    {
        var outcome = await issuer.IssueAsync(machine, profile, boot.BootUrlFor(peer), aborted);
        if (outcome.Config is { } config)
        {
            boot.Trace.Mark(machine.Serial, HopKind.Config, $"{config.FileName} for profile {profile.Name}", mac: boot.MacOf(peer));
            // Its boot loader may not have known its name, and it asks for its plan and its image by that.
            return new TextAnswer(config.Text, config.ContentType) { Machine = machine.Serial };
        }

        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(machine.Serial, "config", refusal.Detail, boot.MacOf(peer));
            return Problem.Of(refusal);
        }

        return NoConfig(machine.Serial, peer, StatusCodes.Status503ServiceUnavailable, outcome.Missing!);
    }

    private void Mark(FactsReceived facts, RegistrationOutcome outcome)
    {
        // Of somebody who may be a machine and may be another no mark is that machine's.
        foreach (var mac in facts.MacAddresses)
        {
            boot.Trace.Attribute(mac, outcome.Name);
        }

        if (outcome.Refusal is { } refusal)
        {
            if (outcome.Name is { } refused)
            {
                boot.Failed(refused, "facts", refusal.Summary ?? refusal.Detail, facts.Evidence.BootMac);
            }

            return;
        }

        var machine = outcome.Machine!;
        var what = $"profile {machine.Profile}, address {machine.InternalAddress}";
        if (outcome.IsHeldBack)
        {
            boot.Log.HeldBack(machine.Serial, "facts");
        }

        boot.Trace.Mark(
            machine.Serial, HopKind.Facts, outcome.IsHeldBack ? $"{what}; its facts changed too often and are not recorded" : what, mac: facts.Evidence.BootMac);
        boot.Log.Changed(machine.Serial, what);
    }

    private Problem NoConfig(Serial serial, HttpPeer peer, int status, string detail)
    {
        boot.Failed(serial, "config", detail, boot.MacOf(peer));
        return new Problem(status, "No config for this machine", detail);
    }
}
