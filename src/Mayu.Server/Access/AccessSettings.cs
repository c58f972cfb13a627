namespace Mayu.Server.Access;

/// <summary>Who is let in to the API besides those with a token of its own.</summary>
internal sealed record AccessSettings
{
    /// <summary>From where the first Mayu's clients are answered without a token.</summary>
    public LegacyClients LegacyClients { get; init; } = LegacyClients.None;

    /// <summary>The client certificates that are let in; null: no handshake asks for one.</summary>
    public ClientCertificateSettings? Certificates { get; init; }

    /// <summary>The OpenID provider whose tokens are taken; null: none.</summary>
    public OidcSettings? Oidc { get; init; }
}
