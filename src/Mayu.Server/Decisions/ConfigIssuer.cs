using System.Security.Cryptography;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Server.Images;
using Mayu.Server.Live;

namespace Mayu.Server.Decisions;

/// <summary>
/// Gives machines their provisioning configs. Nothing is promised before it can be kept: image and config are there before the machine counts as
/// installing.
/// </summary>
internal sealed class ConfigIssuer(IMachineStore store, LiveConfiguration live, TimeProvider clock)
{
    private const int InstallIdLength = 32;

    /// <summary>The change that goes with a config: pure, so that <c>explain</c> can ask whether it would be made.</summary>
    public static Proposal Enter(Machine machine, Profile profile, string installId, DateTimeOffset now) => profile.Mode == ProfileMode.Live
        ? Lifecycle.LiveConfigFetched(machine, profile.Image, installId, now)
        : Lifecycle.ConfigFetched(machine, profile.Image, installId, now);

    /// <summary>The config that <see cref="IssueAsync"/> would give: nothing of the machine changes.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="wanted">How it is rendered.</param>
    /// <param name="isIssued">Whether the machine waits for it: what is missing is an alarm then.</param>
    public ConfigOutcome Foresee(Machine machine, Profile profile, ConfigRequest wanted, bool isIssued)
    {
        var fresh = wanted.InstallId ?? new string('0', InstallIdLength);
        var entered = Enter(machine, profile, fresh, clock.GetUtcNow());
        var config = Render(entered is Proposal.Nothing ? machine : machine with { InstallId = fresh }, profile, wanted, isIssued);
        return config.Missing is null && entered is Proposal.Refuse { Refusal: var refusal } ? new ConfigOutcome(Refusal: refusal) : config;
    }

    /// <summary>Renders a machine's config, and lets it enter its installation.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="wanted">How it is rendered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ConfigOutcome> IssueAsync(Machine machine, Profile profile, ConfigRequest wanted, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var fresh = wanted.InstallId ?? RandomNumberGenerator.GetHexString(InstallIdLength, lowercase: true);
        // Who asks again while it installs is in the same installation.
        var installId = Enter(machine, profile, fresh, now) is Proposal.Nothing ? machine.InstallId : fresh;
        var config = Render(installId == machine.InstallId ? machine : machine with { InstallId = installId }, profile, wanted with { Gone = cancellationToken }, isIssued: true);
        if (config.Missing is not null)
        {
            return config;
        }

        // What changes nothing does not wait for the store's writer.
        var entered = Decide(store.Current) is Proposal.Nothing nothing
            ? new ChangeOutcome(nothing.Machine, null)
            : await store.ChangeAsync(Author.Of(machine.Serial), Decide, cancellationToken);
        // Where another request of the same machine came first, the installation is that one's, and the config is made again to tell so.
        return entered.Refusal is { } refusal ? new ConfigOutcome(Refusal: refusal)
            : entered.Machine!.InstallId == installId ? config
            : Render(entered.Machine, profile, wanted, isIssued: true);

        Proposal Decide(ClusterSnapshot snapshot) => snapshot.Find(machine.Serial) is { } current
            ? Enter(current, profile, fresh, now)
            : Proposal.Refused(RefusalReason.NotFound, $"Machine {machine.Serial} was deleted meanwhile.");
    }

    private ConfigOutcome Render(Machine machine, Profile profile, ConfigRequest wanted, bool isIssued)
    {
        try
        {
            var current = live.Current;
            var (own, image) = (current.Provisioner.At(wanted.BootUrl), current.Images.ImageOf(profile));
            var outcome = wanted.IsSeed ? new ConfigOutcome(Seed: own.NoCloud(machine, profile, image, wanted.BootToken, wanted.Gone))
                : new ConfigOutcome(own.Config(machine, profile, image, wanted.Ignition, wanted.BootToken, wanted.Gone));
            if (isIssued)
            {
                live.Alarms.Rendered(profile.Name, machine.Serial);
            }

            return outcome;
        }
        catch (Exception e) when (e is ImageMissingException or TemplateException)
        {
            if (isIssued)
            {
                live.Alarms.Failed(profile.Name, machine.Serial, e is TemplateException template ? template.Summary : e.Message);
            }

            return new ConfigOutcome(Missing: $"Profile {profile.Name}: {e.Message}{(e is ImageMissingException ? "." : "")}");
        }
    }
}

/// <summary>What became of a machine's question for its config: one of these.</summary>
/// <param name="Config">The config; the machine is installing.</param>
/// <param name="Seed">The same as all files of NoCloud.</param>
/// <param name="Refusal">Why the machine may not have one.</param>
/// <param name="Missing">What is missing for one: a part of the image, or a template that can be rendered.</param>
internal sealed record ConfigOutcome(ProvisioningConfig? Config = null, NoCloudSeed? Seed = null, Refusal? Refusal = null, string? Missing = null);

/// <summary>How a machine wants its config.</summary>
/// <param name="BootUrl">This server as the machine reaches it.</param>
/// <param name="Ignition">The newest specification of Ignition that it reads; null: it does not say.</param>
/// <param name="IsSeed">Whether it wants all files of NoCloud.</param>
internal sealed record ConfigRequest(string BootUrl, IgnitionSpec? Ignition = null, bool IsSeed = false)
{
    /// <summary>The boot token that it asks with; null: none.</summary>
    public string? BootToken { get; init; }

    /// <summary>Ends the rendering: whoever asked is gone.</summary>
    public CancellationToken Gone { get; init; }

    /// <summary>The number of the installation that the config begins, if it begins one; null: a random one.</summary>
    public string? InstallId { get; init; }
}
