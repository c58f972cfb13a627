using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>
/// Facts in, provisioning config out: registers the machine, and answers its config. <c>/provisioning-config</c> answers in the language of the
/// profile; the two older paths insist on theirs.
/// </summary>
internal sealed class ProvisioningEndpoint(BootContext boot, BootAccess access, Registrar registrar, ConfigIssue issue)
{
    private static readonly HopPhrase Registered = (in HopDetail detail) => $"profile {detail.Text}, address {(detail.Address == default ? "" : detail.Address)}";
    private static readonly HopPhrase HeldBack = (in HopDetail detail) => $"{Registered(detail)}; its facts changed too often and are not recorded";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, only) in new (string, ProvisioningKind?)[]
        {
            ("/provisioning-config", null), ("/final-ignition-config.json", ProvisioningKind.Ignition), ("/final-cloud-config.yaml", ProvisioningKind.CloudConfig),
        })
        {
            routes.MapPost(path, (JsonBody<Contracts.FactsReport> report, SentToken token, HttpPeer peer, CancellationToken aborted) =>
                AnswerAsync(report.Value, token, peer, (path, only), aborted));
        }
    }

    private async Task<Results<TextAnswer, Problem>> AnswerAsync(
        Contracts.FactsReport report, SentToken sent, HttpPeer peer, (string Path, ProvisioningKind? Only) asked, CancellationToken aborted)
    {
        if (!FactsReading.TryRead(report, boot.Decisions.Rule, out var facts, out var malformed))
        {
            return new Problem(StatusCodes.Status400BadRequest, "The facts are not valid", malformed);
        }

        if (access.Refuse(facts, sent, peer, out var token) is { } refused)
        {
            return refused;
        }

        var outcome = await registrar.RegisterAsync(facts, aborted);
        Mark(facts, outcome);
        if (outcome.Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        var machine = outcome.Machine!;
        if (token is not null)
        {
            boot.Tokens.Adopt(token, machine.Serial);
        }

        var profile = boot.Configuration.Cluster.FindProfile(machine.Profile)!;
        if (asked.Only is { } language && profile.Provisioning != language)
        {
            return issue.None(machine.Serial, peer, StatusCodes.Status409Conflict, $"Profile {profile.Name} of machine {machine.Serial} uses another provisioning format than {asked.Path} serves.");
        }

        var (config, problem) = await issue.ConfigAsync(new ConfigReceiver(machine, profile, token, sent, peer), asked: null, aborted);
        // Its boot loader may not have known its name, and it asks for its plan and its image by that.
        return config is null ? problem! : new TextAnswer(config.Text, config.ContentType) { Machine = machine.Serial };
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
        if (outcome.IsHeldBack)
        {
            boot.Log.HeldBack(machine.Serial, "facts");
        }

        var detail = new HopDetail(outcome.IsHeldBack ? HeldBack : Registered) { Text = machine.Profile, Address = machine.InternalAddress ?? default };
        boot.Trace.Mark(machine.Serial, HopKind.Facts, detail, mac: facts.Evidence.BootMac);
        boot.Log.Registered(machine.Serial, machine.Profile, machine.InternalAddress);
    }
}
