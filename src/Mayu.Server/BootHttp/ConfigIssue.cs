using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;
using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>Issues a config to whoever has the token for it, and marks what came of it.</summary>
internal sealed class ConfigIssue(BootContext boot, BootAccess access, ConfigIssuer issuer)
{
    /// <summary>Issues it.</summary>
    /// <returns>The config, or the problem.</returns>
    public async Task<(ProvisioningConfig? Config, Problem? Problem)> ToAsync(
        Machine machine, Profile profile, BootToken? token, HttpPeer peer, CancellationToken aborted)
    {
        if (access.Fetch(token, machine.Serial, "the config", peer) is { } spent)
        {
            return (null, spent);
        }

        var outcome = await issuer.IssueAsync(machine, profile, boot.BootUrlFor(peer), aborted);
        if (outcome.Config is { } config)
        {
            boot.Trace.Mark(machine.Serial, HopKind.Config, $"{config.FileName} for profile {profile.Name}", mac: boot.MacOf(peer));
            return (config, null);
        }

        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(machine.Serial, "config", refusal.Detail, boot.MacOf(peer));
            return (null, Problem.Of(refusal));
        }

        return (null, None(machine.Serial, peer, StatusCodes.Status503ServiceUnavailable, outcome.Missing!));
    }

    /// <summary>There is none for this machine.</summary>
    public Problem None(Serial serial, HttpPeer peer, int status, string detail)
    {
        boot.Failed(serial, "config", detail, boot.MacOf(peer));
        return new Problem(status, "No config for this machine", detail);
    }
}
