using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>The authority and the certificate that Mayu makes for itself (RFC 5280), in files that only their owner can read.</summary>
/// <param name="directory">The folder; it is there.</param>
internal sealed class CertificateFiles(string directory)
{
    /// <summary>How long a server's certificate is valid; the next one is made long before.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    // Whatever the clock says at the first start: the authority is valid then, and once somebody sets the clock right.
    private static readonly DateTimeOffset CaFrom = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset CaUntil = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What clients trust.</summary>
    public string Ca { get; } = Path.Combine(directory, "ca.pem");

    private string CaKey { get; } = Path.Combine(directory, "ca-key.pem");

    private string Server { get; } = Path.Combine(directory, "server.pem");

    private string ServerKey { get; } = Path.Combine(directory, "server-key.pem");

    /// <summary>Whether there is an authority that clients may trust, usable or not.</summary>
    public bool HasCa => File.Exists(Ca);

    /// <summary>The authority with its key; null where there is none, or where its key is missing (an earlier version threw it away) or another's.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public X509Certificate2? OpenCa()
    {
        try
        {
            return File.Exists(Ca) && File.Exists(CaKey) ? X509Certificate2.CreateFromPemFile(Ca, CaKey) : null;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            return null;
        }
    }

    /// <summary>The server's certificate with its key; null where there is none that could be used.</summary>
    /// <param name="canRenew">Whether another can be made; else one that is malformed is an error.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is malformed, or its key is another's.</exception>
    public X509Certificate2? OpenServer(bool canRenew)
    {
        try
        {
            return File.Exists(Ca) && File.Exists(Server) && File.Exists(ServerKey) ? X509Certificate2.CreateFromPemFile(Server, ServerKey) : null;
        }
        catch (Exception e) when (canRenew && IsMalformed(e))
        {
            return null;
        }
    }

    /// <summary>Makes an authority. Clients that trust the former one do not trust what it signs.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public X509Certificate2 MakeCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Mayu CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var ca = request.CreateSelfSigned(CaFrom, CaUntil);
        PrivateFile.Write(CaKey, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFile.Write(Ca, ca.ExportCertificatePem() + "\n");
        return ca;
    }

    /// <summary>Makes a certificate for the server, with a new key.</summary>
    /// <param name="ca">Signs it.</param>
    /// <param name="addresses">The addresses that it is known by.</param>
    /// <param name="now">It is valid from an hour before.</param>
    public static X509Certificate2 MakeServer(X509Certificate2 ca, IEnumerable<Ipv4> addresses, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mayu", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("mayu");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        foreach (var address in addresses)
        {
            names.AddIpAddress(address.ToIPAddress());
        }

        request.CertificateExtensions.Add(names.Build());
        var from = now.AddHours(-1) > CaFrom ? now.AddHours(-1) : CaFrom;
        var until = now + Validity < CaUntil ? now + Validity : CaUntil;
        using var certificate = request.Create(ca, from, until, RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return Loaded(withKey.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Keeps a server's certificate and its key.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void KeepServer(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        PrivateFile.Write(ServerKey, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFile.Write(Server, certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Whether an exception says that a certificate or its key is malformed, or that the key is another's, which the framework calls a wrong argument.</summary>
    public static bool IsMalformed(Exception e) => e is CryptographicException or ArgumentException;

    private static X509Certificate2 Loaded(string certificate, string key) => X509Certificate2.CreateFromPem(certificate, key);
}
