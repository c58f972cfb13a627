using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Server.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Mayu.Server.Auth;

/// <summary>
/// Client certificates (RFC 8446 §4.4.2): a handshake asks for one where the configuration has CAs for them, and goes on whatever comes. Which certificate it was is
/// looked at with each request, so that its end, and a name taken off the list, hold at once.
/// </summary>
/// <param name="server">The server's own certificate.</param>
/// <param name="settings">Which client certificates are let in; null: none is asked for.</param>
/// <param name="clock">The time.</param>
internal sealed class ClientCertificates(ServerCertificate server, Func<ClientCertificateSettings?> settings, TimeProvider clock)
{
    // id-kp-clientAuth (RFC 5280 §4.2.1.12).
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly object Key = new();

    /// <summary>How a connection begins.</summary>
    public SslServerAuthenticationOptions Begin(TlsHandshakeCallbackContext handshake)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = server.Chain.Context };
        if (settings() is { } asked)
        {
            options.ClientCertificateRequired = true;
            // A resumed connection shows no certificate anew.
            options.AllowTlsResume = false;
            options.CertificateChainPolicy = OnlyFrom(asked);
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Remember(handshake.Connection, asked, certificate, ProblemOf(chain, errors));
        }

        return options;
    }

    /// <summary>Whether a certificate was asked for, and shown.</summary>
    public bool IsShown(HttpContext context) => settings() is not null && ShownBy(context) is not null;

    /// <summary>Who showed a certificate.</summary>
    /// <param name="context">The request.</param>
    /// <param name="why">Why its certificate is not taken, as the end of a sentence; null where there is none, or it is taken.</param>
    public Caller? Find(HttpContext context, out string? why)
    {
        why = null;
        if (settings() is not { } asked || ShownBy(context) is not { } shown)
        {
            return null;
        }

        var name = CommonName(shown.Certificate);
        Grant? grant = null;
        why = shown.Problem is { } problem ? $"its certificate is not valid here: {problem}"
            : shown.AuthorityText != asked.AuthorityText ? "the configuration has other CAs for client certificates since this connection began; connect anew"
            : clock.GetUtcNow() > new DateTimeOffset(shown.Certificate.NotAfter.ToUniversalTime()) ? "its certificate has expired"
            : name is null ? "its certificate's subject does not have one common name (CN)"
            : asked.Clients.TryGetValue(name, out grant) ? null
            : $"auth.client_certificates has no client named {name}";
        return grant is null ? null : Caller.OfCertificate(name!, grant);
    }

    private static Shown? ShownBy(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var item) is true ? item as Shown : null;

    // The handshake goes on: who shows a wrong certificate is told so, request by request, and may have a token.
    private static bool Remember(BaseConnectionContext connection, ClientCertificateSettings asked, X509Certificate? certificate, string? problem)
    {
        if (certificate is X509Certificate2 shown)
        {
            connection.Items[Key] = new Shown(shown, asked.AuthorityText, problem);
        }

        return true;
    }

    private static string? ProblemOf(X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? null : chain?.ChainStatus.FirstOrDefault().StatusInformation?.Trim() ?? errors.ToString();

    private static X509ChainPolicy OnlyFrom(ClientCertificateSettings settings)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Who is no longer let in is taken off the list in the configuration.
            RevocationMode = X509RevocationMode.NoCheck,
            // A stranger's certificate must not make the server ask some other server.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(settings.Authorities);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        return policy;
    }

    // Of two, nobody knows which one the CA vouched for.
    private static string? CommonName(X509Certificate2 certificate)
    {
        try
        {
            var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3").Select(part => part.GetSingleElementValue()).Take(2).ToList();
            return names is [{ } one] ? one : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The certificate of a connection.</summary>
    /// <param name="Certificate">The certificate.</param>
    /// <param name="AuthorityText">The authorities that it was held against.</param>
    /// <param name="Problem">What is wrong with it; null: nothing.</param>
    private sealed record Shown(X509Certificate2 Certificate, string AuthorityText, string? Problem);
}
