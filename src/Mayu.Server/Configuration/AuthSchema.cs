using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Core.Selection;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Access;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>auth</c>.</summary>
internal static class AuthSchema
{
    private const int LongestFile = 1024 * 1024;
    private const int LongestName = 128;

    /// <summary>Asks for every key.</summary>
    /// <param name="section">The section.</param>
    /// <param name="usesTls">Whether the API uses TLS: without it nobody can show a certificate.</param>
    public static AccessSettings Bind(ConfigurationSection section, bool usesTls)
    {
        var settings = new AccessSettings
        {
            LegacyClients = BindLegacyClients(section),
            Certificates = BindCertificates(section, usesTls),
            Oidc = BindOidc(section.Section("oidc")),
        };
        section.Close();
        return settings;
    }

    private static LegacyClients BindLegacyClients(ConfigurationSection section) => new([.. section.List<ImmutableArray<LegacyNetwork>>("legacy_clients", "network, or `true`",
        "Networks whose clients may use the first Mayu's requests, `/admin/…`, **without a token**: they can reinstall every machine. An address, a network like `10.0.0.0/24`, or `true` for every address.",
        LegacyNetwork.TryParse, takesOne: true).SelectMany(one => one)]);

    private static ClientCertificateSettings? BindCertificates(ConfigurationSection section, bool usesTls)
    {
        const string Clients = "client_certificates";
        var file = section.Optional<string?>("client_ca", "file",
            "The CAs, PEM, whose client certificates the API takes in the place of a token. Everyone else is let in by token as before.", Parse.Text!, null, "none");
        var clients = section.Sections(Clients, one => (Name: one.Required<string>("name", "name", "The common name (CN) of the certificate's subject.", ParseName), Grant: BindGrant(one)));
        section.Repeated(Clients, clients, client => client.Name ?? "", (name, count) => $"there are {count} clients with the name \"{name}\"");
        if (file is null)
        {
            if (clients.Count > 0)
            {
                section.Problem(Clients, "client_ca is not set, so no certificate is taken");
            }

            return null;
        }

        if (!usesTls)
        {
            section.Problem("client_ca", "there are no client certificates without TLS (api.tls)");
        }

        return ReadAuthorities(section, "client_ca", file) is var (text, authorities)
            ? new ClientCertificateSettings(text, authorities, clients.Where(client => client.Name is not null).DistinctBy(client => client.Name)
                .ToImmutableDictionary(client => client.Name!, client => client.Grant, StringComparer.Ordinal))
            : null;
    }

    private static OidcSettings? BindOidc(ConfigurationSection section)
    {
        const string Rules = "roles";
        var issuer = section.Optional<string?>("issuer", "URL",
            "The OpenID provider, `https://…`: what its tokens have as `iss`. Its keys are fetched from `/.well-known/openid-configuration` below it.", ParseIssuer!, null, "none");
        var audience = section.Optional<string?>("audience", "text", "What the tokens have as `aud`. Tokens for other services are refused.", Parse.Text!, null, "none");
        var ca = section.Optional<string?>("ca", "file", "The CA, PEM, that signed the provider's certificate.", Parse.Text!, null, "this system's CAs");
        var name = section.Optional("name_claim", "name", "The claim that names who changes something, in the history.", ParseName, "sub", "sub");
        var rules = section.Sections(Rules, one => (
            Claim: one.Required<string>("claim", "name", "A claim of the token, such as `groups`.", ParseName),
            Value: one.Required<string>("value", "text", "The value that the claim has, or that its list has.", Parse.Text),
            Grant: BindGrant(one)));
        section.Close();
        if (issuer is null)
        {
            foreach (var (key, isSet) in new[] { ("audience", audience is not null), ("ca", ca is not null), (Rules, rules.Count > 0) })
            {
                if (isSet)
                {
                    section.Problem(key, "issuer is not set, so no such token is taken");
                }
            }

            return null;
        }

        if (audience is null)
        {
            section.Problem("issuer", "audience must be set too: without it a token for any other service of the provider would be taken");
            return null;
        }

        var authorities = ca is null ? null : ReadAuthorities(section, "ca", ca);
        return new OidcSettings
        {
            Issuer = issuer,
            Audience = audience,
            AuthorityText = authorities?.Text,
            Authorities = authorities?.Authorities,
            NameClaim = name,
            Rules = [.. rules.Where(rule => rule is { Claim: not null, Value: not null }).Select(rule => new OidcRule(rule.Claim!, rule.Value!, rule.Grant))],
        };
    }

    private static Grant BindGrant(ConfigurationSection section) => new(
        section.Required<Role>("role", "`viewer`, `operator` or `admin`", "What it may do: look; change machines; handle tokens too.",
            Parse.OneOf((RoleNames.Of(Role.Viewer), Role.Viewer), (RoleNames.Of(Role.Operator), Role.Operator), (RoleNames.Of(Role.Admin), Role.Admin))),
        section.Optional("selector", "selector", "The machines that it may change, such as `rack=7,state=installed`.", ParseSelector, Selector.Everything, "all machines"));

    private static (string Text, X509Certificate2Collection Authorities)? ReadAuthorities(ConfigurationSection section, string key, string file)
    {
        try
        {
            var (text, authorities) = (BoundedFile.ReadText(file, LongestFile), new X509Certificate2Collection());
            authorities.ImportFromPem(text);
            if (authorities.Count > 0)
            {
                return (text, authorities);
            }

            section.Problem(key, $"{file} contains no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            section.Problem(key, $"{file} cannot be used: {e.Reason()}");
        }

        return null;
    }

    private static bool ParseSelector(string text, [MaybeNullWhen(false)] out Selector value, out string problem)
    {
        var isSelector = Selector.TryParse(text, out value, out var why);
        problem = $"is no selector: {why}";
        return isSelector;
    }

    private static bool ParseName(string text, [MaybeNullWhen(false)] out string value, out string problem)
    {
        (value, problem) = (text, $"is not a name: 1 to {LongestName} characters, and none that cannot be seen");
        return text.Length is > 0 and <= LongestName && text == text.Trim() && !text.Any(char.IsControl);
    }

    // OpenID Connect Discovery 1.0 §3: https, and neither query nor fragment.
    private static bool ParseIssuer(string text, [MaybeNullWhen(false)] out string value, out string problem)
    {
        (value, problem) = (text, "is no issuer: a URL like https://login.example/realms/ops, without query and fragment");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "https", UserInfo: "", Query: "", Fragment: "" };
    }
}
