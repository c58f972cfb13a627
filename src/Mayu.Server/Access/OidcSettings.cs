using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Mayu.Server.Access;

/// <summary>An OpenID provider whose tokens are taken (OpenID Connect Core 1.0; RFC 7519, RFC 9068).</summary>
internal sealed record OidcSettings
{
    /// <summary>The provider: what its tokens have as <c>iss</c>. Its keys are found from <c>/.well-known/openid-configuration</c> below it.</summary>
    public required string Issuer { get; init; }

    /// <summary>What the tokens have as <c>aud</c>, or among it: tokens for another service are not taken.</summary>
    public required string Audience { get; init; }

    /// <summary>The PEM of the authorities that signed the provider's certificate, as the file had it; null: those that this system trusts.</summary>
    public string? AuthorityText { get; init; }

    /// <summary>The same, read.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The claim that names who it is, for the history.</summary>
    public required string NameClaim { get; init; }

    /// <summary>Who may do what; the first rule that fits is taken, and whom none fits may do nothing.</summary>
    public required ImmutableArray<OidcRule> Rules { get; init; }

    /// <summary>Whether the keys are looked for at the same place in the same way.</summary>
    public bool HasKeysOf(OidcSettings other) => Issuer == other.Issuer && AuthorityText == other.AuthorityText;
}

/// <summary>What those may do whose token has a claim with a value, or with a list that has it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Value">The value; compared exactly.</param>
/// <param name="Grant">What they may do.</param>
internal sealed record OidcRule(string Claim, string Value, Grant Grant);
