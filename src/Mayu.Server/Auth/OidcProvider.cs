using System.Security.Cryptography.X509Certificates;
using Mayu.Server.Access;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Mayu.Server.Auth;

/// <summary>
/// What an OpenID provider says of itself, with its keys: fetched when the first token comes, again after an hour, and when a token was signed with another key.
/// A provider that is away is no reason to forget what it said.
/// </summary>
/// <param name="settings">The provider.</param>
/// <param name="clock">Tells how much time has passed.</param>
internal sealed class OidcProvider(OidcSettings settings, TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // How long the provider is not asked again, whoever sends tokens with unknown keys, and however many wait for one that does not answer.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    // The same while its former keys serve: each question to one that hangs has everybody with such a token wait.
    private static readonly TimeSpan LongRest = TimeSpan.FromMinutes(1);

    // A key that the provider withdrew signs nothing any more after so long.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Patience,
        SslOptions = new() { CertificateChainPolicy = settings.Authorities is { } authorities ? OnlyThese(authorities) : null },
    })
    { Timeout = Patience, MaxResponseContentBufferSize = LongestAnswer };

    private readonly Lock _gate = new();
    private volatile OpenIdConnectConfiguration? _known;
    private Task<OpenIdConnectConfiguration>? _fetch;
    private bool _wasAgain;
    private long _asked;
    private long _fetched;

    /// <summary>What it said last, and not more than an hour ago where it can be asked.</summary>
    /// <exception cref="IOException">It was never reached, or is another one.</exception>
    public async Task<OpenIdConnectConfiguration> DescribeAsync()
    {
        if (_known is { } known && clock.GetElapsedTime(Interlocked.Read(ref _fetched)) < Lifetime)
        {
            return known;
        }

        try
        {
            return await AskAsync(isAgain: false);
        }
        catch (IOException) when (_known is { } former)
        {
            // What it said last is enough while it is away (ADR 52).
            return former;
        }
    }

    /// <summary>What it says now, unless it was asked a moment ago; else what it said last.</summary>
    public async Task<OpenIdConnectConfiguration> AskAgainAsync(OpenIdConnectConfiguration known)
    {
        try
        {
            return await AskAsync(isAgain: true);
        }
        catch (IOException)
        {
            // The token is then refused: no key that is known signed it.
            return known;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // All who ask at the same time wait for the same answer. After a failure, or when it was asked again, there is a rest.
    private Task<OpenIdConnectConfiguration> AskAsync(bool isAgain)
    {
        lock (_gate)
        {
            var rests = _fetch is { IsCompleted: true } && (_fetch.IsFaulted || (isAgain && _wasAgain))
                && clock.GetElapsedTime(Interlocked.Read(ref _asked)) <= (_fetch.IsFaulted && _known is not null ? LongRest : Rest);
            if (_fetch is null || (_fetch.IsCompleted && !rests))
            {
                (_fetch, _wasAgain) = (FetchAsync(), isAgain);
            }

            return _fetch;
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync()
    {
        var described = await ReadAsync();
        // OpenID Connect Discovery 1.0 §4.3.
        if (described.Issuer != settings.Issuer)
        {
            throw new IOException($"the provider says that it is {described.Issuer}");
        }

        Interlocked.Exchange(ref _fetched, clock.GetTimestamp());
        return _known = described;
    }

    private async Task<OpenIdConnectConfiguration> ReadAsync()
    {
        try
        {
            return await OpenIdConnectConfigurationRetriever.GetAsync(
                settings.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", new HttpDocumentRetriever(_http) { RequireHttps = true }, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever a provider answers: who asks is told why its tokens are not taken.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new IOException(e.GetBaseException().Message, e);
        }
        finally
        {
            Interlocked.Exchange(ref _asked, clock.GetTimestamp());
        }
    }

    private static X509ChainPolicy OnlyThese(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
