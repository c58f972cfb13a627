using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>etcd_discovery</c>.</summary>
internal static class EtcdDiscoverySchema
{
    private const int MaxUrl = 1024;

    /// <summary>Takes a token.</summary>
    public static ConfigurationSection.Parser<string> Token { get; } = Parse.Checked(
        $"is not an etcd discovery token: it must be {EtcdDiscoverySettings.TokenLength} hexadecimal digits, lower case. Make one with: openssl rand -hex 16", EtcdDiscoverySettings.IsToken);

    private static ConfigurationSection.Parser<string> Url { get; } = Parse.Checked("is not the URL of a discovery service: write http:// or https://, without query, fragment, user or password", IsUrl);

    /// <summary>Asks for every key.</summary>
    public static EtcdDiscoverySettings Bind(ConfigurationSection section)
    {
        var enabled = section.Optional("enabled", "`true` or `false`", "Whether the boot port serves etcd discovery, at `/etcd/TOKEN`.", Parse.Flag, true, "true");
        var size = section.Optional("size", "number", $"How many members a new etcd cluster has, 1 to {EtcdDiscoverySettings.MaxSize}. Use an odd number.",
            Parse.Number(1, EtcdDiscoverySettings.MaxSize), EtcdDiscoverySettings.DefaultSize, "3");
        var token = section.Optional<string?>("token", "token", "The discovery token of machines whose profile has none, 32 hexadecimal digits. All machines with the same token form one etcd cluster.",
            Token!, null, "created by Mayu when a template first uses it");
        var url = section.Optional<string?>("url", "URL", "Another discovery service, which serves `URL/TOKEN`. Mayu's own is then off, and the tokens have to be set.", Url!, null, "Mayu's own");
        section.Close();
        return new EtcdDiscoverySettings { IsServed = enabled && url is null, Size = size, Token = token, Url = url?.TrimEnd('/') };
    }

    private static bool IsUrl(string text) =>
        text.Length <= MaxUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { Query: "", Fragment: "", UserInfo: "" } && text.All(c => char.IsAscii(c) && c > ' ' && !char.IsControl(c));
}
