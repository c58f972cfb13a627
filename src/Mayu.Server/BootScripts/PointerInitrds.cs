using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;
using Mayu.Server.Live;

namespace Mayu.Server.BootScripts;

/// <summary>
/// Makes initial RAM disks that tell a live system no more than where its config is: for loaders with TFTP only, by which no config is issued, and for
/// profiles with <c>token_delivery: pointer</c>. Nothing of the machine changes by it.
/// </summary>
internal sealed class PointerInitrds(LiveConfiguration live, IMachineStore store, BootDecisions decisions, BootTokens tokens, ConfigIssuer issuer)
{
    /// <summary>The file that a pointer names, below <c>/boot/</c> with the token in a header, and below <c>/boot/TOKEN/</c>.</summary>
    public const string ConfigName = "config.ign";

    // The first of Ignition's specifications with httpHeaders.
    private static readonly Version WithHeaders = new(3, 1);

    /// <summary>Whether configs of a language can be pointed to.</summary>
    public static bool Has(ProvisioningKind kind) => kind is ProvisioningKind.Ignition or ProvisioningKind.CloudInit;

    /// <summary>The RAM disk for a token: the pointer for a live system, and the token itself for the discovery system.</summary>
    /// <param name="text">The token, as it was sent.</param>
    /// <param name="bootUrl">The boot listener as the machine reaches it.</param>
    /// <param name="isServed">Whether it goes out.</param>
    /// <returns>Null where the token is none, or the config cannot be made now.</returns>
    public byte[]? Find(string text, string bootUrl, bool isServed)
    {
        if (!tokens.TryFind(text, out var token, out _))
        {
            return null;
        }

        return token.Machine is { } serial && decisions.AnswerFor(serial).Kind == BootAnswerKind.Live
            && store.Current.Find(serial) is { } machine && live.Current.Settings.Cluster.FindProfile(machine.Profile) is { } profile
                ? tokens.MayFetch(token, BootInitrds.FileName, out _) ? Of(machine, profile, new ConfigRequest(bootUrl) { BootToken = text, InstallId = token.LiveInstallId }, isServed).Initrd : null
                : BootInitrds.OfToken(text);
    }

    /// <summary>The pointer for a live system.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="wanted">How its config is wanted, with the boot token.</param>
    /// <param name="isServed">Whether it goes out.</param>
    /// <returns>The RAM disk, or what is missing for the config; neither where its language has no pointers.</returns>
    public (byte[]? Initrd, string? Missing) Of(Machine machine, Profile profile, ConfigRequest wanted, bool isServed)
    {
        if (!Has(profile.Provisioning))
        {
            return default;
        }

        var outcome = issuer.Foresee(machine, profile, wanted with { IsSeed = profile.Provisioning == ProvisioningKind.CloudInit }, isServed);
        return outcome.Seed is { } seed ? (BootInitrds.OfSeed(SeedPointer(seed, wanted.BootUrl, wanted.BootToken!)), null)
            : outcome.Config is { } config ? (BootInitrds.OfConfig(ProvisioningKind.Ignition, IgnitionPointer(config.Text, wanted.BootUrl, wanted.BootToken!)), null)
            : (null, outcome.Missing ?? outcome.Refusal?.Detail);
    }

    // With the token in a header it is in no log of Ignition's, which tells URLs.
    private static string IgnitionPointer(string config, string bootUrl, string token)
    {
        var version = JsonNode.Parse(config)!["ignition"]!["version"]!.GetValue<string>();
        var verification = new JsonObject { ["hash"] = "sha512-" + Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(config))) };
        var hasHeaders = Version.Parse(version) >= WithHeaders;
        var replace = hasHeaders
            ? new JsonObject
            {
                ["source"] = $"{bootUrl}/{BootInitrds.Folder}/{ConfigName}",
                ["httpHeaders"] = new JsonArray(new JsonObject { ["name"] = "Authorization", ["value"] = $"Bearer {token}" }),
                ["verification"] = verification,
            }
            : new JsonObject { ["source"] = $"{bootUrl}/{BootInitrds.Folder}/{token}/{ConfigName}", ["verification"] = verification };
        return new JsonObject { ["ignition"] = new JsonObject { ["version"] = hasHeaders ? "3.1.0" : version, ["config"] = new JsonObject { ["replace"] = replace } } }.ToJsonString();
    }

    // The network stays in the folder: before 24.3 cloud-init fetches none.
    private static NoCloudSeed SeedPointer(NoCloudSeed seed, string bootUrl, string token) => seed with
    {
        UserData = "#cloud-config\n{}\n",
        VendorData = "#cloud-config\n{}\n",
        MetaData = $"seedfrom: {JsonEncodedText.Encode($"{bootUrl}/{BootInitrds.Folder}/{token}/nocloud/").Value}\n",
    };
}
