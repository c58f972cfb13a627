using System.Collections.Frozen;
using System.Security.Claims;
using System.Text.Json;
using Mayu.Client.Text;
using Mayu.Server.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Mayu.Server.Auth;

/// <summary>Checks the tokens of one OpenID provider (JWT: RFC 7519, RFC 8725), whose keys it fetches, and fetches again when a token is signed with another.</summary>
internal sealed class OidcTokens : IDisposable
{
    private const int LongestName = 128;
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

    private readonly OidcProvider _provider;

    /// <summary>Begins; nothing is asked yet.</summary>
    /// <param name="settings">The provider.</param>
    /// <param name="clock">Tells how much time has passed.</param>
    public OidcTokens(OidcSettings settings, TimeProvider clock) => _provider = new OidcProvider(settings, clock);

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

        TokenValidationResult result;
        try
        {
            var described = await _provider.DescribeAsync();
            result = await ValidateAsync(text, settings, described);
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await _provider.AskAgainAsync(described) is var newer && newer != described)
            {
                result = await ValidateAsync(text, settings, newer);
            }
        }
        catch (IOException e)
        {
            return (null, $"the keys of {settings.Issuer} cannot be fetched: {e.Message}");
        }

        if (!result.IsValid)
        {
            return (null, WhyNot(result.Exception));
        }

        if (result.ClaimsIdentity.FindAll(settings.NameClaim).Take(2).ToList() is not [{ Value: { Length: > 0 and <= LongestName } name }]
            || name != name.Trim() || !name.EnumerateRunes().All(PrintableText.IsPrintable))
        {
            return (null, $"its claim {settings.NameClaim} (auth.oidc.name_claim) is no name: 1 to {LongestName} characters, all of them printable, and no space around them");
        }

        return settings.Rules.FirstOrDefault(rule => result.ClaimsIdentity.HasClaim(claim => IsOf(rule, claim))) is { } rule
            ? (Caller.OfOidc(name, rule.Grant), null)
            : (null, $"no rule of auth.oidc.roles fits {name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _provider.Dispose();

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

    private static Task<TokenValidationResult> ValidateAsync(string text, OidcSettings settings, OpenIdConnectConfiguration described) => Handler.ValidateTokenAsync(text, new TokenValidationParameters
    {
        IssuerSigningKeys = described.SigningKeys,
        ValidIssuer = settings.Issuer,
        ValidAudience = settings.Audience,
        ValidAlgorithms = Algorithms,
        TypeValidator = CheckType,
        ClockSkew = Skew,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
    });

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
}
