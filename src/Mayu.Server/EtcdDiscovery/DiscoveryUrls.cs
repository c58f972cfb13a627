using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.EtcdDiscovery;

/// <summary>
/// The URL that a template prints: a machine's own token (its override <c>etcd_token</c>), else its profile's, else that of the configuration, else the one
/// that Mayu makes.
/// </summary>
/// <param name="settings">What is configured.</param>
/// <param name="tokens">The tokens; null: configs are only looked at, so none is made.</param>
internal sealed class DiscoveryUrls(EtcdDiscoverySettings settings, DiscoveryTokens? tokens) : IEtcdDiscovery
{
    /// <summary>The path below which the boot port serves tokens.</summary>
    public const string Path = "/etcd";

    private static readonly string Placeholder = new('0', EtcdDiscoverySettings.TokenLength);

    /// <inheritdoc/>
    public bool TryUrl(string bootUrl, Machine machine, Profile profile, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        var named = machine.Overrides.GetValueOrDefault(EtcdDiscoverySettings.Override) ?? profile.EtcdToken ?? settings.Token;
        if (named is not null && !EtcdDiscoverySettings.IsToken(named))
        {
            problem = $"the override {EtcdDiscoverySettings.Override} of machine {machine.Serial} is not a discovery token: it must be {EtcdDiscoverySettings.TokenLength} hexadecimal digits, lower case";
            return false;
        }

        if (settings.Url is { } elsewhere)
        {
            problem = named is not null ? null : $"the service of etcd_discovery.url needs a token: set etcd_discovery.token, the profile's etcd_token or the machine's override {EtcdDiscoverySettings.Override}";
            url = named is null ? null : $"{elsewhere}/{named}";
            return problem is null;
        }

        if (!settings.IsServed)
        {
            problem = "etcd_discovery.enabled is false";
            return false;
        }

        var token = named ?? Placeholder;
        if (tokens is not null && !tokens.TryKeep(named, out token, out problem))
        {
            return false;
        }

        (url, problem) = ($"{bootUrl}{Path}/{token}", null);
        return true;
    }
}
