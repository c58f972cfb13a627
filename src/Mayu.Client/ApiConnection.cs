using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mayu.Client;

/// <summary>
/// The way to one server: which certificate is believed, and what to tell an operator when it is not reached.
/// </summary>
internal sealed class ApiConnection
{
    private readonly string _caFile;
    private SslPolicyErrors _certificateErrors;
    private string? _chainProblem;
    private DateTimeOffset? _certificateEnds;
    private bool _isOutOfTime;

    private ApiConnection(Uri server, MayuClientOptions options, X509Certificate2Collection? authorities, SslStreamCertificateContext? certificate = null)
    {
        Server = server;
        Timeout = options.Timeout;
        _caFile = options.CaFile;
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // The server stands in the operator's own network; a proxy out of it would only see the token go by.
            UseProxy = false,
            ConnectTimeout = options.Timeout,
            ConnectCallback = options.Connect,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = authorities is null ? null : OnlyThese(authorities),
                RemoteCertificateValidationCallback = Remember,
                ClientCertificateContext = certificate,
            },
        };
        Handler = options.Log is { } log ? new RequestLog(sockets, log) : sockets;
    }

    /// <summary>Where the server is; ends in a slash.</summary>
    public Uri Server { get; }

    /// <summary>Time for one request.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>When the certificate ends that the server showed last; null where it showed none.</summary>
    public DateTimeOffset? CertificateEnds => _certificateEnds;

    /// <summary>What sends the requests.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>Checks the URL and reads the CA file.</summary>
    public static ApiResult<ApiConnection> Open(MayuClientOptions options)
    {
        if (!options.TryGetUrl(out var server))
        {
            return Reject($"'{options.Server}' is not the URL of a server", null, "expected: a URL like https://mayu.example:4080 (--server or MAYU_SERVER)", null);
        }

        if (OpenCertificate(server, options, out var certificate) is { } wrong)
        {
            return ApiResult<ApiConnection>.Of(wrong);
        }

        // Plain HTTP has no certificate to check. Whether its token crosses a network in the clear, the options tell.
        if (server.Scheme == Uri.UriSchemeHttp || options.CaFile == MayuClientOptions.SystemAuthorities)
        {
            return ApiResult<ApiConnection>.Of(new ApiConnection(server, options, null, certificate));
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.CaFile);
            return authorities.Count > 0
                ? ApiResult<ApiConnection>.Of(new ApiConnection(server, options, authorities, certificate))
                : Reject($"the CA file {options.CaFile} contains no certificate", null, CaAdvice, null);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var isFolder = Directory.Exists(options.CaFile);
            return Reject(
                $"the CA file {options.CaFile} cannot be read",
                isFolder ? "it is a folder; name the file in it" : failed.Message,
                failed is UnauthorizedAccessException && !isFolder ? RightsAdvice : CaAdvice,
                failed);
        }
    }

    /// <summary>Nothing came in time.</summary>
    /// <param name="cause">What ended the wait.</param>
    /// <param name="limit">How long it was waited; null: as the options say.</param>
    public ApiFailure DescribeTimeout(Exception cause, TimeSpan? limit = null) => new(
        ApiFailureKind.Unreachable,
        $"{Server.Authority} did not answer within {(limit ?? Timeout).TotalSeconds:0.#} s",
        null,
        "check the address and firewalls on the way; --timeout allows more time")
    { Cause = cause };

    /// <summary>The request failed on its way.</summary>
    /// <param name="failed">An <see cref="HttpRequestException"/>, or the <see cref="SocketException"/> of a connection that ended while it was looked at.</param>
    public ApiFailure Describe(Exception failed)
    {
        var (kind, title, detail, advice) = (failed as HttpRequestException)?.HttpRequestError switch
        {
            null or HttpRequestError.ConnectionError when failed.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.NotConnected } =>
                ClosedAtOnce(failed),
            HttpRequestError.NameResolutionError =>
                (ApiFailureKind.Unreachable, $"the host name {Server.Host} cannot be resolved", null, "check the server's URL, or use an IP address"),
            HttpRequestError.ConnectionError =>
                (ApiFailureKind.Unreachable, $"no connection to {Server.Authority}", Innermost(failed), "is mayu running there, and is the port right?"),
            HttpRequestError.SecureConnectionError => DescribeTls(failed),
            HttpRequestError.ConfigurationLimitExceeded =>
                (ApiFailureKind.NotMayu, $"the answer from {Server.Authority} is too long", null, (string?)null),
            HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse when Server.Scheme == Uri.UriSchemeHttp =>
                (ApiFailureKind.Unreachable, $"{Server.Authority} did not answer as HTTP does", Innermost(failed), "does the API there use TLS, as it does by default? Then the URL begins with https://"),
            _ => (ApiFailureKind.Unreachable, $"the connection to {Server.Authority} was lost", Innermost(failed), "try again"),
        };
        return new ApiFailure(kind, title, detail, advice) { Cause = failed };
    }

    private const string CaAdvice = "copy the server's keys/ca.pem to this host and pass it with --ca (or MAYU_CA); --ca system uses this system's CAs";

    private const string RightsAdvice = "run this as root or as the service's user on the server, or copy the server's keys/ca.pem and keys/operator-token to files of your own, and pass them with "
        + "--ca and --token-file (or MAYU_CA and MAYU_TOKEN_FILE)";

    private static ApiFailure? OpenCertificate(Uri server, MayuClientOptions options, out SslStreamCertificateContext? certificate)
    {
        certificate = null;
        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        if (server.Scheme == Uri.UriSchemeHttp)
        {
            return new ApiFailure(ApiFailureKind.Settings, $"the client certificate {file} cannot be shown over plain HTTP", null, "use https, or a token");
        }

        try
        {
            // The first is the client's own; the server may need the others to find its way to the CA.
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            certificate = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file), all, offline: true);
            return null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return new ApiFailure(ApiFailureKind.Settings, $"the client certificate {file} cannot be used", Directory.Exists(file) ? "it is a folder; name the file in it" : failed.Message,
                "it must hold the certificate and its unencrypted private key, both PEM: cat alice.crt alice.key > alice.pem (--cert or MAYU_CLIENT_CERT)")
            { Cause = failed };
        }
    }

    private static ApiResult<ApiConnection> Reject(string title, string? detail, string advice, Exception? cause) =>
        ApiResult<ApiConnection>.Of(new ApiFailure(ApiFailureKind.Settings, title, detail, advice) { Cause = cause });

    private static X509ChainPolicy OnlyThese(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Mayu's own authority publishes no revocation list.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static string Innermost(Exception failed) => failed.GetBaseException().Message;

    private bool Remember(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _certificateErrors = errors;
        _chainProblem = chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).FirstOrDefault();
        // Of the server's own certificate: an authority that is out of time is another matter.
        _isOutOfTime = chain is { ChainElements: [{ ChainElementStatus: var own }, ..] } && own.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid));
        _certificateEnds = certificate is X509Certificate2 { NotAfter: var until } ? new DateTimeOffset(until.ToUniversalTime()) : null;
        return errors == SslPolicyErrors.None;
    }

    private (ApiFailureKind Kind, string Title, string? Detail, string? Advice) ClosedAtOnce(Exception failed) =>
        (ApiFailureKind.Unreachable, $"{Server.Authority} closed the connection at once", Innermost(failed),
            "the server may have reached its limit of connections from this address; its log then names api.max_connections_per_client. Try again");

    private (ApiFailureKind Kind, string Title, string? Detail, string? Advice) DescribeTls(Exception failed)
    {
        if (_certificateErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return (ApiFailureKind.Unreachable, $"the certificate of {Server.Authority} is not valid for '{Server.Host}'", null,
                "use a host name or address that is in the certificate");
        }

        if (_isOutOfTime && _certificateEnds is { } ends)
        {
            return (ApiFailureKind.Unreachable, $"the certificate of {Server.Authority} is not valid now: it ends at {ends:yyyy-MM-dd HH:mm} UTC", null,
                "is the clock of this host right (date -u)? If so: replace the files of api.tls_certificate and api.tls_key on the server");
        }

        if (_certificateErrors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var signedBy = _caFile == MayuClientOptions.SystemAuthorities ? "a CA that this system trusts" : $"the CA in {_caFile}";
            return (ApiFailureKind.Unreachable, $"the certificate of {Server.Authority} is not valid, or not signed by {signedBy}",
                _chainProblem, "is this the right server? If it has created a new CA, copy its keys/ca.pem to this host and pass it with --ca");
        }

        // Not a word of TLS came: the server had no connection left for this address, or a firewall is in the way.
        if (failed.InnerException is IOException)
        {
            return ClosedAtOnce(failed);
        }

        return (ApiFailureKind.Unreachable, $"the TLS handshake with {Server.Authority} failed", Innermost(failed),
            "check the port: by default the API is on 4080. If api.tls is false there, the URL begins with http://");
    }

    /// <summary>One line for each request and each answer: no headers, so no token.</summary>
    private sealed class RequestLog(HttpMessageHandler inner, Action<string> log) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var start = Stopwatch.GetTimestamp();
            log($"{request.Method} {request.RequestUri}");
            var response = await base.SendAsync(request, cancellationToken);
            log($"{(int)response.StatusCode} {response.Content.Headers.ContentType} after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
            return response;
        }
    }
}
