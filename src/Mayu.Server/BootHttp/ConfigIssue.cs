using Mayu.Core.Boot;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;
using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>Issues a config to whoever has the token for it, and marks what came of it.</summary>
internal sealed class ConfigIssue(BootContext boot, BootAccess access)
{
    private static readonly HopPhrase Issued = (in HopDetail detail) => $"{detail.Text} for profile {detail.Reason}";

    /// <summary>Issues the config.</summary>
    /// <param name="to">The machine, and with what it asks.</param>
    /// <param name="asked">The newest specification of Ignition that it reads; null: it does not say.</param>
    /// <param name="aborted">Ends it.</param>
    /// <returns>The config, or the problem.</returns>
    public async Task<(ProvisioningConfig? Config, Problem? Problem)> ConfigAsync(ConfigReceiver to, IgnitionSpec? asked, CancellationToken aborted)
    {
        var (outcome, problem) = await IssueAsync(to, "the config", RequestOf(to) with { Ignition = asked }, aborted);
        if (outcome?.Config is { } config)
        {
            Mark(to, config.FileName);
            return (config, null);
        }

        return (null, problem);
    }

    /// <summary>Issues the files of NoCloud.</summary>
    /// <param name="to">The machine, and with what it asks.</param>
    /// <param name="file">Which of them it asks for: each is given on its own.</param>
    /// <param name="aborted">Ends it.</param>
    public async Task<(NoCloudSeed? Seed, Problem? Problem)> SeedAsync(ConfigReceiver to, string file, CancellationToken aborted)
    {
        var (outcome, problem) = await IssueAsync(to, file, RequestOf(to) with { IsSeed = true }, aborted);
        if (outcome?.Seed is { } seed)
        {
            Mark(to, file);
            return (seed, null);
        }

        return (null, problem);
    }

    /// <summary>There is none for this machine.</summary>
    public Problem None(Serial serial, HttpPeer peer, int status, string detail)
    {
        boot.Failed(peer, serial, "config", detail);
        return new Problem(status, "No config for this machine", detail);
    }

    /// <summary>How a config is wanted that is asked for so.</summary>
    public ConfigRequest RequestOf(ConfigReceiver to) => new(boot.BootUrlFor(to.Peer))
    {
        BootToken = to.Sent.Text,
        InstallId = to.Profile.Mode == ProfileMode.Live ? to.Token?.LiveInstallId : null,
    };

    private void Mark(ConfigReceiver to, string file) => boot.Mark(
        to.Peer, to.Machine.Serial, HopKind.Config, Noted(to) is { } oddness ? $"{file} for profile {to.Profile.Name}{oddness}" : new HopDetail(Issued) { Text = file, Reason = to.Profile.Name });

    private string? Noted(ConfigReceiver to)
    {
        var oddness = boot.Oddness(to.Peer, to.Machine);
        if (oddness is not null && !to.Peer.IsHead)
        {
            boot.Log.OddAddress(to.Machine.Serial, oddness.TrimStart(',', ' '));
        }

        return oddness;
    }

    private async Task<(ConfigOutcome? Outcome, Problem? Problem)> IssueAsync(ConfigReceiver to, string file, ConfigRequest wanted, CancellationToken aborted)
    {
        if (access.MayFetch(to.Token, to.Machine.Serial, file, to.Peer) is { } spent)
        {
            return (null, spent);
        }

        var outcome = to.Peer.IsHead
            ? boot.Issuer.Foresee(to.Machine, to.Profile, wanted, isIssued: false)
            : await boot.Issuer.IssueAsync(to.Machine, to.Profile, wanted, aborted);
        if (outcome.Refusal is { } refusal)
        {
            boot.Failed(to.Peer, to.Machine.Serial, "config", refusal.Detail);
            return (null, Problem.Of(refusal));
        }

        return outcome.Missing is { } missing ? (null, None(to.Machine.Serial, to.Peer, StatusCodes.Status503ServiceUnavailable, missing))
            : !to.Peer.IsHead && access.Fetch(to.Token, to.Machine.Serial, file, to.Peer) is { } late ? (null, late)
            : (outcome, null);
    }
}

/// <summary>Who is given a config.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Token">Its boot token; null where none is needed.</param>
/// <param name="Sent">That token as it was sent.</param>
/// <param name="Peer">Who asks.</param>
internal sealed record ConfigReceiver(Machine Machine, Profile Profile, BootToken? Token, SentToken Sent, HttpPeer Peer);
