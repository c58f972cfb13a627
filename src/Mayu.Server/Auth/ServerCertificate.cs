using System.Security.Cryptography.X509Certificates;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// The certificate that the API answers with. One that Mayu made is renewed under the same authority before it expires, and once a clock that was
/// wrong is right; of one that it cannot renew it says in time that it ends.
/// </summary>
internal sealed class ServerCertificate
{
    /// <summary>How long before its end a certificate is renewed, or an operator is told.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromDays(30);

    private readonly TimeProvider _clock;
    private readonly Func<DateTimeOffset, X509Certificate2>? _renew;
    private readonly string _remedy;
    private readonly Lock _gate = new();
    private volatile X509Certificate2 _current;
    private volatile string? _trouble;

    private ServerCertificate(X509Certificate2 current, Func<DateTimeOffset, X509Certificate2>? renew, string remedy, TimeProvider clock) =>
        (_current, _renew, _remedy, _clock) = (current, renew, remedy, clock);

    /// <summary>The certificate with its key, valid now where that can be had. For every handshake; it is renewed here.</summary>
    public X509Certificate2 Current
    {
        get
        {
            if (_renew is not null && IsDue(_current, _clock.GetUtcNow()))
            {
                lock (_gate)
                {
                    if (_clock.GetUtcNow() is var now && IsDue(_current, now))
                    {
                        // The former one may be in a handshake still; it goes with the garbage.
                        _current = _renew(now);
                    }
                }
            }

            return _current;
        }
    }

    /// <summary>Whether it is for a host name, which somebody sent and which may be none.</summary>
    public bool IsFor(string host)
    {
        try
        {
            return Current.MatchesHostname(host);
        }
        catch (ArgumentException)
        {
            // It can be no host name: a label is too long, or is no IDNA.
            return false;
        }
    }

    /// <summary>What an operator should know, as a sentence; null where all is well.</summary>
    public string? Remark
    {
        get
        {
            var (current, now) = (Current, _clock.GetUtcNow());
            var (from, until) = ValidityOf(current);
            var what = now < from ? $"is not valid before {from:yyyy-MM-dd HH:mm} UTC, but this host's clock shows {now:yyyy-MM-dd HH:mm}: is the clock right?"
                : now > until ? $"expired at {until:yyyy-MM-dd HH:mm} UTC; this host's clock shows {now:yyyy-MM-dd HH:mm}."
                : now > until - Before ? $"expires at {until:yyyy-MM-dd HH:mm} UTC."
                : null;
            return what is null ? _trouble : $"The certificate of the API {what} {_remedy}";
        }
    }

    /// <summary>One that an operator configured.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is malformed, or the key is another's.</exception>
    public static ServerCertificate Configured(string certificate, string key, TimeProvider clock) =>
        new(X509Certificate2.CreateFromPemFile(certificate, key), renew: null, "Replace the files of api.tls_certificate and api.tls_key, and restart the server.", clock);

    /// <summary>One of Mayu's own; it is made, and its authority with it, where it is missing.</summary>
    /// <param name="files">Where.</param>
    /// <param name="addresses">The addresses that machines and operators know the server by.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="IOException">A file cannot be read or written, or the authority's key is missing where a certificate has to be made.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">What is there is malformed.</exception>
    public static ServerCertificate Own(CertificateFiles files, IReadOnlyCollection<Ipv4> addresses, TimeProvider clock)
    {
        var ca = files.OpenCa();
        var current = files.OpenServer(canRenew: ca is not null);
        if (current is not null && ca is null)
        {
            return new ServerCertificate(current, renew: null,
                "It was created by an earlier version and cannot be renewed: stop the server, remove ca.pem, server.pem and server-key.pem from its folder of keys, start it again, "
                + "and copy the new ca.pem to the hosts of other operators.", clock);
        }

        if (ca is null && files.HasCa)
        {
            throw new IOException(
                "ca.pem exists, but its key ca-key.pem is missing, damaged or does not belong to it, so no certificate can be signed. Restore ca-key.pem, or remove ca.pem too: then a new CA "
                + "is created, and the new ca.pem must be copied to each host with mayuctl.");
        }

        ca ??= files.MakeCa();
        if (current is null || !addresses.All(address => current.MatchesHostname(address.ToString())))
        {
            current = CertificateFiles.MakeServer(ca, addresses, clock.GetUtcNow());
            files.KeepServer(current);
        }

        ServerCertificate? own = null;
        own = new ServerCertificate(current, now => own!.Renewed(files, ca, addresses, now), "Is the clock right?", clock);
        return own;
    }

    private X509Certificate2 Renewed(CertificateFiles files, X509Certificate2 ca, IReadOnlyCollection<Ipv4> addresses, DateTimeOffset now)
    {
        var next = CertificateFiles.MakeServer(ca, addresses, now);
        try
        {
            files.KeepServer(next);
            _trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is good until the server ends, and the next start makes another.
            _trouble = $"The renewed certificate of the API cannot be written: {e.Reason()}. The next start creates another one.";
        }

        return next;
    }

    private static bool IsDue(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, until) = ValidityOf(certificate);
        return now < from || now > until - Before;
    }

    private static (DateTimeOffset From, DateTimeOffset Until) ValidityOf(X509Certificate2 certificate) =>
        (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
}
