using Mayu.Server.Access;

namespace Mayu.Server.Auth;

/// <summary>Finds who asks: by a token of the server's own, a token of the OpenID provider, or a client certificate.</summary>
internal sealed class Callers : IDisposable
{
    private readonly ApiKeys _keys;
    private readonly Func<AccessSettings> _settings;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private (OidcSettings Settings, OidcTokens Tokens)? _oidc;

    /// <summary>Begins.</summary>
    /// <param name="keys">The server's own certificate and tokens.</param>
    /// <param name="settings">Who else is let in; asked for each request.</param>
    /// <param name="clock">The time.</param>
    public Callers(ApiKeys keys, Func<AccessSettings> settings, TimeProvider clock)
    {
        (_keys, _settings, _clock) = (keys, settings, clock);
        Certificates = new ClientCertificates(keys.Certificate, () => settings().Certificates, clock);
    }

    /// <summary>The client certificates.</summary>
    public ClientCertificates Certificates { get; }

    /// <summary>Finds who asks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="sent">The token that came with it; null: none. With a token, the certificate does not count.</param>
    /// <returns>The caller; or null, and why, as the end of a sentence.</returns>
    public ValueTask<(Caller? Caller, string? Why)> FindAsync(HttpContext context, string? sent)
    {
        if (sent is null)
        {
            var caller = Certificates.Find(context, out var why);
            return ValueTask.FromResult((caller, why ?? (caller is null ? "it has no token" : null)));
        }

        if (_settings().Oidc is { } oidc && OidcTokens.IsShapedSo(sent))
        {
            return new ValueTask<(Caller? Caller, string? Why)>(ProviderOf(oidc).FindAsync(sent, oidc));
        }

        return ValueTask.FromResult(((_keys.Operator.Matches(sent) ? _keys.Operator.Caller : _keys.Tokens.Find(sent)) is { } known
            ? (known, (string?)null) : ((Caller?)null, "its token is unknown, revoked or expired")));
    }

    /// <inheritdoc/>
    public void Dispose() => _oidc?.Tokens.Dispose();

    private OidcTokens ProviderOf(OidcSettings settings)
    {
        lock (_gate)
        {
            if (_oidc is not { } current || !current.Settings.HasKeysOf(settings))
            {
                // The former one may be asked still; it goes with the garbage.
                _oidc = current = (settings, new OidcTokens(settings, _clock));
            }

            return current.Tokens;
        }
    }
}
