using System.Security.Cryptography.X509Certificates;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// The certificate that Mayu made: it is renewed under the same authority before it expires, and once a clock that was wrong is right.
/// </summary>
internal sealed class OwnCertificate : ServerCertificate
{
    private readonly CertificateFiles _files;
    private readonly X509Certificate2? _ca;
    private readonly IReadOnlyCollection<Ipv4> _addresses;
    private volatile string? _trouble;

    private OwnCertificate(CertificateFiles files, X509Certificate2 current, X509Certificate2? ca, IReadOnlyCollection<Ipv4> addresses, TimeProvider clock)
        : base(CertificateChain.Of(current), clock) => (_files, _ca, _addresses) = (files, ca, addresses);

    /// <inheritdoc/>
    protected override string Remedy => _ca is not null ? "Is the clock right?"
        : "It was created by an earlier version and cannot be renewed: stop the server, remove ca.pem, server.pem and server-key.pem from its folder of keys, start it again, "
        + "and copy the new ca.pem to the hosts of other operators.";

    /// <inheritdoc/>
    protected override string? Trouble => _trouble;

    /// <summary>Opens it; it is made, and its authority with it, where it is missing.</summary>
    /// <param name="files">Where.</param>
    /// <param name="addresses">The addresses that machines and operators know the server by.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="IOException">A file cannot be read or written, or the authority's key is missing where a certificate has to be made.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">What is there is malformed.</exception>
    public static OwnCertificate Open(CertificateFiles files, IReadOnlyCollection<Ipv4> addresses, TimeProvider clock)
    {
        var ca = files.OpenCa();
        var current = files.OpenServer(canRenew: ca is not null);
        if (current is not null && ca is null)
        {
            return new OwnCertificate(files, current, ca: null, addresses, clock);
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

        return new OwnCertificate(files, current, ca, addresses, clock);
    }

    /// <inheritdoc/>
    protected override bool IsDue(CertificateChain chain, DateTimeOffset now)
    {
        if (_ca is null)
        {
            return false;
        }

        var (from, until) = ValidityOf(chain.Leaf);
        return now < from || now > until - Before;
    }

    /// <inheritdoc/>
    protected override CertificateChain? Next(DateTimeOffset now)
    {
        var next = CertificateFiles.MakeServer(_ca!, _addresses, now);
        try
        {
            _files.KeepServer(next);
            _trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is good until the server ends, and the next start makes another.
            _trouble = $"The renewed certificate of the API cannot be written: {e.Reason()}. The next start creates another one.";
        }

        return CertificateChain.Of(next);
    }
}
