using Mayu.Core.Boot;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>
/// <c>GET /ignition?serial=&amp;uuid=</c>, the first Mayu's one step: the Ignition config of a machine that is known, and that installs or runs live. It
/// registers nobody: GET changes nothing, and a machine without facts has no MAC.
/// </summary>
internal sealed class IgnitionEndpoint(BootContext boot, BootAccess access, ConfigIssue issue)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ignition", AnswerAsync);

    private async Task<Results<TextAnswer, Problem>> AnswerAsync(LoaderClaims claims, SentToken sent, HttpPeer peer, HttpRequest request, CancellationToken aborted)
    {
        if (boot.Decisions.NameOf(boot.Decisions.Rule.Read(claims.Dmi, claims.Mac)) is not { } name || boot.Store.Current.Find(name) is not { } machine)
        {
            return new Problem(StatusCodes.Status404NotFound, "No such machine",
                "Nothing in serial, uuid and mac names a known machine. A machine registers by posting its facts.");
        }

        if (access.Refuse(machine.Serial, sent, peer, out var token) is { } refusal)
        {
            return refusal;
        }

        if (boot.Configuration.Cluster.FindProfile(machine.Profile) is not { Provisioning: ProvisioningKind.Ignition } profile)
        {
            return issue.None(machine.Serial, peer, StatusCodes.Status409Conflict, $"Profile {machine.Profile} of machine {machine.Serial} uses another provisioning format than /ignition serves.");
        }

        var answer = boot.Decisions.AnswerFor(machine.Serial);
        if (machine.State != MachineState.Installing && answer.Kind != BootAnswerKind.Live)
        {
            return new Problem(StatusCodes.Status409Conflict, "Not installing", $"Machine {machine.Serial} gets no config: {answer.Reason}.");
        }

        var (config, problem) = await issue.ConfigAsync(new ConfigReceiver(machine, profile, token, sent, peer), IgnitionSpec.FromAccept(request.Headers.Accept), aborted);
        return config is null ? problem! : new TextAnswer(config.Text, config.ContentType) { Machine = machine.Serial };
    }
}
