using System.Collections.Frozen;
using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mayu.Client.Text;
using Mayu.Server.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Mayu.Server.Auth;

/// <summary>Checks the tokens of one OpenID provider (JWT: RFC 7519, RFC 8725), whose keys it fetches, and fetches again when a token is signed with another.</summary>
internal sealed class OidcTokens : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;
    private const int LongestName = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    // How often the keys are fetched again at most, whoever sends tokens with unknown ones.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    // How long a provider that could not be reached is not asked again: those who wait for it would wait one behind the other.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    // When its keys are fetched again without such a token: one that the provider withdrew ends by then.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    // Signatures that only the provider can make: no shared secret, and not "none" (RFC 8725 §3.1, §3.2).
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly FrozenSet<string> Types = FrozenSet.ToFrozenSet(["JWT", "at+jwt", "application/at+jwt"], StringComparer.OrdinalIgnoreCase);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    private readonly HttpClient _http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;
    private readonly Lock _gate = new();
    private Task<OpenIdConnectConfiguration>? _asked;
    private long _askedAt;

    // Else the token that tells of a new key would be refused, and only the next one taken.
    static OidcTokens() => AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);

    /// <summary>Begins; nothing is asked yet.</summary>
    /// <param name="settings">The provider.</param>
    public OidcTokens(OidcSettings settings)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Patience,
            SslOptions = new() { CertificateChainPolicy = settings.Authorities is { } authorities ? OnlyThese(authorities) : null },
        })
        { Timeout = Patience, MaxResponseContentBufferSize = LongestAnswer };
        _provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            settings.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", new Retriever(settings.Issuer), new HttpDocumentRetriever(_http) { RequireHttps = true })
        {
            RefreshInterval = Interval,
            AutomaticRefreshInterval = Lifetime,
            // A key that the provider has no more signs nothing.
            UseLastKnownGoodConfiguration = false,
        };
    }

    /// <summary>Whether a text looks like such a token, which no token of Mayu's own does: three parts, the first of them a JSON object in base64url.</summary>
    public static bool IsShapedSo(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(c => c == '.') == 2;

    /// <summary>Who has a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="settings">Who may do what.</param>
    /// <returns>The caller, or why it is none, as the end of a sentence.</returns>
    public async Task<(Caller? Caller, string? Why)> FindAsync(string text, OidcSettings settings)
    {
        // Who sends what this provider cannot have signed does not have it asked.
        if (IssuerOf(text) is not { } issuer)
        {
            return (null, "it is not valid");
        }

        if (issuer != settings.Issuer)
        {
            return (null, WhyNot(new SecurityTokenInvalidIssuerException()));
        }

        try
        {
            await ProviderAsync();
        }
        catch (InvalidOperationException e)
        {
            return (null, $"the keys of {settings.Issuer} cannot be fetched: {e.GetBaseException().Message}");
        }

        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ConfigurationManager = _provider,
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience,
            ValidAlgorithms = Algorithms,
            TypeValidator = CheckType,
            ClockSkew = Skew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        });
        if (!result.IsValid)
        {
            return (null, WhyNot(result.Exception));
        }

        if (result.ClaimsIdentity.FindAll(settings.NameClaim).Take(2).ToList() is not [{ Value: { Length: > 0 and <= LongestName } name }]
            || name != name.Trim() || !name.EnumerateRunes().All(PrintableText.IsPrintable))
        {
            return (null, $"its claim {settings.NameClaim} (auth.oidc.name_claim) is no name of 1 to {LongestName} characters");
        }

        return settings.Rules.FirstOrDefault(rule => result.ClaimsIdentity.HasClaim(claim => IsOf(rule, claim))) is { } rule
            ? (Caller.OfOidc(name, rule.Grant), null)
            : (null, $"no rule of auth.oidc.roles fits {name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string? IssuerOf(string text)
    {
        try
        {
            return new JsonWebToken(text).Issuer;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidCastException)
        {
            // No such token: the parts are no base64url, or no JSON, or its issuer is no text.
            return null;
        }
    }

    /// <summary>The provider's own description. One that is of another provider is none, and is not kept.</summary>
    private sealed class Retriever(string issuer) : IConfigurationRetriever<OpenIdConnectConfiguration>
    {
        private readonly OpenIdConnectConfigurationRetriever _inner = new();

        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
        {
            var described = await ((IConfigurationRetriever<OpenIdConnectConfiguration>)_inner).GetConfigurationAsync(address, retriever, cancel);
            // OpenID Connect Discovery 1.0 §4.3.
            return described.Issuer == issuer ? described : throw new InvalidOperationException($"the provider says that it is {described.Issuer}");
        }
    }

    // All who ask while it does not answer wait for the same answer.
    private Task<OpenIdConnectConfiguration> ProviderAsync()
    {
        lock (_gate)
        {
            if (_asked is not { IsCompleted: false } && (_asked is not { IsFaulted: true } || Stopwatch.GetElapsedTime(_askedAt) > Patience + Rest))
            {
                (_asked, _askedAt) = (_provider.GetConfigurationAsync(CancellationToken.None), Stopwatch.GetTimestamp());
            }

            return _asked;
        }
    }

    // ID tokens (OpenID Connect Core 1.0 §2) and access tokens (RFC 9068 §2.1), but not what the provider signs for another purpose, as for a logout (RFC 8725 §3.11).
    private static string CheckType(string? type, SecurityToken token, TokenValidationParameters parameters) =>
        string.IsNullOrEmpty(type) || Types.Contains(type) ? type ?? "" : throw new SecurityTokenInvalidTypeException();

    // A list has one claim for each of its entries.
    private static bool IsOf(OidcRule rule, Claim claim) => claim.Type == rule.Claim && claim.Value == rule.Value;

    private static string WhyNot(Exception failed) => failed switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet: are the clocks right?",
        SecurityTokenInvalidAudienceException => "it is for another service: its aud is not auth.oidc.audience",
        SecurityTokenInvalidIssuerException => "it is of another provider: its iss is not auth.oidc.issuer",
        SecurityTokenSignatureKeyNotFoundException => "the provider has no key that signed it",
        SecurityTokenInvalidAlgorithmException => "it is signed by a method that is not allowed",
        SecurityTokenInvalidTypeException => "it is neither an ID token nor an access token",
        SecurityTokenNoExpirationException => "it has no time of expiry",
        SecurityTokenInvalidSignatureException => "its signature is wrong",
        _ => "it is not valid",
    };

    private static X509ChainPolicy OnlyThese(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
